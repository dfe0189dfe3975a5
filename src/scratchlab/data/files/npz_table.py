"""NPZ files with the arrays `inputs` (N, ...) and `targets` (N,). N examples."""

import hashlib
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scratchlab.data.class_names import class_ids
from scratchlab.data.errors import DataFileError
from scratchlab.data.files.csv_table import Read
from scratchlab.data.files.memory import demand_memory

_INPUTS, _TARGETS = "inputs", "targets"
_ADVICE = "save it with np.savez(FILE, inputs=..., targets=...)"
_VALUE_BYTES = 12
"""Of every number: as it is read, in its split, and as an input; each as float32."""


def read_npz(path: Path) -> Read:
    """Read a file as `np.savez` and `np.savez_compressed` write it. Nothing in it is unpickled.

    Images are (N, H, W), or (N, C, H, W) with 1 or 3 channels.

    Raises:
        DataFileError: it is no such file; the message names the array and the example.
    """
    try:
        with path.open("rb") as stored, zipfile.ZipFile(stored) as archive:
            _demand_arrays(path, archive)
            contents = [archive.read(f"{name}.npy") for name in (_INPUTS, _TARGETS)]
    except DataFileError:
        raise
    except OSError as error:
        raise DataFileError(path, "a readable file", f"{error.strerror or error}") from error
    # Damaged, encrypted, packed in an unknown way, an array that breaks off: what NumPy and zipfile make of them.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise DataFileError(path, "a sound .npz file", f"something else ({error})", advice=_ADVICE) from error
    try:
        inputs, targets = (np.load(BytesIO(content), allow_pickle=False) for content in contents)
    except (ValueError, EOFError, OSError) as error:
        raise DataFileError(path, "sound arrays", f"damaged ones ({error})", advice=_ADVICE) from error
    digest = hashlib.sha256(b"".join(contents)).hexdigest()
    ids, names = _classes(path, targets)
    return _values(path, inputs), ids, names, digest


def _demand_arrays(path: Path, archive: zipfile.ZipFile) -> None:
    """Demand, by what their headers say, two arrays that belong together and fit into memory."""
    names = [name.removesuffix(".npy") for name in archive.namelist()]
    if not {_INPUTS, _TARGETS} <= set(names):
        found = ", ".join(names[:5]) or "none"
        raise DataFileError(path, f"the arrays {_INPUTS} and {_TARGETS}", found, advice=_ADVICE)
    (inputs_shape, inputs_type), (targets_shape, targets_type) = (
        _header(path, archive, name) for name in (_INPUTS, _TARGETS)
    )
    if inputs_type.kind not in "biuf":
        raise DataFileError(path, f"numbers in {_INPUTS}", f"{inputs_type}", advice=_advice(inputs_type))
    if targets_type.kind not in "biuUS":
        raise DataFileError(
            path, f"whole numbers or words in {_TARGETS}", f"{targets_type}", advice=_advice(targets_type)
        )
    _demand_shapes(path, inputs_shape, targets_shape)
    sizes = [archive.getinfo(f"{name}.npy").file_size for name in (_INPUTS, _TARGETS)]
    needed = sum(sizes) + _VALUE_BYTES * int(np.prod(inputs_shape, dtype=object))
    demand_memory(path, needed, advice="take fewer examples or smaller ones")


def _header(path: Path, archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and the type of an array without reading it."""
    with archive.open(f"{name}.npy") as array:
        version = np.lib.format.read_magic(array)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }.get(version)
        if read is None:
            raise DataFileError(path, "NPY format 1.0 or 2.0", f"{version} in {name}", advice=_ADVICE)
        shape, _, dtype = read(array)
    return shape, dtype


def _demand_shapes(path: Path, inputs: tuple[int, ...], targets: tuple[int, ...]) -> None:
    if len(targets) != 1 or inputs[:1] != targets:
        raise DataFileError(
            path,
            f"{_INPUTS} of shape (N, ...) and {_TARGETS} of shape (N,)",
            f"{inputs} and {targets}",
        )
    if 0 in inputs or len(inputs) == 1:
        raise DataFileError(path, f"examples of at least one number in {_INPUTS}", f"shape {inputs}")
    if len(inputs) > 4 or (len(inputs) == 4 and inputs[1] not in {1, 3}):
        is_last = len(inputs) == 4 and inputs[3] in {1, 3}
        raise DataFileError(
            path,
            f"{_INPUTS} of shape (N, D), (N, H, W) or (N, 3, H, W)",
            f"{inputs}",
            advice="np.moveaxis(inputs, -1, 1) puts the channels first" if is_last else "",
        )


def _advice(dtype: np.dtype[Any]) -> str:
    if dtype.kind == "O":
        return "nothing is unpickled: convert it to numbers or words before saving it"
    return "convert it with .astype(int)" if dtype.kind == "f" else ""


def _classes(path: Path, targets: NDArray[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    if targets.dtype.kind == "S":
        targets = np.char.decode(targets, "utf-8", "replace")
    labels = [str(label) for label in targets.tolist()]
    if "" in labels:
        raise DataFileError(
            path, f"a label for each example in {_TARGETS}", f"none at index {labels.index('')}"
        )
    return class_ids(labels)


def _values(path: Path, inputs: NDArray[Any]) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Return the inputs as 8-bit or real numbers, gray images without their one channel."""
    if inputs.ndim == 4 and inputs.shape[1] == 1:
        inputs = inputs[:, 0]
    if inputs.dtype == np.uint8:
        return inputs
    with np.errstate(over="ignore"):
        values = inputs.astype(np.float32)
    finite = np.isfinite(values).reshape(len(values), -1).all(axis=1)
    if not finite.all():
        index = int(finite.argmin())
        example = inputs[index].ravel()
        wrong = example[~np.isfinite(values[index].ravel())][0]
        raise DataFileError(
            path, f"finite numbers in {_INPUTS}", f"{wrong} at index {index}", advice="remove the example"
        )
    return values
