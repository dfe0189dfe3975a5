"""The embedded data set: 1,797 handwritten digits of 8x8 pixels that come with scikit-learn.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
1998 (its test part). https://archive.ics.uci.edu/dataset/80
"""

from scratchlab.arguments import flag
from scratchlab.data.dataset import Dataset
from scratchlab.data.files.packaged import packaged_file, parse_rows
from scratchlab.data.preparation import Preparation

_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
_NUM_TEST = 360


def digits(
    *,
    num_val: int = 300,
    limit_train: int | None = None,
    limit_test: int | None = None,
    preprocessing: str = "scale",
    verify_checksum: bool = True,
) -> Dataset:
    """Read the 8x8 digits from the installed scikit-learn.

    Pixels are 0 (paper) to 16 (ink), not 0 to 255, so `preprocessing="scale"` divides by 16, and a model
    trained on them has to be asked with pixels from 0 to 16. The last 360 images are the test split.

    `num_val`, `limit_train`, `limit_test` and `preprocessing` are explained with `Preparation`. `verify_checksum`
    demands the file as it is known; False accepts any other in the same format.

    Raises:
        ArgumentError: an argument is out of range.
        DataFileError: the file is damaged or another one.
        DataUnavailableError: scikit-learn is not installed, or came without the file.
    """
    preparation = Preparation(
        num_val=num_val, limit_train=limit_train, limit_test=limit_test, preprocessing=preprocessing
    )
    flag(verify_checksum=verify_checksum)
    file = packaged_file("sklearn", "datasets/data/digits.csv.gz", distribution="scikit-learn")
    if verify_checksum:
        file.verify(_SHA256)
    everything = parse_rows(file, shape=(8, 8), more_than=_NUM_TEST)
    num_train = len(everything) - _NUM_TEST
    return preparation.dataset(
        train=everything.part(0, num_train),
        test=everything.part(num_train, None),
        name="digits",
        max_pixel=16,
        class_names=tuple("0123456789"),
        digest=file.sha256,
        source=file.path.parent,
    )
