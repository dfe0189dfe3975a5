"""Check a network before training it: `python check.py model.hidden=500 regularization.dropout=0.2`."""

try:
    from omegaconf import DictConfig

    from scratchlab.app import launch
except ModuleNotFoundError as error:
    raise SystemExit(
        f"{error}: type `make setup` once and `source .venv/bin/activate` in each shell"
    ) from None
except KeyboardInterrupt:
    raise SystemExit(130) from None


def check(config: DictConfig) -> None:
    """Run the debugging checklist on what `config` composes."""
    # Imported here: --help and tab completion need none of it, and should answer at once.
    from scratchlab.app.checking import check

    check(config)


if __name__ == "__main__":
    launch(check)
