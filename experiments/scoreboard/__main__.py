"""Write the scoreboard: `python -m experiments.scoreboard`; with `--run`, run first what is missing."""

import sys

try:
    from experiments.scoreboard.command import main
except ModuleNotFoundError as error:
    if (error.name or "").startswith("scratchlab."):
        raise
    raise SystemExit(
        f"{error}. Type `make setup` once, and `source .venv/bin/activate` in each shell."
    ) from None
except KeyboardInterrupt:
    raise SystemExit(130) from None

if __name__ == "__main__":
    sys.exit(main())
