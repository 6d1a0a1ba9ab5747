# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What no spec can tell: signing, sending, retrying, decoding, paging, filters. Copied into every generated client."""
