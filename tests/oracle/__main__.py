"""`python -m tests.oracle`: remake the golden trails."""

from .make_trails import main

main()
