"""The workbench as a person uses it: pointer, keys, and what can be seen."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

from image_processor import static_files

SCRIPTS = f"/static/{static_files.version()}/pages/viewer/"
SETTLED = """() => window.bench?.tracks.length && !bench.store.busy
  && bench.tracks.every((track) => !track.log || track.log.statistics)"""
FRAMES = """() => new Promise((done) => {
  bench.redraw();
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""
WORDS_DRAWN = """() => {
  window.drawn = new Set();
  const draw = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...of) {
    drawn.add(text);
    return draw.call(this, text, ...of);
  };
}"""
PIXEL = """([track, x, y]) => {
  const { canvas } = bench.tracks[track];
  const context = canvas.getContext("2d");
  return [...context.getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data];
}"""


@dataclass
class Workbench:
    page: Page
    tiles: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if "/get-images/" in request.url:
            self.tiles.append(request.url)

    def open(self, well: str, query: str = "") -> "Workbench":
        self.page.goto(f"/view/{quote(well, safe='')}/{query}")
        return self.settle().wake()

    def wake(self) -> "Workbench":
        """Have fetched what handles pointers and keys, as the first move of a mouse does."""
        self.page.mouse.move(1, 1)
        self.page.wait_for_function("() => bench.navigation")
        return self

    def settle(self) -> "Workbench":
        """Until all that the window needs has come, and a frame was drawn with it."""
        self.page.wait_for_function(SETTLED, timeout=60_000)
        self.page.evaluate(FRAMES)
        # A frame asks for what its window lacks.
        return self if self.page.evaluate(SETTLED) else self.settle()

    def until(self, condition: Callable[[], Any]) -> None:
        """Wait for what the handlers of this page's events bring about."""
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, "in vain"
            self.page.wait_for_timeout(20)

    def own_clock(self) -> "Workbench":
        """Give the page a clock that `hurry` can put forward."""
        self.page.clock.install()
        return self

    def hurry(self, condition: str) -> None:
        """Until a condition in JavaScript is true; timers set since `own_clock` do not wait."""
        end = time.monotonic() + 60
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, "in vain"
            self.page.clock.fast_forward(250)

    @property
    def window(self) -> tuple[float, float]:
        return tuple(self.page.evaluate("() => [bench.scale.top, bench.scale.base]"))

    def show(self, top: float, base: float) -> "Workbench":
        """Move the window at once."""
        moved = "bench.show(new bench.scale.constructor(top, base, bench.scale.height))"
        self.page.evaluate(f"([top, base]) => {{ {moved}; bench.save(); }}", [top, base])
        return self.settle()

    def place(self, depth: float, azimuth: float, track: int = 0) -> tuple[float, float]:
        """Where on the screen a place of the wall is."""
        box = self.page.locator(".track .body").nth(track).bounding_box()
        top, base = self.window
        turn = self.page.evaluate(f"() => bench.tracks[{track}].turn ?? 0")
        height = self.page.evaluate("() => bench.scale.height")
        width = self.page.evaluate(f"() => bench.tracks[{track}].body.clientWidth")
        left = box["x"] + (box["width"] - width)
        x = left + ((azimuth - turn) % 360) / 360 * width
        return x, box["y"] + (depth - top) / (base - top) * height

    def pixel(self, depth: float, azimuth: float, track: int = 0) -> list[int]:
        """The colour that is drawn at a place of the wall, as RGBA."""
        box = self.page.locator(".track .wall").nth(track).bounding_box()
        x, y = self.place(depth, azimuth, track)
        return self.page.evaluate(PIXEL, [track, int(x - box["x"]), int(y - box["y"])])

    def words_drawn(self) -> Callable[[str], str]:
        """A function that waits for words, which are drawn from now on, and returns all of them."""
        self.page.evaluate(WORDS_DRAWN)

        def read(part: str) -> str:
            self.page.wait_for_function("(part) => [...drawn].join(' ').includes(part)", arg=part)
            return self.page.evaluate("() => [...drawn].join(' ')")

        return read

    @property
    def readout(self) -> str:
        return self.page.locator("#readout").inner_text()

    @property
    def status(self) -> str:
        return self.page.locator("#status").inner_text()

    def run(self, module: str, script: str, *of: Any) -> Any:
        """What a function of a pure module says, as JSON; numbers that JSON lacks are null."""
        call = f"async (of) => {{ const m = await import('{SCRIPTS}{module}.js'); "
        call += f"return JSON.stringify((({script}))(...of)); }}"
        return json.loads(self.page.evaluate(call, list(of)) or "null")
