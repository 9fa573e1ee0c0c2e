"""Curves: their scales, and two of them in one track."""

import numpy as np
import pytest

from tests.pages.viewer.workbench import PIXEL
from tests.values import published

DEPTHS = 100 + 0.5 * np.arange(400)
# Where a curve, which is darker than the grid, is at a height, in pixels from the left.
CROSSED = """([track, y]) => {
  const { canvas } = bench.tracks[track];
  const row = canvas.getContext("2d").getImageData(0, y, canvas.width, 1).data;
  const inked = [...row.keys()].filter((i) => i % 4 === 3 && row[i] > 128 && row[i - 1] < 100);
  return inked.reduce((sum, i) => sum + (i - 3) / 4, 0) / inked.length;
}"""


def curve(name, values, unit):
    column = np.full((400, 1), values, np.float32) if np.isscalar(values) else values[:, None]
    return published(DEPTHS, column.astype(np.float32), name=name, unit=unit)


@pytest.fixture
def pair():
    """Density and neutron porosity, which people read together."""
    return curve("RHOB", 2.2, "g/cc"), curve("NPHI", 30, "pu")


def test_a_curve_ends_at_round_numbers_and_one_of_resistivity_at_whole_decades(bench):
    gamma = curve("GR", np.linspace(63.556, 116.03, 400), "API")
    deep = curve("RD", np.geomspace(0.3, 450, 400), "ohm.m")
    page = bench.open("A-1", f"?track=curve*{gamma.pk}&track=curve*{deep.pk}&top=120&base=130").page
    ends = page.locator(".ends").all_inner_texts()
    assert [words.split() for words in ends] == [["60", "120", "API"], ["0.1", "1000", "ohm.m"]]


def test_a_curve_without_values_in_the_window_says_so(bench):
    log = curve("GR", np.where(DEPTHS < 150, np.nan, 5), "API")
    empty = curve("RX", np.nan, "ohm.m")
    page = bench.open("A-1", f"?track=curve*{log.pk}&top=140&base=160").page
    read = bench.words_drawn()
    bench.show(140, 161)
    assert "No values here" not in page.evaluate("() => [...drawn].join(' ')")
    bench.show(120, 130)
    read("No values here.")
    bench.open("A-1", f"?track=curve*{empty.pk}&top=140&base=160")
    assert page.locator(".ends").first.inner_text().strip() == "ohm.m"


def test_two_curves_in_one_track_have_a_scale_each_and_are_read_together(bench, pair):
    density, neutron = pair
    query = f"?track=curve*{density.pk}*range.1.95_2.95*width.200&track=curve*{neutron.pk}"
    page = bench.open("A-1", f"{query}&top=120&base=130").page
    page.locator(".head .name").nth(1).click()
    page.get_by_label("Lowest").fill("45")
    page.get_by_label("Highest").fill("-15")
    page.get_by_label("In one track with the curve at its left").check()
    page.wait_for_url("**range.45_-15**")
    assert f"curve*{neutron.pk}*over.1*" in page.url
    page.reload()
    bench.settle().wake()
    boxes = [wall.bounding_box() for wall in page.locator(".track .wall").all()]
    assert boxes[0] == boxes[1]
    assert boxes[0]["width"] == pytest.approx(200, abs=1)
    # 2.2 is a quarter of the way from 1.95, and 30 a quarter of the way from 45.
    for track in (0, 1):
        # The second line is dashed: where it is drawn at all, it is there.
        found = [page.evaluate(CROSSED, [track, y]) for y in range(100, 112)]
        assert any(x == pytest.approx(50, abs=2) for x in found if x is not None), found
    page.mouse.move(boxes[0]["x"] + 30, boxes[0]["y"] + 30)
    said = "RHOB 2.2 g/cc · NPHI 30 pu"
    page.wait_for_function("(said) => bench.elements.readout.textContent.includes(said)", arg=said)


def test_a_curve_over_another_is_taken_out_moved_and_left_alone_when_that_is_removed(bench, pair):
    density, neutron = pair
    query = f"?track=curve*{density.pk}&track=curve*{neutron.pk}*over.1&top=120&base=130"
    page = bench.open("A-1", query).page
    inside = page.locator(".track .track")
    assert inside.count() == 1
    name = inside.locator(".name")
    name.press("Alt+ArrowLeft")
    page.wait_for_function("() => bench.tracks[0].title === 'NPHI'")
    assert inside.count() == 0
    page.locator(".head .name", has_text="NPHI").press("Alt+ArrowRight")
    page.wait_for_function("() => bench.tracks[1].title === 'NPHI'")
    assert inside.count() == 1
    page.locator(".head .name", has_text="RHOB").click()
    page.get_by_role("button", name="Remove").click()
    page.wait_for_function("() => bench.tracks.length === 1")
    assert inside.count() == 0
    assert page.locator("#tracks > .track").count() == 1
    bench.settle()
    assert page.evaluate(PIXEL, [0, 1, 1]) is not None
