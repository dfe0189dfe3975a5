"""What Hydra knows of the run that this process makes: its folder, what was typed, whether it is one of a sweep."""

from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import OmegaConf

from scratchlab.tracking import JOURNAL, read_start
from scratchlab.tracking.journal.records import Start


def run_folder() -> Path:
    """Return the folder that everything of this run goes into."""
    return Path(HydraConfig.get().runtime.output_dir)


def sweep_folder() -> Path:
    """Return the folder of the sweep that this run is one of."""
    return Path(HydraConfig.get().sweep.dir)


def chosen_options() -> dict[str, str]:
    """Return the option that was chosen of each group: `{"optimizer": "adam", ...}`."""
    return {
        group: str(option)
        for group, option in HydraConfig.get().runtime.choices.items()
        if not group.startswith("hydra/") and option is not None
    }


def typed_overrides() -> list[str]:
    """Return the overrides of the command line, unresolved: what comes from the environment may be a secret."""
    typed = OmegaConf.to_container(HydraConfig.get().overrides.task)
    assert isinstance(typed, list)
    return [str(override) for override in typed]


def is_child() -> bool:
    """Tell whether this run is one of a sweep."""
    return HydraConfig.initialized() and HydraConfig.get().mode is RunMode.MULTIRUN


def runs_alone() -> bool:
    """Tell whether this process is the one that a person started, and not one of several workers of a sweep."""
    return not HydraConfig.initialized() or HydraConfig.get().runtime.choices["hydra/launcher"] == "basic"


def sweep_start() -> Start | None:
    """Return how the run of the sweep started that this process works on, None outside of a sweep."""
    folder = sweep_folder()
    return read_start(folder) if is_child() and (folder / JOURNAL).exists() else None
