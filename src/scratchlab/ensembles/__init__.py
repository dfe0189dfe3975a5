"""Several networks that vote.

- `command`: the command behind ensemble.py
- `ensemble`: the members, and the mean of their class probabilities
"""
