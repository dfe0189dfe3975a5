import pickle
from pathlib import Path

from scratchlab.data import DataError, DataFileError, DataNotFoundError, DataUnavailableError


def test_a_damaged_file_is_named_with_what_was_expected_and_found() -> None:
    error = DataFileError(Path("a.gz"), "gzip data", "b'<html>'")
    assert str(error) == "a.gz: expected gzip data, found b'<html>'"
    assert str(DataFileError(Path("a"), "x", "y", "do z")) == "a: expected x, found y; do z"


def test_unavailable_data_lists_every_place_and_the_ways_out() -> None:
    error = DataUnavailableError("images of mnist", ["/data: no such file", "http://m: timed out"], "Do this")
    assert str(error).splitlines() == [
        "images of mnist was found in none of these places:",
        "  /data: no such file",
        "  http://m: timed out",
        "Do this",
    ]


def test_errors_travel_between_processes() -> None:
    errors: list[DataError] = [
        DataFileError(Path("a"), "x", "y"),
        DataNotFoundError("a: no such file"),
        DataUnavailableError("a", ["b"], "c"),
    ]
    for error in errors:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert str(copy) == str(error)
