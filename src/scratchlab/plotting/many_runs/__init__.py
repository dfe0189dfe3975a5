"""Figures that compare runs."""
