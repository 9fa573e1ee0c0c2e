"""The workbench in a browser: its first picture, panning, zooming, and what it loads."""

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests import chromium
from tests.benchmarks.measure import Result, at_most, seconds
from tests.server import Server
from tests.values import published

ROWS, WIDTH = 2_000_000, 16
TOP, STEP = 9000, 0.1
ROUNDS = 9
PICKS = 200
PAN_SECONDS = 10
LATE_MILLISECONDS = 34
JSON = {"Content-Type": "application/json"}
DRAWN = """() => window.bench?.tracks[0]?.tiles(bench.scale).some(
  (tile) => bench.tracks[0].want(tile).pictures.size)"""
SETTLED = "() => window.bench?.tracks.length && !bench.store.busy"
# Down and up again over the same depths; the time from each frame to the next.
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
    # Before the browser starts: Playwright keeps an event loop, in which Django does not query.
    depths = TOP + STEP * np.arange(ROWS)
    values = np.random.default_rng(1).random((ROWS, WIDTH), np.float32)
    image = published(depths, values, well="long", name="AMP")
    curve = published(depths, values[:, :1], well="long", name="GR", sha256="1" * 64)
    with sync_playwright() as playwright:
        browser = chromium.started(playwright)
        base = f"http://127.0.0.1:{server.port}"
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 800})
        yield _first_picture(page)
        yield from _zoom(page, str(image.pk))
        yield _panning(page, server, str(image.pk), str(curve.pk))
        browser.close()


def _open(page: Page, path: str) -> None:
    response = page.goto(path)
    assert response is not None
    assert response.status in (200, 304), (path, response.status, response.text())


def _first_picture(page: Page) -> Result:
    """In a browser that has been there before: what does not change comes out of its cache."""

    def drawn() -> None:
        _open(page, "/view/long/")
        page.wait_for_function(DRAWN)

    ways = (drawn, lambda: _open(page, "/healthz"))
    taken: dict[Any, list[float]] = {way: [] for way in ways}
    for way in ways * (ROUNDS + 1):
        taken[way].append(seconds(way))
    of_log, of_nothing = (statistics.median(times[1:]) for times in taken.values())
    what = f"the first picture of a log of {ROWS} rows : an empty page"
    return at_most(what, of_log / of_nothing, 3)


def _zoom(page: Page, image: str) -> Iterator[Result]:
    """From the whole well to a metre, by the wheel."""
    asked: list[str] = []

    def note(request: Any) -> None:
        if "/get-images/" in request.url:
            asked.append(request.url)

    _open(page, f"/view/long/?track=image*{image}")
    page.wait_for_function(SETTLED)
    page.on("request", note)
    box = page.locator(".track .body").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 300)
    page.keyboard.down("Control")
    while page.evaluate("() => bench.scale.span > 1"):
        page.mouse.wheel(0, -60)
        page.wait_for_timeout(20)
    page.keyboard.up("Control")
    page.wait_for_function(SETTLED)
    page.remove_listener("request", note)
    yield at_most("tiles asked for while zooming from the whole well to 1 m", len(asked), 60)
    yield at_most("of them asked for more than once", len(asked) - len({*asked}), 0)


def _panning(page: Page, server: Server, image: str, curve: str) -> Result:
    for number in range(PICKS):
        place = {"depth": TOP + 100 + number, "height": 0.3, "azimuth": 7.0 * number % 360}
        answer = server.request("POST", "/dips/", json.dumps({"well": "long", **place}), JSON)
        assert answer.status == 201, answer.body
    tracks = [f"image*{image}", f"image*{image}*map.gray", f"curve*{curve}", "tadpoles*"]
    query = "&".join(f"track={track}" for track in tracks)
    _open(page, f"/view/long/?{query}&top={TOP + 100}&base={TOP + 200}")
    page.wait_for_function(SETTLED)
    page.evaluate(PAN, PAN_SECONDS / 2)
    page.wait_for_function(SETTLED)
    between = page.evaluate(PAN, PAN_SECONDS)
    late = 100 * float(np.mean(np.asarray(between) > LATE_MILLISECONDS))
    what = f"frames later than {LATE_MILLISECONDS} ms, panning {PAN_SECONDS} s over cached tiles"
    return at_most(what, late, 3, " %")
