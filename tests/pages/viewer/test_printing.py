"""The workbench on paper, and windows that get smaller."""

import pytest

from tests.csvs import random_csv
from tests.pages.viewer.workbench import Workbench

# What there was when the last picture was drawn for paper.
WATCH = """() => {
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (!matches) return;
    const shown = (of) => document.querySelector(of).checkVisibility();
    const [area, axis] = [document.getElementById("area"), bench.elements.axis];
    window.printed = {
      colour: bench.colours.text,
      tools: shown(".tools"), form: shown("form.pick"), picks: shown("table.picks"),
      ends: area.getBoundingClientRect().bottom - axis.getBoundingClientRect().bottom,
    };
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_printed_is_the_walls_and_the_picks_in_dark_on_white(server, open_page, scheme):
    server.upload(random_csv(400), well="A-1")
    bench = Workbench(open_page(color_scheme=scheme)).open("A-1")
    bench.page.evaluate(WATCH)
    before = bench.page.evaluate("() => [bench.scale.height, bench.colours.text]")
    assert bench.page.pdf(format="A4", landscape=True).startswith(b"%PDF")
    printed = bench.page.evaluate("() => printed")
    assert (printed["tools"], printed["form"], printed["picks"]) == (False, False, True)
    assert printed["colour"] == "#23201c"
    assert 0 <= printed["ends"] < 5, "the walls end where their frame does"
    again = "([height, text]) => bench.scale.height === height && bench.colours.text === text"
    bench.page.wait_for_function(again, arg=before)


def test_the_walls_follow_a_browser_that_gets_smaller(server, bench):
    server.upload(random_csv(400), well="A-1")
    page = bench.open("A-1").page
    for height in (700, 560):
        page.set_viewport_size({"width": 1280, "height": height})
        page.wait_for_function(
            "(height) => bench.elements.axis.getBoundingClientRect().bottom <= height", arg=height
        )
        assert page.evaluate("() => document.documentElement.scrollHeight") <= height
