import hashlib
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files import memory
from scratchlab.data.files.npz_table import read_npz

TARGETS = np.array([0, 1, 0, 2])


def put(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "t.npz", **arrays)
    return folder / "t.npz"


def header(shape: tuple[int, ...], descr: str = "|u1") -> bytes:
    """Return the beginning of an array of which the rest is missing."""
    stored = BytesIO()
    np.lib.format.write_array_header_1_0(stored, {"descr": descr, "fortran_order": False, "shape": shape})
    return stored.getvalue()


def zipped(folder: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(folder / "t.npz", "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return folder / "t.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.int64, bool, ">i2"])
def test_numbers_of_any_type_are_read(tmp_path: Path, save: Any, dtype: Any) -> None:
    inputs = np.arange(12).reshape(4, 3).astype(dtype)
    save(tmp_path / "t.npz", inputs=inputs, targets=TARGETS)
    values, ids, names, digest = read_npz(tmp_path / "t.npz")
    assert values.dtype == (np.uint8 if dtype is np.uint8 else np.float32)
    assert values.tolist() == inputs.tolist()
    assert (ids.tolist(), names) == ([0, 1, 0, 2], ("0", "1", "2"))
    contents = []
    for array in (inputs, TARGETS):
        stored = BytesIO()
        np.save(stored, array)
        contents.append(stored.getvalue())
    assert digest == hashlib.sha256(b"".join(contents)).hexdigest()


@pytest.mark.parametrize("targets", [["b", "a", "b", "c"], [b"b", b"a", b"b", b"c"]])
def test_targets_may_be_words(tmp_path: Path, targets: list[str]) -> None:
    _, ids, names, _ = read_npz(put(tmp_path, inputs=np.ones((4, 2)), targets=np.array(targets)))
    assert (ids.tolist(), names) == ([1, 0, 1, 2], ("a", "b", "c"))


@pytest.mark.parametrize(
    ("shape", "read"), [((4, 2, 3), (4, 2, 3)), ((4, 3, 2, 2), (4, 3, 2, 2)), ((4, 1, 2, 3), (4, 2, 3))]
)
def test_images_may_be_gray_or_colored(tmp_path: Path, shape: tuple[int, ...], read: tuple[int, ...]) -> None:
    assert read_npz(put(tmp_path, inputs=np.ones(shape), targets=TARGETS))[0].shape == read


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": 1, "y": 2}, r"the arrays inputs and targets, found x, y; save it with np\.savez\("),
        ({}, "the arrays inputs and targets, found none"),
        ({"inputs": np.ones((4, 2)) * 1j}, "numbers in inputs, found complex128"),
        ({"inputs": np.array([["a"]] * 4)}, "numbers in inputs, found <U1"),
        ({"inputs": np.array([[None]] * 4)}, "numbers in inputs, found object; nothing is unpickled"),
        ({"targets": np.array([1, None, 2, 3])}, "in targets, found object; nothing is unpickled"),
        ({"targets": TARGETS / 2}, r"words in targets, found float64; convert it with \.astype\(int\)"),
        ({"targets": TARGETS[:3]}, r"targets of shape \(N,\), found \(4, 2\) and \(3,\)"),
        ({"targets": TARGETS[:, None]}, r"targets of shape \(N,\), found \(4, 2\) and \(4, 1\)"),
        ({"inputs": np.ones(4)}, r"at least one number in inputs, found shape \(4,\)"),
        ({"inputs": np.ones((4, 0))}, r"at least one number in inputs, found shape \(4, 0\)"),
        ({"inputs": np.ones((0, 2)), "targets": TARGETS[:0]}, r"found shape \(0, 2\)"),
        ({"inputs": np.ones((4, 8, 8, 3))}, r"\(N, 3, H, W\), found \(4, 8, 8, 3\); np\.moveaxis"),
        ({"inputs": np.ones((4, 2, 2, 2, 2))}, r"\(N, 3, H, W\), found \(4, 2, 2, 2, 2\)"),
        ({"inputs": np.array([[1, 2], [1, np.nan]] * 2)}, "finite numbers in inputs, found nan at index 1"),
        ({"inputs": np.full((4, 2), 1e39)}, r"finite numbers in inputs, found 1e\+39 at index 0"),
        (
            {"targets": np.array(["a", "b", "", "c"])},
            "a label for each example in targets, found none at index 2",
        ),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    is_named = arrays and not {"inputs", "targets"}.isdisjoint(arrays)
    path = put(tmp_path, **({"inputs": np.ones((4, 2)), "targets": TARGETS} if is_named else {}) | arrays)
    with pytest.raises(DataFileError, match=rf"^{path}: expected .*{message}"):
        read_npz(path)


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, inputs=np.ones((400, 2)), targets=np.ones(400, int))
    stored = path.read_bytes()
    for damaged in (b"", b"hello", stored[: len(stored) // 2], stored[:300] + b"\xff" + stored[301:]):
        path.write_bytes(damaged)
        with pytest.raises(DataFileError, match=r"expected a sound \.npz file, found something else"):
            read_npz(path)


@pytest.mark.parametrize(
    "members",
    [
        {"inputs": b"", "targets": b""},
        {"inputs": b"not an array", "targets": b"none either"},
        {"inputs": header((4, 2)), "targets": header((4,))},
        {"inputs": header((4, 2)).replace(b"\x93NUMPY\x01", b"\x93NUMPY\x07"), "targets": header((4,))},
    ],
)
def test_damaged_arrays_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    with pytest.raises(DataFileError, match=r"expected .*np\.savez"):
        read_npz(zipped(tmp_path, **members))


def test_arrays_that_do_not_fit_are_refused_by_their_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path, inputs=header((10**12, 784)), targets=header((10**12,)))
    monkeypatch.setattr(memory, "available_bytes", lambda: 8 << 30)
    message = r"available memory, 8\.0 GiB, found about \d+\.\d GiB; take fewer examples or smaller ones"
    with pytest.raises(DataFileError, match=message):
        read_npz(path)


def test_a_file_that_unpacks_to_more_than_fits_is_refused_before_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez_compressed(tmp_path / "t.npz", inputs=np.zeros((4, 250_000), np.uint8), targets=TARGETS)
    assert (tmp_path / "t.npz").stat().st_size < 10_000
    monkeypatch.setattr(memory, "available_bytes", lambda: 1_000_000)
    with pytest.raises(DataFileError, match="available memory"):
        read_npz(tmp_path / "t.npz")
