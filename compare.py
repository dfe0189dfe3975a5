"""Compare past runs: `python compare.py outputs/DATE/TIME-sweep`, or the ids of runs in MLflow."""

import sys

try:
    from scratchlab.compare.command import main
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
