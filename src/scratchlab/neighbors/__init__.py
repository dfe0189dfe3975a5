"""k-nearest neighbours: exact search, majority votes and the choice of k; NumPy and nothing else."""

from scratchlab.neighbors.classifier import KNearestNeighbors
from scratchlab.neighbors.cross_validation import cross_validate
from scratchlab.neighbors.search import NeighborSearch
from scratchlab.neighbors.vote import vote

__all__ = ["KNearestNeighbors", "NeighborSearch", "cross_validate", "vote"]
