"""Check a network before training it: `python check.py model.hidden=500 regularization.dropout=0.2`."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from scratchlab.config.launch import launch
except ModuleNotFoundError as error:
    if (error.name or "").startswith("scratchlab."):
        raise
    raise SystemExit(
        f"{error}. Type `make setup` once, and `source .venv/bin/activate` in each shell."
    ) from None
except KeyboardInterrupt:
    raise SystemExit(130) from None

if TYPE_CHECKING:
    from omegaconf import DictConfig


def check(config: DictConfig) -> None:
    """Run the debugging checklist on what `config` composes."""
    # Imported here: --help and tab completion need none of it, and should answer at once.
    from scratchlab.tasks.check import check

    check(config)


if __name__ == "__main__":
    launch(check)
