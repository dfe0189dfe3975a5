"""What a person sees who trains twice and opens the UI: a real browser on the real server over real runs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from scratchlab.tracking import Published, embedded_uri
from tests.chromium import chromium
from tests.polling import Seen, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromedriver") is None, reason="`make test-browser` installs chromium"),
]


@dataclass(frozen=True)
class Pages:
    """The UI of a project with two runs, in a browser."""

    browser: webdriver.Chrome
    base: str
    runs_link: str
    runs: dict[str, Published]

    def open(self, path: str) -> None:
        self.browser.get("about:blank")  # the UI would keep its page where only the part behind # changes
        self.browser.get(f"{self.base}/#/{path}?workflowType=machine_learning")

    def wait_for(self, look: Callable[[], Seen]) -> Seen:
        """Look until something is seen; pages load for seconds."""
        try:
            return wait_until(look)
        except AssertionError as error:
            raise AssertionError(f"not on the page: {self.text}") from error

    def find(self, xpath: str) -> list[WebElement]:
        return self.browser.find_elements(By.XPATH, xpath)

    @property
    def text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "body").text


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> dict[str, Published]:
    """Two runs by name, made by train.py in a project of their own."""
    root = tmp_path_factory.mktemp("project")
    runs = {}
    for optimizer in ("adam", "sgd"):
        folder = root / optimizer
        overrides = [f"optimizer={optimizer}", "data=digits", "trainer.epochs=4", f"hydra.run.dir={folder}"]
        command = [sys.executable, str(repository / "train.py"), f"tracking.uri={embedded_uri(root)}"]
        subprocess.run([*command, "tracking.name=" + optimizer, *overrides], check=True, cwd=root)
        published = Published.load(folder)
        assert published is not None
        assert published.status == "FINISHED"
        runs[optimizer] = published
    return runs


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, runs: dict[str, Published]) -> Iterator[Pages]:
    root = Path(runs["adam"].uri.removeprefix("sqlite:///")).parents[1]
    command = [
        sys.executable,
        "-m",
        "scratchlab.tracking.upkeep.server",
        "--port",
        "5057",
        "--root",
        str(root),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        name, _, link = server.stdout.readline().strip().partition(": ")
        assert name == "scratchlab"
        browser = chromium(tmp_path_factory.mktemp("browser"))
        yield Pages(browser, link.partition("/#/")[0], link, runs)
        browser.quit()
        server.terminate()


def test_the_printed_link_leads_to_the_table_of_runs(pages: Pages) -> None:
    pages.browser.get(pages.runs_link)
    for name in pages.runs:
        pages.wait_for(partial(pages.find, f"//a[normalize-space()='{name}']"))
    assert pages.text.count("digits (6ebb3d2fee24)") == 2
    assert "2 matching runs" in pages.text


def test_a_run_shows_its_result_in_words_and_numbers(pages: Pages) -> None:
    run = pages.runs["adam"]
    pages.open(f"experiments/{run.experiment_id}/runs/{run.run_id}")
    pages.wait_for(lambda: "of the test images are classified correctly" in pages.text)
    for seen in ("test/accuracy", "best/val_accuracy", "optimizer.beta1", "scratchlab.seed", "Finished"):
        assert seen in pages.text


def test_a_run_shows_its_curves(pages: Pages) -> None:
    run = pages.runs["adam"]
    pages.open(f"experiments/{run.experiment_id}/runs/{run.run_id}/model-metrics")
    pages.wait_for(lambda: 4 in _points_of_curves(pages))  # one point per epoch


def test_a_run_shows_its_plots(pages: Pages) -> None:
    run = pages.runs["sgd"]
    pages.open(f"experiments/{run.experiment_id}/runs/{run.run_id}/artifacts/plots/training_curves.png")
    names = {"confusion_matrix.png", "first_weights.png", "mistakes.png", "training_curves.png"}
    pages.wait_for(lambda: names <= set(pages.text.split()))
    pages.wait_for(lambda: [picture for picture in pages.find("//img") if _width(pages, picture) == 1200])


def test_comparing_shows_the_parameters_that_differ_and_both_results(pages: Pages) -> None:
    ids = quote(json.dumps([run.run_id for run in pages.runs.values()]))
    experiments = quote(json.dumps([pages.runs["adam"].experiment_id]))
    pages.browser.get(f"{pages.base}/#/compare-runs?runs={ids}&experiments={experiments}")
    pages.wait_for(lambda: "Comparing 2 Runs from 1 Experiment" in pages.text)
    rows = pages.wait_for(lambda: _rows(pages))
    assert {"optimizer": ["adam", "sgd"], "optimizer.lr": ["0.002", "0.1"]}.items() <= rows.items()
    assert rows["model.hidden"] == ["100", "100"]
    switches = pages.find("//*[text()='Show diff only']/preceding::button[@role='switch'][1]")
    assert switches
    switches[0].click()
    pages.wait_for(lambda: "model.hidden" not in _rows(pages))
    rows = _rows(pages)
    assert {"optimizer", "optimizer.lr", "optimizer.beta1"} <= rows.keys()
    assert "test/accuracy" in pages.text


def _rows(pages: Pages) -> dict[str, list[str]]:
    """Return the rows of the page's tables: what stands first, and the cells behind it."""
    script = """return [...document.querySelectorAll('tr, [role=row]')].map(
        row => [...row.querySelectorAll('th, td, [role=cell], [role=gridcell]')].map(cell => cell.innerText.trim()))"""
    found: list[list[str]] = pages.browser.execute_script(script)
    return {cells[0]: cells[1:] for cells in found if len(cells) > 1}


def _points_of_curves(pages: Pages) -> list[int]:
    """Return how many points each line of the page's charts has."""
    script = """return [...document.querySelectorAll('.js-plotly-plot')].flatMap(
        chart => chart.data.map(line => line.y ? line.y.length : 0))"""
    points: list[int] = pages.browser.execute_script(script)
    return points


def _width(pages: Pages, picture: WebElement) -> int:
    width: int = pages.browser.execute_script("return arguments[0].naturalWidth", picture)
    return width
