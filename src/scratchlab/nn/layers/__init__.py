"""Layers: what a network is a stack of."""
