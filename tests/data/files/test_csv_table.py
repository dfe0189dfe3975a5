import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest

from scratchlab.data import DataFileError
from scratchlab.data.files import csv_table, memory
from scratchlab.data.files.csv_table import read_csv


def put(folder: Path, content: bytes | str, name: str = "t.csv") -> Path:
    path = folder / name
    stored = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(stored) if path.suffix == ".gz" else stored)
    return path


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_the_columns_beside_the_labels_are_the_values(tmp_path: Path, name: str) -> None:
    content = "a,kind,b\n1.5,dog,-2\n3e2,cat,.5\n"
    values, ids, names, digest = read_csv(put(tmp_path, content, name), label="kind")
    assert values.dtype == np.float32
    assert values.tolist() == [[1.5, -2], [300, 0.5]]
    assert (ids.tolist(), names) == ([1, 0], ("cat", "dog"))
    assert digest == hashlib.sha256(content.encode()).hexdigest()


def test_a_table_of_pixels_is_read_alike_the_quick_and_the_slow_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.random.default_rng(0).integers(256, size=(50, 9))
    lines = [",".join(map(str, [k % 11, *row])) for k, row in enumerate(pixels.tolist())]
    header = ",".join(["label", *(f"pixel{i}" for i in range(9))])
    path = put(tmp_path, "\n".join([header, *lines]))
    values, ids, names, _ = read_csv(path, label="label")
    assert values.dtype == np.uint8
    assert (values == pixels).all()
    assert names == tuple(map(str, range(11)))
    assert ids.tolist() == [k % 11 for k in range(50)]
    monkeypatch.setattr(csv_table, "_whole_numbers", lambda content: None)
    slow, slow_ids, slow_names, _ = read_csv(path, label="label")
    assert (slow == pixels).all()
    assert (slow_ids.tolist(), slow_names) == (ids.tolist(), names)


@pytest.mark.parametrize(
    "content",
    [
        "a,label\r\n1,x\r\n2,y\r\n",  # Windows
        "a,label\r1,x\r2,y",  # old Macs
        "\ufeffa,label\n1,x\n2,y\n",  # Excel
        "\na,label\n\n1,x\n\n2,y\n\n",  # empty lines
        '"a", label \n"1","x"\n 2 , y ',  # quotes and spaces
        'a,"label"\n1,x\n2,"y"\n',
    ],
)
def test_what_programs_write_is_read(tmp_path: Path, content: str) -> None:
    values, ids, names, _ = read_csv(put(tmp_path, content), label="label")
    assert (values.tolist(), ids.tolist(), names) == ([[1], [2]], [0, 1], ("x", "y"))


def test_a_header_of_numbers_below_an_empty_line_is_no_row(tmp_path: Path) -> None:
    values, ids, names, _ = read_csv(put(tmp_path, "\n0,1\n7,2\n8,3\n"), label="1")
    assert (values.tolist(), ids.tolist(), names) == ([[7], [8]], [0, 1], ("2", "3"))


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["10", "9", "-1"], ("-1", "9", "10")),
        (["1.0", "2.0", "10.0"], ("1", "2", "10")),  # whole numbers, as pandas writes them beside gaps
        (["07", "7", "8"], ("7", "8")),
        (["1", "two"], ("1", "two")),
        (["1_0", "1_1"], ("1_0", "1_1")),  # words, although Python reads them as numbers
        (["a, b", "c"], ("a, b", "c")),
    ],
)
def test_labels_are_whole_numbers_or_words(tmp_path: Path, labels: list[str], names: tuple[str, ...]) -> None:
    rows = "".join(f'0.5,"{label}"\n' for label in labels)
    assert read_csv(put(tmp_path, f"a,label\n{rows}"), label="label")[2] == names


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected data, found an empty file"),
        (b"\n\n", "expected a header, found only empty lines"),
        (b"a,label\n", "expected rows below the header, found none"),
        (
            b"a,b,Label\n1,2,x\n",
            "expected a column label in the header, found 'a', 'b', 'Label', did you mean Label[?]; data.label names",
        ),
        (
            b"5,0,0,0,0,0\n1,2,3,4,5,6\n",
            "expected a column label .*, found '5', '0', '0', '0', '0', [.]{3}; ",
        ),
        (b"a;b;label\n1;2;x\n", "several columns, separated by commas, found 'a;b;label'"),
        (b"label\nx\n", "expected a header of several columns"),
        (b"a,label,label\n1,2,x\n", "expected one column label, found 2 of them"),
        (b"a,b,label\n1,2,x\n\n1,2\n", "expected 3 columns, as in the header, found 2 in line 4"),
        (b"a,b,label\n1,2,x\n1,2,x,4\n", "expected 3 columns, as in the header, found 4 in line 3"),
        (b"a,b,label\n1,2\n1,2\n", "expected 3 columns, as in the header, found 2 in line 2"),
        (b"a,b,label\n1,nan,x\n", "expected finite numbers, found 'nan' in line 2, column b; fill it in"),
        (b"a,b,label\n1,2,x\n-inf,2,x\n", "expected finite numbers, found '-inf' in line 3, column a"),
        (b"a,label,b\n1,x,\n", "expected finite numbers, found nothing in line 2, column b"),
        (b"a,label,b\n1,x,1 2\n", "expected finite numbers, found '1 2' in line 2, column b"),
        (b"a,label,b\n1,x,1e39\n", "expected finite numbers, found '1e39' in line 2, column b"),
        (b"a,label,b\n1,x," + b"z" * 99, r"expected finite numbers, found 'z{27}\.\.\.' in line 2, column b"),
        (
            b"a,label\n1,3\n2,\n",
            "expected classes in column label, words or whole numbers, found nothing in line 3",
        ),
        (b"a,label\n1,3\n2,0.5\n", "expected classes in column label, .*, found '0.5' in line 3"),
        (b"a,label\n1,3\n2,nan\n", "expected classes in column label, .*, found 'nan' in line 3"),
        (b"a,\xff,label\n1,2,x\n", "expected text in UTF-8, found the byte 0xff in line 1"),
        (b"a,label\n1," + b"\xe9" * 9, "expected text in UTF-8, found the byte 0xe9 in line 2"),
        (b'a,label\n1,"x\n2,y\n', "expected comma-separated values, found unexpected end of data in line 3"),
        (
            b'a,label\n1,"' + b"x" * 200_000 + b'"\n',
            "expected comma-separated values, found field larger .* in line 2",
        ),
    ],
)
def test_other_tables_are_refused_with_line_and_column(tmp_path: Path, content: bytes, message: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(DataFileError, match=rf"^{path}: .*{message}"):
        read_csv(path, label="label")


def test_a_table_that_does_not_fit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "a,label\n" + 1000 * "1,x\n")
    monkeypatch.setattr(memory, "available_bytes", lambda: 20_000)
    monkeypatch.setattr(csv_table, "_whole_numbers", lambda content: pytest.fail("read"))
    with pytest.raises(DataFileError, match=r"available memory, .* take fewer rows or columns"):
        read_csv(path, label="label")
