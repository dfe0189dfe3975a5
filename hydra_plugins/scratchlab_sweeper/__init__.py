"""Scratchlab's sweeper, where Hydra looks for plugins, and the plans it can follow."""
