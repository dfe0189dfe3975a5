"""Where a run comes from, as MLflow's tags: who ran which script, from which commit."""

import getpass
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType

COMMIT = "mlflow.source.git.commit"
DIRTY = "scratchlab.git_dirty"
SHOWN = 8
"""So many characters of a commit are shown, as git does."""


@cache
def own_tags() -> Mapping[str, str]:
    """Return the tags of this process as they were when it was first asked: it runs the code that it has loaded."""
    return MappingProxyType(source_tags())


def source_tags() -> dict[str, str]:
    """Return the tags of a process that starts now: its script, its user and, inside a git repository, the commit."""
    script = Path(sys.argv[0]).resolve()
    tags = {"mlflow.source.name": script.name, "mlflow.source.type": "LOCAL"}
    with suppress(KeyError, OSError):  # a container's user may have no name
        tags["mlflow.user"] = getpass.getuser()
    return tags | git_tags(script.parent)


def git_tags(folder: Path) -> dict[str, str]:
    """Return the commit of the repository around `folder`, and whether its files differ from it.

    A file that git neither knows nor ignores counts as a difference: it may be the layer that was tried. Outside
    a repository, or without git, or before the first commit, there are no tags.
    """
    command = ["git", "--no-optional-locks", "-C", str(folder), "status", "--porcelain=v2", "--branch"]
    try:
        status = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    headers = [line for line in status.splitlines() if line.startswith("# ")]
    commit = headers[0].removeprefix("# branch.oid ")
    if commit == "(initial)":
        return {}
    is_dirty = len(status.splitlines()) > len(headers)
    return {COMMIT: commit, DIRTY: str(is_dirty).lower()}


def code_version(tags: Mapping[str, str]) -> str | None:
    """Return what these tags say of the code: `1a2b3c4d`, `1a2b3c4d and changes`, or None for nothing."""
    if COMMIT not in tags:
        return None
    return tags[COMMIT][:SHOWN] + (" and changes" if tags.get(DIRTY) == "true" else "")
