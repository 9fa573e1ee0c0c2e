"""The workbench in a browser: how soon a long log is drawn, and how smoothly it is panned."""

import json
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
PICKS = 200
PAN_SECONDS = 10
LATE_MILLISECONDS = 34
JSON = {"Content-Type": "application/json"}
DRAWN = "() => window.bench?.painter.bytes > 0"
SETTLED = "() => window.bench?.tracks.length && !bench.store.busy"
# Down and up again over the same depths; the time between one frame and the next.
PAN = """(seconds) => new Promise((done) => {
  const { top, span, constructor: Scale, height } = bench.scale;
  const [begin, times] = [performance.now(), []];
  const frame = (now) => {
    times.push(now);
    if (now - begin > 1000 * seconds) return done(times.slice(1).map((t, i) => t - times[i]));
    const from = top + span * 2 * Math.abs((((now - begin) / 5000) % 1) - 0.5);
    bench.show(new Scale(from, from + span, height));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


def results(directory: Path, server: Server) -> Iterator[Result]:
    values = np.random.default_rng(1).random((ROWS, WIDTH), np.float32)
    published(9000 + 0.1 * np.arange(ROWS), values, well="long", name="AMP")
    # Playwright keeps an event loop in this thread, in which Django does not query.
    depths = 9000 + 0.1 * np.arange(20_000)
    curve = published(depths, np.sin(depths).astype(np.float32)[:, None], well="long", name="GR")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        base = f"http://127.0.0.1:{server.port}"
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 800})
        yield _first_picture(page)
        yield _panning(page, server, str(curve.pk))
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


def _panning(page: Page, server: Server, curve: str) -> Result:
    for number in range(PICKS):
        place = {"depth": 9100 + number, "height": 0.3, "azimuth": 7.0 * number % 360}
        server.request("POST", "/dips/", json.dumps({"well": "long", **place}), JSON)
    page.goto("/view/long/")
    page.wait_for_function(SETTLED)
    image = page.evaluate("() => bench.page.logs.find((log) => log.kind === 'image').id")
    tracks = [f"image*{image}", f"image*{image}*map.gray", f"curve*{curve}", "tadpoles*"]
    query = "&".join(f"track={track}" for track in tracks)
    page.goto(f"/view/long/?{query}&top=9100&base=9200")
    page.wait_for_function(SETTLED)
    page.evaluate(PAN, PAN_SECONDS / 2)
    page.wait_for_function(SETTLED)
    between = page.evaluate(PAN, PAN_SECONDS)
    late = 100 * float(np.mean(np.asarray(between) > LATE_MILLISECONDS))
    what = f"frames later than {LATE_MILLISECONDS} ms, panning {PAN_SECONDS} s over cached tiles"
    return at_most(what, late, 3, " %")
