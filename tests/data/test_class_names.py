import pytest

from scratchlab.data.class_names import class_ids


@pytest.mark.parametrize(
    ("labels", "names", "ids"),
    [
        (["10", "9", "-1", "10"], ("-1", "9", "10"), [2, 1, 0, 2]),
        (["dog", "cat", "dog"], ("cat", "dog"), [1, 0, 1]),
        (["10", "9", "none"], ("10", "9", "none"), [0, 1, 2]),
        (["-", "1"], ("-", "1"), [0, 1]),
    ],
)
def test_whole_numbers_are_sorted_as_numbers_and_everything_else_as_words(
    labels: list[str], names: tuple[str, ...], ids: list[int]
) -> None:
    found, found_names = class_ids(labels)
    assert (found.tolist(), found_names) == (ids, names)
