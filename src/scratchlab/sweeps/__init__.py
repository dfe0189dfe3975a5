"""Sweeps: which runs they make, how these are started, and what becomes of them."""
