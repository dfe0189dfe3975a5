"""Train a network: `python train.py optimizer=adam model.hidden=500`; `python train.py --help` shows the rest."""

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


def train(config: DictConfig) -> float:
    """Run the task of `config`, training as a rule, and return the accuracy that a sweep compares runs by."""
    from hydra.utils import get_method

    # Loaded here: --help and tab completion need none of it, and should answer at once.
    accuracy: float = get_method(config.task)(config)
    return accuracy


if __name__ == "__main__":
    launch(train)
