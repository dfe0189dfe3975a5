"""The classes of data that come with labels instead of class ids."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray


def sorted_names(labels: Collection[str]) -> tuple[str, ...]:
    """Return the different labels, sorted as numbers if all of them are whole numbers, as words otherwise."""
    return tuple(sorted(set(labels), key=int if all(map(is_whole, set(labels))) else None))


def class_ids(labels: Collection[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the class ids (N,) of labels, and the names of the classes."""
    names = sorted_names(labels)
    ids = {name: class_id for class_id, name in enumerate(names)}
    return np.array([ids[label] for label in labels], dtype=np.int64), names


def is_whole(label: str) -> bool:
    """Return whether a label is a whole number, such as 7, 07 or -1."""
    return label.removeprefix("-").isdecimal()
