"""Write the scoreboard: `python -m experiments.scoreboard`; with `--run`, run first what is missing."""

import sys

from experiments.scoreboard.command import main

if __name__ == "__main__":
    sys.exit(main())
