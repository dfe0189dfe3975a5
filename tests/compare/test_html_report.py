import base64
import math
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from scratchlab.compare.comparison import ComparedRun, Comparison
from scratchlab.compare.html_report import page

NAN = float("nan")
VOID = {"meta", "img", "link", "br"}
PNG = b"\x89PNG not much of a picture"


class Page(HTMLParser):
    """The elements of a page, with their attributes and texts; every element is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[list[str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "script"):
            self.texts.append(data.strip())
        if {"td", "th"} & set(self._open):
            self.tables[-1][-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


RUNS = [
    ComparedRun(
        "hidden=8 seed=0", {"model.hidden": "8", "seed": "0"}, 0.5, "python train.py a", np.ones(3), 0.875
    ),
    ComparedRun(
        "hidden=8 seed=1", {"model.hidden": "8", "seed": "1"}, 0.75, "python train.py b", np.ones(2), 0.5
    ),
    ComparedRun(
        "hidden=16 seed=0",
        {"model.hidden": "16", "seed": "0"},
        0.25,
        "python train.py c",
        test_accuracy=0.125,
        run_id="0123456789abcdef",
        note="pruned",
    ),
    ComparedRun(
        "hidden=1e9 seed=0", {"model.hidden": "1e9", "seed": "0"}, NAN, "python train.py d", note="failed"
    ),
]
COMPARISON = Comparison("sweep over hidden seed", RUNS, ["model.hidden", "seed"])


@pytest.fixture(scope="module")
def shown() -> Page:
    return Page(page(COMPARISON, {"heat_maps": PNG, "best_curves": PNG + b"2"}))


def test_the_best_configuration_comes_first_with_the_command_of_its_best_run(shown: Page) -> None:
    for text in ("sweep over hidden seed", "62.50 ± 17.68 %", "hidden=8", "python train.py b"):
        assert text in shown.texts
    assert any(text.startswith("4 runs · 2 configurations · 1 without a result · 2") for text in shown.texts)


def test_the_test_accuracy_is_that_of_the_best_configuration_alone(shown: Page) -> None:
    assert "68.75 %" in shown.texts  # the mean of 87.5 and 50
    html = page(COMPARISON, {})
    assert not any(other in html for other in ("87.50 %", "12.50 %"))
    other_best = Comparison("t", [replace(RUNS[2], score=0.875), *RUNS[:2]], ["model.hidden", "seed"])
    assert "12.50 %" in page(other_best, {})


def test_configurations_are_a_table_best_first(shown: Page) -> None:
    assert shown.tables[0] == [
        ["rank", "hidden", "val accuracy", "std", "n", "note"],
        ["1", "8", "62.50 %", "17.68 %", "2", ""],
        ["2", "16", "25.00 %", "—", "1", "pruned"],
    ]


def test_every_run_is_in_the_other_table_the_failed_ones_too(shown: Page) -> None:
    assert shown.tables[1] == [
        ["run", "val accuracy", "epochs", "note", "MLflow id", "command"],
        ["hidden=8 seed=0", "50.00 %", "3", "", "", "showpython train.py a"],
        ["hidden=8 seed=1", "75.00 %", "2", "", "", "showpython train.py b"],
        ["hidden=16 seed=0", "25.00 %", "—", "pruned", "01234567", "showpython train.py c"],
        ["hidden=1e9 seed=0", "—", "—", "failed", "", "showpython train.py d"],
    ]


def test_cells_are_sorted_by_numbers_and_those_without_one_come_last(shown: Page) -> None:
    values = [cell["data-value"] for cell in shown.all("td") if "data-value" in cell]
    assert values[:5] == ["1", "8.0", "0.625", str(math.sqrt(2) / 8), "2"]
    assert values[-2:] == ["", ""]
    bars = [cell["style"] for cell in shown.all("td") if cell.get("class") == "bar"]
    assert bars == ["--share: 100.0%", "--share: 0.0%"]


def test_columns_that_say_nothing_are_left_out() -> None:
    runs = [ComparedRun(f"lr={lr}", {"lr": lr}, float(lr), "python train.py") for lr in ("0.5", "0.25")]
    shown = Page(page(Comparison("t", runs, ["lr"]), {}))
    assert shown.tables[0][0] == ["rank", "lr", "val accuracy", "n"]
    assert shown.tables[1][0] == ["run", "val accuracy", "command"]


def test_pictures_are_inside_of_the_page_and_described(shown: Page) -> None:
    pictures = shown.all("img")
    assert [each["alt"] for each in pictures] == [
        "Accuracy for every pair of parameters",
        "Validation accuracy over the epochs, of the best runs",
    ]
    contents = [str(each["src"]).removeprefix("data:image/png;base64,") for each in pictures]
    assert [base64.b64decode(content, validate=True) for content in contents] == [PNG, PNG + b"2"]


def test_nothing_is_fetched_from_anywhere(shown: Page) -> None:
    for _, attributes in shown.elements:
        for name in ("href", "src", "action", "srcset"):
            assert str(attributes.get(name) or "data:").startswith("data:")
    html = page(COMPARISON, {})
    assert "http" not in html
    assert "url(" not in html
    assert "@import" not in html


def test_what_was_typed_is_text_and_never_markup() -> None:
    evil = "<script>alert(1)</script>\"'&amp; $title"
    runs = [
        ComparedRun(evil, {evil: evil}, 0.5, f"python {evil}", note=evil, run_id=evil),
        ComparedRun("b", {evil: "1"}, 0.25, "python train.py"),
    ]
    shown = Page(page(Comparison(evil, runs, [evil]), {}))
    assert len(shown.all("script")) == 1
    assert evil in shown.texts  # the heading
    assert shown.tables[0][1][1] == evil
    assert shown.tables[1][1][0] == evil
    assert f"python {evil}" in shown.texts
