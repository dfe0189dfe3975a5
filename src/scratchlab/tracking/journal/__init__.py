"""The journal of a run: an append-only file that a kill cannot take back."""
