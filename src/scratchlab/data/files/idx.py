"""IDX, the format of the MNIST files, for arrays of unsigned bytes.

A big-endian header (the magic number 0x000008nn with nn the number of dimensions, then nn sizes of 32 bits),
followed by the bytes of the array in C order. Source: https://yann.lecun.com/exdb/mnist.
"""

import math
import struct

import numpy as np
from numpy.typing import NDArray

from scratchlab.data.errors import DataFileError
from scratchlab.data.files.rawfile import RawFile

_UNSIGNED_BYTES = 0x0800


def parse_idx(file: RawFile, *, ndim: int) -> NDArray[np.uint8]:
    """Return the array in an IDX file, as a read-only view into the bytes of `file`.

    Raises:
        DataFileError: the magic number is not that of unsigned bytes in `ndim` dimensions, the array has no
            elements, or the length is not the one that the header announces.
    """
    header = struct.Struct(f">{1 + ndim}I")
    if len(file.content) < header.size:
        raise DataFileError(
            file.path, f"an IDX header of {header.size} bytes", f"{len(file.content)} bytes in all"
        )
    magic, *shape = header.unpack_from(file.content)
    if magic != _UNSIGNED_BYTES | ndim:
        raise DataFileError(
            file.path,
            expected=f"IDX magic number 0x{_UNSIGNED_BYTES | ndim:08x} (unsigned bytes, dimensions: {ndim})",
            found=f"0x{magic:08x}",
        )
    sizes = " x ".join(map(str, shape))
    if 0 in shape:
        raise DataFileError(file.path, "at least one element", f"an array of {sizes}")
    length = header.size + math.prod(shape)
    if len(file.content) != length:
        raise DataFileError(
            file.path,
            expected=f"{length} bytes (a header of {header.size}, then {sizes})",
            found=f"{len(file.content)}",
        )
    return np.frombuffer(file.content, np.uint8, offset=header.size).reshape(shape)
