"""`python -m derisk` is the command line."""

from derisk.cli import main

main()
