"""Where the project is: what a person gives as a relative path is relative to the checkout, wherever they are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
"""The folder with train.py, conf/, data/, mlruns/ and outputs/."""
