"""`python -m factdesk` is `factdesk`."""

import sys

from factdesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
