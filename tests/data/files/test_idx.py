from pathlib import Path

import numpy as np
import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files.idx import parse_idx
from scratchlab.data.files.rawfile import RawFile

# Two images of 1 x 3, written out by hand.
IMAGES = bytes.fromhex("00000803 00000002 00000001 00000003 0001ff 0a0b0c")
LABELS = bytes.fromhex("00000801 00000002 0709")


def parse(content: bytes, ndim: int) -> list[object]:
    values: list[object] = parse_idx(RawFile(Path("some-file"), content), ndim=ndim).tolist()
    return values


def test_worked_example() -> None:
    assert parse(IMAGES, 3) == [[[0, 1, 255]], [[10, 11, 12]]]
    assert parse(LABELS, 1) == [7, 9]


def test_the_array_is_a_read_only_view() -> None:
    array = parse_idx(RawFile(Path("some-file"), LABELS), ndim=1)
    assert array.dtype == np.uint8
    assert not array.flags.writeable


@pytest.mark.parametrize(
    ("content", "ndim", "message"),
    [
        (LABELS, 3, "expected an IDX header of 16 bytes, found 10 bytes in all"),
        (
            IMAGES,
            1,
            r"expected IDX magic number 0x00000801 \(unsigned bytes, dimensions: 1\), found 0x00000803",
        ),
        (b"<!DOCTYPE html><html>", 3, "expected IDX magic number 0x00000803 .*, found 0x3c21444f"),
        (bytes.fromhex("00000d01 00000001 00000000"), 1, "expected IDX magic number .*, found 0x00000d01"),
        (IMAGES[:-1], 3, r"expected 22 bytes \(a header of 16, then 2 x 1 x 3\), found 21"),
        (IMAGES + b"\n", 3, r"expected 22 bytes \(a header of 16, then 2 x 1 x 3\), found 23"),
        (IMAGES[:16], 3, "expected 22 bytes .*, found 16"),
        (bytes.fromhex("00000801 00000000"), 1, "expected at least one element, found an array of 0"),
        (bytes.fromhex("00000803") + b"\xff" * 12, 3, "4294967295 x 4294967295 x 4294967295"),
    ],
)
def test_damaged_files_are_refused(content: bytes, ndim: int, message: str) -> None:
    with pytest.raises(DataFileError, match=f"^some-file: .*{message}"):
        parse(content, ndim)
