"""Scratchlab's sweepers, where Hydra looks for plugins."""

from hydra_plugins.scratchlab_sweeper.grid import GridSweeper

__all__ = ["GridSweeper"]
