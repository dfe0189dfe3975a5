"""Runs that did not start: Hydra has made a folder for them, and nothing came into it."""

import shutil
from pathlib import Path

NOTES = ".hydra"
"""Where Hydra writes the configuration of a run, before the run starts."""


def remove_unstarted(folder: Path, *, within: Path) -> None:
    """Remove the folder of a run that recorded nothing, and those around it that are empty now, up to `within`.

    A folder with anything but Hydra's notes in it stays as it is.
    """
    try:
        if {path.name for path in folder.iterdir()} <= {NOTES}:
            shutil.rmtree(folder / NOTES, ignore_errors=True)
            folder.rmdir()
            for parent in folder.parents:
                if within not in parent.parents:
                    break
                parent.rmdir()
    except OSError:
        return  # something else is in it
