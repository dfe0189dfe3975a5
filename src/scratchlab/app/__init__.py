"""The apps: Hydra composes a configuration, and tasks turn it into runs."""

from scratchlab.app.launch import launch

__all__ = ["launch"]
