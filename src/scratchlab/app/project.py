"""Where the project is: its data and its MLflow store are found from wherever a command is typed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
"""The folder with train.py, conf/, data/ and mlruns/."""
