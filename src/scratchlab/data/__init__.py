"""Data sets, their files and their mini-batches."""

from scratchlab.data.batches import batches
from scratchlab.data.dataset import Dataset, Split
from scratchlab.data.digits import digits
from scratchlab.data.errors import DataError, DataFileError, DataUnavailableError
from scratchlab.data.mnist import mnist
from scratchlab.data.preprocessing import Preprocessing

__all__ = [
    "DataError",
    "DataFileError",
    "DataUnavailableError",
    "Dataset",
    "Preprocessing",
    "Split",
    "batches",
    "digits",
    "mnist",
]
