"""Data sets, their files and their mini-batches."""

from scratchlab.data.augmentation import Augmentation, AugmentedBatches
from scratchlab.data.batches import Batch, Batches, batches
from scratchlab.data.dataset import Dataset, Split
from scratchlab.data.errors import DataError, DataFileError, DataNotFoundError, DataUnavailableError
from scratchlab.data.preprocessing import Preprocessing
from scratchlab.data.sources.cifar10 import cifar10
from scratchlab.data.sources.digits import digits
from scratchlab.data.sources.fashion_mnist import fashion_mnist
from scratchlab.data.sources.folder import folder
from scratchlab.data.sources.mnist import mnist
from scratchlab.data.sources.mnist_sample import mnist_sample
from scratchlab.data.sources.spiral import spiral
from scratchlab.data.sources.table import table

__all__ = [
    "Augmentation",
    "AugmentedBatches",
    "Batch",
    "Batches",
    "DataError",
    "DataFileError",
    "DataNotFoundError",
    "DataUnavailableError",
    "Dataset",
    "Preprocessing",
    "Split",
    "batches",
    "cifar10",
    "digits",
    "fashion_mnist",
    "folder",
    "mnist",
    "mnist_sample",
    "spiral",
    "table",
]
