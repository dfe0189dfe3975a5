"""Data sets, their files, and their mini-batches.

- `sources`: one module per data set
- `files`: find, download, check, unpack, and read the files of data sets
- `augmentation`: distortions of training images, drawn anew each epoch
- `dataset`: what every data set is: three splits, class names, a digest
- `preparation`: from labeled images to a data set
- `preprocessing`: from pixels or other numbers to the inputs of a network
- `stratification`: the division of examples into three splits
- `class_names`: from labels to class ids
- `batches`: mini-batches
- `errors`: what can be wrong with data
"""

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
