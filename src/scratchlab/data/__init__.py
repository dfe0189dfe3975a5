"""Data sets, their files and their mini-batches."""

from scratchlab.data.augmentation import Augmentation, AugmentedBatches
from scratchlab.data.batches import Batch, Batches, batches
from scratchlab.data.cifar10 import cifar10
from scratchlab.data.dataset import Dataset, Split
from scratchlab.data.digits import digits
from scratchlab.data.errors import DataError, DataFileError, DataUnavailableError
from scratchlab.data.fashion_mnist import fashion_mnist
from scratchlab.data.mnist import mnist
from scratchlab.data.preprocessing import Preprocessing
from scratchlab.data.spiral import spiral

__all__ = [
    "Augmentation",
    "AugmentedBatches",
    "Batch",
    "Batches",
    "DataError",
    "DataFileError",
    "DataUnavailableError",
    "Dataset",
    "Preprocessing",
    "Split",
    "batches",
    "cifar10",
    "digits",
    "fashion_mnist",
    "mnist",
    "spiral",
]
