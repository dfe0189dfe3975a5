import re

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting.shapes import shaped


def test_a_number_fits_itself_and_a_word_fits_any_length() -> None:
    shaped((3, "features"), inputs=np.zeros((3, 5)), others=np.zeros((3, 0)))


@pytest.mark.parametrize(
    ("expected", "found", "message"),
    [
        ((3,), (4,), "losses.shape=(4,): expected (3,)"),
        (("steps",), (4, 1), "losses.shape=(4, 1): expected (steps,)"),
        (("steps",), (), "losses.shape=(): expected (steps,)"),
        (("images", 784), (784, 10), "losses.shape=(784, 10): expected (images, 784)"),
    ],
)
def test_the_error_shows_both_shapes(
    expected: tuple[int | str, ...], found: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ArgumentError, match=re.escape(message)):
        shaped(expected, losses=np.zeros(found))


def test_every_named_array_is_checked() -> None:
    with pytest.raises(ArgumentError, match=r"second\.shape=\(2,\): expected \(1,\)"):
        shaped((1,), first=np.zeros(1), second=np.zeros(2))
