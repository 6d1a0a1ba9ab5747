# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
"""`python -m golden` is `golden`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
