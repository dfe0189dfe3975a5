"""k-nearest neighbors from scratch in NumPy, and nothing else.

- `classifier`: the classifier
- `metric`: distances between examples
- `scores`: lower bounds on all distances from one matrix product
- `search`: exact search: bounds make a shortlist, exact arithmetic ranks it
- `vote`: the majority vote, and who wins a tie
- `cross_validation`: the accuracy of several k
"""

from scratchlab.neighbors.classifier import KNearestNeighbors
from scratchlab.neighbors.cross_validation import cross_validate
from scratchlab.neighbors.search import NeighborSearch
from scratchlab.neighbors.vote import vote

__all__ = ["KNearestNeighbors", "NeighborSearch", "cross_validate", "vote"]
