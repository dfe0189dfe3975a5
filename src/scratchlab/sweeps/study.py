"""The study of a search, in a file that all processes of the sweep share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optuna import Study
    from optuna.pruners import BasePruner

STUDY = "study.journal"
"""The file in the sweep's folder."""
NAME = "sweep"
OVERRIDES = "overrides"
"""The attribute of a trial with what its first run is given: how a run finds its trial."""
AGAIN = "again"
"""The attribute of a trial that takes the place of one that was cut short."""


def open_study(folder: Path, *, pruner: BasePruner | None = None) -> Study:
    """Return the study in the folder of a sweep, made if it is not there: of accuracies, the higher the better."""
    # Loaded here: most runs are no trials, and it takes half a second.
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    from scratchlab.sweeps.study_lock import StudyLock

    journal = folder / STUDY
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal), StudyLock(journal))),
        study_name=NAME,
        direction="maximize",
        load_if_exists=True,
        pruner=pruner,
    )
