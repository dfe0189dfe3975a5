"""The report of a comparison as a browser shows it: from a file, with no server and no network."""

import shutil
from collections.abc import Iterator

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from scratchlab.compare.comparison import ComparedRun, Comparison
from scratchlab.tracking import FilesRun
from tests.chromium import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromedriver") is None, reason="`make test-browser` installs chromium"),
]

RUNS = [
    ComparedRun(
        f"hidden={hidden} lr={lr}", {"hidden": hidden, "lr": lr}, score, "python train.py", np.ones(2)
    )
    for hidden, lr, score in (
        ("90", "1e-1", 0.5),
        ("500", "1e-2", 0.75),
        ("100", "1e-3", 0.625),
        ("8", "1", np.nan),
    )
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    folder = tmp_path_factory.mktemp("report")
    Comparison("sweep over hidden lr", RUNS, ["hidden", "lr"]).record(FilesRun(folder))
    browser = chromium(tmp_path_factory.mktemp("browser"))
    browser.get((folder / "report.html").as_uri())
    yield browser
    browser.quit()


def column(browser: webdriver.Chrome, table: int, place: int) -> list[str]:
    script = """const body = document.querySelectorAll('table')[arguments[0]].tBodies[0];
        return [...body.rows].map(row => row.cells[arguments[1]].innerText)"""
    texts: list[str] = browser.execute_script(script, table, place)
    return texts


def click(browser: webdriver.Chrome, table: int, name: str) -> None:
    browser.find_elements(By.TAG_NAME, "table")[table].find_element(
        By.XPATH, f".//button[.='{name}']"
    ).click()


def test_a_click_on_a_column_sorts_by_it_and_another_one_turns_it_round(browser: webdriver.Chrome) -> None:
    assert column(browser, 0, 1) == ["500", "100", "90"]  # the best first
    click(browser, 0, "hidden")
    assert column(browser, 0, 1) == ["90", "100", "500"]  # as texts, 100 would come first
    click(browser, 0, "hidden")
    assert column(browser, 0, 1) == ["500", "100", "90"]
    click(browser, 0, "lr")
    assert column(browser, 0, 2) == ["1e-3", "1e-2", "1e-1"]


def test_a_run_without_a_result_comes_last_in_both_directions(browser: webdriver.Chrome) -> None:
    click(browser, 1, "val accuracy")
    assert column(browser, 1, 1) == ["50.00 %", "62.50 %", "75.00 %", "—"]
    click(browser, 1, "val accuracy")
    assert column(browser, 1, 1) == ["75.00 %", "62.50 %", "50.00 %", "—"]


def test_every_picture_is_shown_and_nothing_was_fetched(browser: webdriver.Chrome) -> None:
    widths = browser.execute_script("return [...document.images].map(image => image.naturalWidth)")
    assert len(widths) == 4
    assert min(widths) > 300
    fetched = browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
    assert [name for name in fetched if not name.startswith("data:")] == []


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_page_is_as_light_or_dark_as_the_desk(
    browser: webdriver.Chrome, scheme: str, is_dark: bool
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    colours = browser.execute_script(
        "const body = getComputedStyle(document.body); return [body.backgroundColor, body.color]"
    )
    paper, ink = (sum(map(int, colour[4:-1].split(","))) for colour in colours)
    assert (paper < ink) is is_dark


def test_the_page_is_never_wider_than_the_window(browser: webdriver.Chrome) -> None:
    metrics = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scroll, client = browser.execute_script(
        "const page = document.documentElement; return [page.scrollWidth, page.clientWidth]"
    )
    assert scroll == client <= 400
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
