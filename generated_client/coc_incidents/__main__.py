# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""`python -m coc_incidents` is `coc-incidents`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
