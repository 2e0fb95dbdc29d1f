"""``python -m index``: rebuild the index, or one of the other commands of ``index.cli``."""

import sys

from index.cli import commands, run

arguments = sys.argv[1:]
if not arguments or (arguments[0].startswith("-") and arguments[0] != "--help"):
    arguments.insert(0, "rebuild")
sys.exit(run(commands, arguments))
