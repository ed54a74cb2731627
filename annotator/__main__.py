"""`python -m annotator` -> the command line."""

from annotator.cli import main

main()
