"""Fashion-MNIST: 60,000 and 10,000 pictures of clothes, of the size and in the files of MNIST, but harder.

Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
Algorithms", arXiv:1708.07747, 2017. https://github.com/zalandoresearch/fashion-mnist
"""

from collections.abc import Sequence
from pathlib import Path

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.preparation import Preparation
from scratchlab.data.sources.idx_dataset import idx_dataset

_CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

_MD5 = {
    "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
}
"""Of the uncompressed bytes. The project publishes the MD5 of the packed files and no SHA-256; these are four lists of
other people, which agree, of what they unpacked from files of those published digests."""


def fashion_mnist(
    *,
    root: Path,
    mirrors: Sequence[str] = (),
    num_val: int = 10_000,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify_checksum: bool = True,
) -> Dataset:
    """Read Fashion-MNIST from `root/data/fashion_mnist`, `root/../shared/data/fashion_mnist` or `mirrors`.

    `root` is the folder of the project; `mirrors` are URLs of folders that hold the four files, gzipped.
    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`. `verify_checksum`
    demands the files of 2017 by their MD5, which tells damage and another data set, but not a forgery; False
    accepts any images in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: a file is there but is damaged or another one; it is left as it is.
        DataUnavailableError: a file is neither there nor on any of the mirrors.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify_checksum=verify_checksum)
    return idx_dataset(
        "fashion_mnist",
        preparation,
        root=root,
        mirrors=mirrors,
        class_names=_CLASS_NAMES,
        digests=_MD5 if verify_checksum else None,
        algorithm="md5",
    )
