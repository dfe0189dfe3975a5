"""What a person sees of a sweep in MLflow: one run to unfold, its own page, and its children side by side."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from scratchlab.tracking import Published, embedded_uri
from tests.chromium import chromium
from tests.polling import LIMIT_SECONDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromedriver") is None, reason="`make test-browser` installs chromium"),
]

NAMES = ["hidden=8 lr=0.1", "hidden=8 lr=0.2", "hidden=16 lr=0.1", "hidden=16 lr=0.2"]


@dataclass(frozen=True)
class SweepPages:
    """The UI of a project with one sweep, in a browser."""

    browser: webdriver.Chrome
    base: str
    parent: Published
    children: list[Published]

    def see(self, path: str, *texts: str) -> None:
        """Open a page and wait until all of these texts are on it."""
        self.browser.get("about:blank")  # the UI would keep its page where only the part behind # changes
        self.browser.get(f"{self.base}/#/{path}")
        for text in texts:
            WebDriverWait(self.browser, LIMIT_SECONDS).until(
                partial(_shows, text=text), f"not on the page: {text}"
            )


def _shows(browser: webdriver.Chrome, *, text: str) -> bool:
    return text in browser.find_element(By.TAG_NAME, "body").text


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[SweepPages]:
    root = tmp_path_factory.mktemp("project")
    overrides = ["data=digits", "trainer.epochs=2", "model.hidden=8,16", "optimizer.lr=0.1,0.2"]
    places = [f"tracking.uri={embedded_uri(root)}", f"hydra.sweep.dir={root}/sweep"]
    command = [sys.executable, str(repository / "train.py"), "-m", *overrides, *places]
    subprocess.run(command, check=True, cwd=root)
    parent, *children = (Published.load(root / "sweep" / number) for number in ("", "0", "1", "2", "3"))
    assert parent is not None
    server = [
        sys.executable,
        "-m",
        "scratchlab.tracking.upkeep.server",
        "--port",
        "5058",
        "--root",
        str(root),
    ]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip().partition(": ")[2].partition("/#/")[0]
        browser = chromium(tmp_path_factory.mktemp("browser"))
        yield SweepPages(browser, base, parent, [child for child in children if child is not None])
        browser.quit()
        process.terminate()


def test_a_sweep_is_one_run_that_unfolds(pages: SweepPages) -> None:
    name = "sweep over hidden lr"
    pages.see(f"experiments/{pages.parent.experiment_id}/runs?workflowType=machine_learning", name)
    assert not any(_shows(pages.browser, text=child) for child in NAMES)
    unfold = f"//a[normalize-space()='{name}']/preceding::button[1]"
    pages.browser.find_element(By.XPATH, unfold).click()
    for child in NAMES:
        WebDriverWait(pages.browser, LIMIT_SECONDS).until(
            partial(_shows, text=child), f"not unfolded: {child}"
        )


def test_its_page_has_the_leaderboard_and_links_to_its_runs(pages: SweepPages) -> None:
    parent = pages.parent
    page = f"experiments/{parent.experiment_id}/runs/{parent.run_id}?workflowType=machine_learning"
    pages.see(page, "on the test set", "Child runs", "best/val_accuracy", *NAMES)
    links = pages.browser.find_elements(By.XPATH, "//a[starts-with(normalize-space(), 'hidden=')]")
    assert len({link.get_attribute("href") for link in links}) == 4


def test_its_runs_are_compared_in_parallel_coordinates(pages: SweepPages) -> None:
    ids = quote(json.dumps([child.run_id for child in pages.children]))
    experiments = quote(json.dumps([pages.parent.experiment_id]))
    page = f"compare-runs?runs={ids}&experiments={experiments}"
    pages.see(page, "Comparing 4 Runs", "Parallel Coordinates Plot", "model.hidden", "optimizer.lr")
    script = """return [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => chart.data)
        .filter(trace => trace.type === 'parcoords')
        .map(trace => trace.dimensions.map(axis => [axis.label, axis.values.length]))"""
    [axes] = WebDriverWait(pages.browser, LIMIT_SECONDS).until(lambda browser: browser.execute_script(script))
    assert {"model.hidden": 4, "optimizer.lr": 4}.items() <= dict(axes).items()
