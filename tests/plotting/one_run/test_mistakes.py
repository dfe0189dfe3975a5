import re
from typing import Any

import numpy as np
import pytest

from scratchlab.arguments import ArgumentError
from scratchlab.plotting import mistakes

DIGITS = [str(digit) for digit in range(10)]
TARGETS = np.array([4, 7, 1, 3])
PREDICTIONS = np.array([9, 7, 2, 5])
CONFIDENCES = np.array([0.7, 1.0, 0.99, 0.514])
PIXELS = np.array([[0, 0], [255, 255], [0, 200], [100, 0]], dtype=np.uint8)


def test_only_mistakes_are_drawn_and_the_most_confident_first() -> None:
    sheet = mistakes(PIXELS, (1, 2), TARGETS, PREDICTIONS, CONFIDENCES, DIGITS)
    assert [text.text for text in sheet.texts] == [
        "true 1, predicted 2 (99 %)",
        "true 4, predicted 9 (70 %)",
        "true 3, predicted 5 (51 %)",
    ]
    images = [tile.colors[..., 0].tolist() for tile in sheet.tiles]
    assert images == [[[0, 255]], [[0, 0]], [[128, 0]]]  # stretched over what is shown, 0 to 200
    assert sheet.title == "All 3 mistakes, the most confident first"


def test_the_title_tells_how_many_more_there_were() -> None:
    sheet = mistakes(PIXELS, (1, 2), TARGETS, PREDICTIONS, CONFIDENCES, DIGITS, max_images=2)
    assert len(sheet.tiles) == 2
    assert sheet.title == "The 2 most confident of 3 mistakes"


def test_long_names_get_a_line_each() -> None:
    names = ["automobile", "airplane"]
    sheet = mistakes(np.zeros((1, 12)), (3, 2, 2), np.array([0]), np.array([1]), np.array([0.876]), names)
    assert [text.text for text in sheet.texts] == ["true automobile,", "predicted airplane (88 %)"]
    assert sheet.texts[0].y < sheet.texts[1].y
    assert sheet.tiles[0].colors.shape == (2, 2, 3)


def test_no_mistakes_at_all_is_good_news() -> None:
    sheet = mistakes(PIXELS, (1, 2), TARGETS, TARGETS, CONFIDENCES, DIGITS)
    assert sheet.title == "No mistakes among 4 examples"
    assert sheet.explanation == "Every prediction was right."
    assert not sheet.tiles


def test_confidences_of_a_run_that_diverged_can_be_drawn() -> None:
    sheet = mistakes(PIXELS, (1, 2), TARGETS, PREDICTIONS, np.full(4, np.nan), DIGITS)
    assert len(sheet.tiles) == 3


@pytest.mark.parametrize(
    ("position", "value", "message"),
    [
        (0, PIXELS[:, :1], "images.shape=(4, 1): expected (images, 2)"),
        (1, (2,), "input_shape=(2,): expected (height, width) or (3, height, width)"),
        (2, TARGETS[:3], "targets.shape=(3,): expected (4,)"),
        (3, PREDICTIONS[:, np.newaxis], "predictions.shape=(4, 1): expected (4,)"),
        (4, np.ones((4, 10)), "confidences.shape=(4, 10): expected (4,)"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(position: int, value: Any, message: str) -> None:
    given: list[Any] = [PIXELS, (1, 2), TARGETS, PREDICTIONS, CONFIDENCES, DIGITS]
    given[position] = value
    with pytest.raises(ArgumentError, match=re.escape(message)):
        mistakes(*given)
