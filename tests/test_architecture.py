"""docs/architecture.md and the maps of the packages, held against the code."""

import ast
import re
import runpy
from pathlib import Path

import pytest

from scratchlab.config.project import ROOT

PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = sorted(path.parent for path in (ROOT / "src" / "scratchlab").rglob("__init__.py"))


def test_every_file_that_the_page_names_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE.read_text())
    assert len(links) > 40
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def test_the_page_answers_ten_questions_and_follows_four_journeys() -> None:
    text = PAGE.read_text()
    assert len(re.findall(r"^\| .*\? \| \[", text, re.MULTILINE)) >= 10
    assert [len(re.findall(r"^\d+\. ", part, re.MULTILINE)) for part in text.split("\n**")[1:]] == [
        7,
        7,
        6,
        6,
    ]


def test_the_picture_shows_the_code_of_today() -> None:
    """Draw it again with `python tools/architecture.py`."""
    drawing = runpy.run_path(str(ROOT / "tools" / "architecture.py"))
    assert drawing["PICTURE"].read_text() == drawing["drawn"]()


@pytest.mark.parametrize("package", PACKAGES[1:], ids=lambda package: package.name)
def test_the_map_of_a_package_names_each_of_its_modules_and_packages(package: Path) -> None:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""
    named = re.findall(r"^- `(\w+)`: ", text, re.MULTILINE)
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    packages = {path.parent.name for path in package.glob("*/__init__.py")}
    assert sorted(named) == sorted(modules | packages)
