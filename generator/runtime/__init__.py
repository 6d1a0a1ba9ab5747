"""What no spec can tell: signing, sending, retrying, decoding, paging, filters. Copied into every generated client."""
