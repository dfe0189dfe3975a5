"""Where the project is: its data and its MLflow store are found from wherever a command is typed."""

from pathlib import Path

from scratchlab.tracking.store.uri import embedded_uri

ROOT = Path(__file__).resolve().parents[3]
"""The folder with train.py, conf/, data/ and mlruns/."""
CONFIG_FOLDER = ROOT / "conf"


def store_uri(uri: str | None) -> str:
    """Return the tracking store that `tracking.uri` names, the embedded one where it names none."""
    return embedded_uri(ROOT) if uri is None else uri
