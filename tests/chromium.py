"""A real browser without a window."""

import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service


def chromium(profile: Path) -> webdriver.Chrome:
    """Start the browser with an empty profile; it asks the network for nothing of its own."""
    options = webdriver.ChromeOptions()
    for argument in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "window-size=1500,1300"),
        *("disable-background-networking", "disable-component-update", "disable-sync"),
        f"user-data-dir={profile}",
    ):
        options.add_argument(f"--{argument}")
    return webdriver.Chrome(options, Service(shutil.which("chromedriver")))
