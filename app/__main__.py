"""`python -m app`: the same as `trainscope`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
