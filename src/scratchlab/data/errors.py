"""What can be wrong with data, apart from the arguments that asked for it."""

from collections.abc import Sequence
from pathlib import Path


class DataError(ValueError):
    """Data that cannot be used; catch this one to catch them all."""


class DataFileError(DataError):
    """A file that is there but cannot be used: which one, what was expected, what was found, what to do."""

    def __init__(self, path: Path, expected: str, found: str, advice: str = "") -> None:
        super().__init__(path, expected, found, advice)
        self.path = path
        self.expected = expected
        self.found = found
        self.advice = advice

    def __str__(self) -> str:
        what = f"{self.path}: expected {self.expected}, found {self.found}"
        return f"{what}; {self.advice}" if self.advice else what


class DataNotFoundError(DataError, FileNotFoundError):
    """A file or folder that is not there."""


class DataUnavailableError(DataError):
    """Data that is nowhere: what was wanted, every place that was tried and why it failed, the ways out."""

    def __init__(self, wanted: str, tried: Sequence[str], ways_out: str) -> None:
        super().__init__(wanted, tried, ways_out)
        self.wanted = wanted
        self.tried = tuple(tried)
        self.ways_out = ways_out

    def __str__(self) -> str:
        places = "".join(f"\n  {place}" for place in self.tried)
        return f"{self.wanted} was found in none of these places:{places}\n{self.ways_out}"
