"""Scratchlab's sweeper, where Hydra looks for plugins. It imports every module here at every start."""
