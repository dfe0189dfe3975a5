"""Train a network: `python train.py optimizer=adam model.hidden=500`; `python train.py --help` shows the rest."""

try:
    from hydra.utils import get_method
    from omegaconf import DictConfig

    from scratchlab.app import launch
except ModuleNotFoundError as error:
    raise SystemExit(
        f"{error}: type `make setup` once and `source .venv/bin/activate` in each shell"
    ) from None
except KeyboardInterrupt:
    raise SystemExit(130) from None


def train(config: DictConfig) -> float:
    """Run the task of `config`, training as a rule, and return the accuracy that a sweep compares runs by."""
    # Loaded here: --help and tab completion need none of it, and should answer at once.
    accuracy: float = get_method(config.task)(config)
    return accuracy


if __name__ == "__main__":
    launch(train)
