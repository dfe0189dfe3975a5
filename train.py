"""Train a network: `python train.py optimizer=adam model.hidden=500`; `python train.py --help` shows the rest."""

from omegaconf import DictConfig

from scratchlab.app import launch


def train(config: DictConfig) -> float:
    """Train what `config` composes and return the accuracy that a sweep compares runs by."""
    # Imported here: --help and tab completion need none of it, and should answer at once.
    from scratchlab.app.training import train

    return train(config)


if __name__ == "__main__":
    launch(train)
