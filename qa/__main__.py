"""``python -m qa``: the command ``qa``."""

from qa.cli import main

main()
