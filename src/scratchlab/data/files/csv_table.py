"""CSV files with a header: a column of labels, all others of numbers. N rows, D columns of numbers."""

import csv
import warnings
from io import BytesIO, TextIOWrapper
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scratchlab.arguments import nearest
from scratchlab.data.class_names import class_ids
from scratchlab.data.errors import DataFileError
from scratchlab.data.files.memory import demand_memory
from scratchlab.data.files.rawfile import RawFile

Read = tuple[NDArray[np.uint8] | NDArray[np.float32], NDArray[np.int64], tuple[str, ...], str]
"""Values (N, ...), class ids (N,), class names, SHA-256 of the uncompressed bytes."""

_VALUE_BYTES = 12
"""Of every number: as it is read, in its split, and as an input; each as float32."""

_LARGEST = float(np.finfo(np.float32).max)
_SHOWN = 30
"""So many characters of a field are shown."""


def read_csv(path: Path, *, label: str) -> Read:
    """Read a file, unpacked if its name ends in `.gz`.

    Raises:
        DataFileError: it is no such table; the message names line and column.
    """
    file = RawFile.read(path)
    num_values = file.content.count(b",") + file.content.count(b"\n")
    demand_memory(path, _VALUE_BYTES * num_values, advice="take fewer rows or columns")
    header, column = _header(file, label)
    table = _whole_numbers(file.content)
    if table is not None and table.shape[1] == len(header):
        ids, names = class_ids(list(map(str, table[:, column].tolist())))
        return np.delete(table, column, axis=1), ids, names, file.sha256
    values, labels = _rows(file, header, column)
    return values, *class_ids(labels), file.sha256


def _header(file: RawFile, label: str) -> tuple[list[str], int]:
    """Return the names of the columns and the index of that of the labels."""
    try:
        names = [name.strip() for name in next(filter(None, csv.reader(_text(file), strict=True)))]
    except StopIteration:
        raise DataFileError(file.path, "a header", "only empty lines") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(file, 1, error) from error
    if names.count(label) == 1 and len(names) > 1:
        return names, names.index(label)
    if names.count(label) > 1:
        raise DataFileError(file.path, f"one column {label}", f"{names.count(label)} of them")
    if len(names) == 1:
        raise DataFileError(
            file.path, "a header of several columns, separated by commas", _shortened(names[0])
        )
    found = ", ".join(map(_shortened, names[:5])) + (", ..." if len(names) > 5 else "")
    raise DataFileError(
        file.path,
        f"a column {label} in the header",
        f"{found}{nearest(label, names)}",
        advice="data.label names the column of the labels",
    )


def _whole_numbers(content: bytes) -> NDArray[np.uint8] | None:
    """Return the rows of a table of whole numbers from 0 to 255, None of another one: the quick way for images."""
    if content.startswith((b"\n", b"\r")):
        return None  # the header is not in the first line, which is skipped
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return np.loadtxt(BytesIO(content), np.uint8, delimiter=",", comments=None, skiprows=1, ndmin=2)
    except (ValueError, Warning):
        return None


def _rows(file: RawFile, header: list[str], column: int) -> tuple[NDArray[np.float32], list[str]]:
    """Return the numbers (N, D) and the labels (N,), row by row, so that each mistake has a line."""
    values = np.empty(
        (file.content.count(b"\n") + file.content.count(b"\r") + 1, len(header) - 1), np.float32
    )
    labels: list[str] = []
    lines: list[int] = []
    reader = csv.reader(_text(file), strict=True)
    try:
        for fields in islice(filter(None, reader), 1, None):  # without empty lines and the header
            line = reader.line_num
            if len(fields) != len(header):
                raise DataFileError(
                    file.path,
                    f"{len(header)} columns, as in the header",
                    f"{len(fields)} in line {line}",
                )
            labels.append(fields.pop(column).strip())
            lines.append(line)
            try:
                row = np.fromiter(map(float, fields), np.float64, len(fields))
            except ValueError:
                raise _no_number(file, header, column, fields, line) from None
            with np.errstate(over="ignore"):
                values[len(lines) - 1] = row
            if not np.isfinite(values[len(lines) - 1]).all():
                raise _no_number(file, header, column, fields, line)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(file, reader.line_num, error) from error
    if not labels:
        raise DataFileError(file.path, "rows below the header", "none")
    return values[: len(lines)], _classes(file, header[column], labels, lines)


def _classes(file: RawFile, column: str, labels: list[str], lines: list[int]) -> list[str]:
    """Return the labels: as they are if there are words among them, else as whole numbers, 7 for 07 and 7.0."""
    numbers = {label: _number(label) for label in set(labels)}
    if "" in numbers:
        refused = {""}
    elif None in numbers.values():
        return labels
    else:
        refused = {label for label, number in numbers.items() if number is not None and number % 1 != 0}
    if refused:
        first = next(index for index, label in enumerate(labels) if label in refused)
        raise DataFileError(
            file.path,
            f"classes in column {column}, words or whole numbers",
            f"{_shortened(labels[first])} in line {lines[first]}",
            advice="data.label names the column of the labels",
        )
    return [str(int(numbers[label] or 0)) for label in labels]


def _number(label: str) -> int | float | None:
    """Return the number that a label is, None for a word."""
    if "_" in label:  # Python takes 1_0 for 10
        return None
    try:
        return int(label)
    except ValueError:
        pass
    try:
        return float(label)
    except ValueError:
        return None


def _no_number(file: RawFile, header: list[str], column: int, fields: list[str], line: int) -> DataFileError:
    """Return the error for the first of the fields that is no finite number."""
    names = header[:column] + header[column + 1 :]
    name, field = next(
        (name, field) for name, field in zip(names, fields, strict=True) if not _is_finite(field)
    )
    return DataFileError(
        file.path,
        "finite numbers",
        f"{_shortened(field)} in line {line}, column {name}",
        advice="fill it in, or remove the row or the column",
    )


def _is_finite(field: str) -> bool:
    try:
        return abs(float(field)) <= _LARGEST
    except ValueError:
        return False


def _unreadable(file: RawFile, line: int, error: Exception) -> DataFileError:
    """Return the error for text that is no CSV in this line, or no text at all in a line to be found."""
    try:
        file.content.decode("utf-8-sig")
    except UnicodeDecodeError as found:
        line = file.content.count(b"\n", 0, found.start) + 1
        return DataFileError(
            file.path, "text in UTF-8", f"the byte 0x{found.object[found.start]:02x} in line {line}"
        )
    return DataFileError(file.path, "comma-separated values", f"{error} in line {line}")


def _text(file: RawFile) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(file.content), "utf-8-sig", newline="")


def _shortened(field: str) -> str:
    """Return a field as an error shows it."""
    if not field.strip():
        return "nothing"
    return repr(field if len(field) <= _SHOWN else field[: _SHOWN - 3] + "...")
