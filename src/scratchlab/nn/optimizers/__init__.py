"""Optimizers: in-place updates of one flat vector."""
