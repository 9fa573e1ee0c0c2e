"""The workbench in a browser: how soon a long log is drawn."""

import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.measure import Result, at_most, seconds
from tests.server import Server
from tests.values import published

ROWS, WIDTH = 2_000_000, 16
ROUNDS = 7
DRAWN = "() => window.bench?.painter.bytes > 0"


def results(directory: Path, server: Server) -> Iterator[Result]:
    values = np.random.default_rng(1).random((ROWS, WIDTH), np.float32)
    published(9000 + 0.1 * np.arange(ROWS), values, well="long", name="AMP")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        base = f"http://127.0.0.1:{server.port}"
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 800})
        page.set_default_timeout(120_000)
        yield _first_picture(page)
        browser.close()


def _first_picture(page: Page) -> Result:
    """In a browser that has been there before: what does not change comes out of its cache."""

    def drawn() -> None:
        page.goto("/view/long/")
        page.wait_for_function(DRAWN)

    ways = (drawn, lambda: page.goto("/healthz"))
    taken: dict[Any, list[float]] = {way: [] for way in ways}
    for way in ways * (ROUNDS + 1):
        taken[way].append(seconds(way))
    of_log, of_nothing = (statistics.median(times[1:]) for times in taken.values())
    what = f"the first picture of a log of {ROWS} rows : an empty page"
    return at_most(what, of_log / of_nothing, 3)
