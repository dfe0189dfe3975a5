"""What the README and the pages under docs/ show works as they show it."""

import re
import shlex
from pathlib import Path

import pytest

from tests.launched import launch

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = {c for page in PAGES for c in re.findall(r"python ((?:train|check)\.py [^`#\n]+)", page.read_text())}
COMMANDS = sorted(c.rstrip() for c in SHOWN if not re.search(r"hiden|NAME|--help|-sc|resume=out", c))


def test_the_example_in_python_learns(capsys: pytest.CaptureFixture[str]) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    assert len([line for line in example.splitlines() if line.strip()]) <= 12
    exec(example, {})
    loss = float(capsys.readouterr().out.rpartition(": ")[2])
    assert loss < 0.1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_composes(command: str, tmp_path: Path) -> None:
    script, *arguments = shlex.split(command)
    if "-m" in arguments:  # of a sweep the first run
        first = r"=(?:range\((\d+)\)|(?:.*interval\()?([^\[,(]+),.*)$"
        arguments = [
            re.sub(first, lambda found: f"={found[2] or 0}", each) for each in arguments if each != "-m"
        ]
    if "--cfg" not in arguments:
        arguments += ["--cfg", "job"]
    ended = launch(script, *arguments, cwd=tmp_path)
    assert (ended.code, ended.stderr) == (0, "")


def test_the_mistake_that_is_shown_is_answered_as_shown(tmp_path: Path) -> None:
    ended = launch("train.py", "model.hiden=500", cwd=tmp_path)
    assert ended.stderr.strip() in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert link.startswith("http") or (page.parent / link).exists(), link
