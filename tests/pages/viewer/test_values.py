"""Logs of physical values: images in their unit, nulls as nothing, curves."""

from copy import copy

import matplotlib
import numpy as np
import pytest
from django.test import Client
from PIL import Image

from photos.models import CorePhoto
from tests.pages.viewer.workbench import PIXEL
from tests.photos.pictures import encoded, post
from tests.values import published


@pytest.fixture
def wall():
    """Depths (400,) and values (400, 16) float32 with a null every tenth."""
    values = np.random.default_rng(3).lognormal(1, 1, (400, 16)).astype(np.float32)
    values[::10, 4] = np.nan
    return 100 + 0.5 * np.arange(400), values


def test_an_image_of_values_is_coloured_between_its_percentiles_and_nulls_are_nothing(bench, wall):
    depths, values = wall
    log = published(depths, values)
    bench.open(log.well, f"?track=image*{log.pk}*map.viridis&top=120&base=125")
    low, high = bench.page.evaluate("() => bench.tracks[0].range")
    assert (low, high) == pytest.approx(np.nanpercentile(values, [2, 98]), rel=0.05)
    for column in (0, 3, 4, 9):
        value = float(values[44, column])
        expected = matplotlib.colormaps["viridis"]((value - low) / (high - low), bytes=True)
        shown = bench.pixel(122, column * 22.5)
        # The ends of the range come as decimals.
        assert np.abs(np.subtract(shown, expected, dtype=int)).max() <= 2
    assert np.isnan(values[40, 4])
    assert bench.pixel(120.1, 4 * 22.5)[3] == 0
    bench.page.mouse.move(*bench.place(120.1, 4 * 22.5))
    bench.page.wait_for_function("() => /reading/.test(bench.elements.readout.textContent)")
    bench.page.mouse.move(*bench.place(122, 3 * 22.5))
    shown = f"{values[44, 3]:.5g}"
    bench.page.wait_for_function("(v) => bench.elements.readout.textContent.includes(v)", arg=shown)


def test_nulls_are_nothing_in_a_dynamic_image_either(bench, wall):
    depths, values = wall
    values = values.copy()
    values[:, 0] = np.nan  # as between two pads
    log = published(depths, values)
    bench.open(log.well, f"?track=image*{log.pk}*window.20&top=120&base=125")
    assert bench.pixel(122, 0.5)[3] == 0
    assert np.isnan(values[40, 4])
    assert bench.pixel(120.1, 4 * 22.5)[3] == 0
    assert bench.pixel(122, 3 * 22.5)[3] == 255


def test_a_window_of_nulls_or_beyond_the_log_says_no_values_here(bench, wall):
    depths, values = wall
    values = values.copy()
    values[40:60] = np.nan
    log = published(depths, values)
    bench.open(log.well, f"?track=image*{log.pk}&top=115&base=125")
    read = bench.words_drawn()
    bench.show(110, 135)
    assert "No values here" not in bench.page.evaluate("() => [...drawn].join(' ')")
    bench.show(121, 129)
    read("No values here.")


def test_the_range_of_values_is_dragged_without_a_request(bench, wall):
    log = published(*wall)
    bench.open(log.well)
    before = len(bench.tiles)
    bench.page.get_by_role("slider", name="Highest colour").press("ArrowLeft")
    bench.page.locator(".head .name").first.click()
    bench.page.get_by_label("Scale").select_option("log")
    bench.page.get_by_label("Range").select_option("equalize")
    bench.settle()
    assert bench.pixel(150, 45)[3] == 255
    assert len(bench.tiles) == before


def test_the_settings_of_values_name_the_range_that_is_shown(bench, wall):
    """Percentiles, not "as stored": values have no range of their own."""
    log = published(*wall)
    page = bench.open(log.well).page
    page.locator(".head .name").first.click()
    page.locator("#settings[open]").wait_for()
    stretch = page.get_by_label("Range")
    assert stretch.input_value() == "percentile"
    assert stretch.locator("option:not([hidden])").count() == 3
    low, high = page.evaluate("() => bench.tracks[0].range")
    fields = [page.get_by_label(of, exact=True) for of in ("Lowest", "Highest")]
    placeholders = [field.get_attribute("placeholder") for field in fields]
    assert placeholders == [f"{low:.5g}", f"{high:.5g}"]


def test_resistivity_is_drawn_on_a_logarithmic_scale_until_a_linear_one_is_chosen(bench, wall):
    depths, values = wall
    log = published(depths, values, unit="OHMM")
    page = bench.open(log.well, f"?track=image*{log.pk}&top=120&base=125").page
    low, high = np.nanpercentile(values, [2, 98])
    value = float(values[44, 3])

    def shows(part):
        expected = matplotlib.colormaps["copper"](part, bytes=True)
        return np.abs(np.subtract(bench.pixel(122, 3 * 22.5), expected, dtype=int)).max() <= 6

    assert shows(np.log(value / low) / np.log(high / low))
    assert page.locator(".range").first.inner_text().endswith("OHMM, log")
    page.locator(".head .name").first.click()
    page.locator("#settings[open]").wait_for()
    scale = page.get_by_label("Scale", exact=True)
    assert scale.input_value() == "log"
    scale.select_option("linear")
    bench.settle()
    assert shows((value - low) / (high - low))
    page.wait_for_url("**scale.linear**")
    page.reload()
    assert not bench.settle().page.evaluate("() => bench.tracks[0].logarithmic")


def test_a_curve_is_a_line_with_its_scale_that_breaks_at_nulls(bench):
    depths = 100 + 0.5 * np.arange(400)
    values = np.full((400, 1), 50, np.float32)
    values[0], values[1], values[40:60] = 0, 100, np.nan
    log = published(depths, values)
    bench.open(log.well, f"?track=curve*{log.pk}*width.200&top=105&base=150")
    inked = """(y) => {
      const { canvas } = bench.tracks[0];
      const row = canvas.getContext("2d").getImageData(90, y, 20, 1).data;
      return [...row].some((byte, i) => i % 4 === 3 && byte > 200 && row[i - 3] > 100);
    }"""
    height = bench.page.evaluate("() => bench.scale.height")
    at = lambda depth: int((depth - 105) / 45 * height)  # noqa: E731
    wide = "() => bench.tracks[0].range"
    assert bench.page.evaluate(wide) == [0, 100]
    assert bench.page.evaluate(inked, at(110))
    assert bench.page.evaluate(inked, at(140))
    gap = """([from, to]) => {
      const { canvas } = bench.tracks[0];
      const data = canvas.getContext("2d").getImageData(95, from, 4, to - from).data;
      return data.every((byte) => byte === 0);
    }"""
    assert bench.page.evaluate(gap, [at(121), at(129)])
    bench.page.mouse.move(*bench.place(140.1, 0))
    bench.page.wait_for_function("() => / 50/.test(bench.elements.readout.textContent)")


def test_a_curve_of_many_samples_is_asked_for_as_an_overview(bench):
    """As many values as there are pixels, not all that there are."""
    depths = 100 + 0.1 * np.arange(300_000)
    log = published(depths, np.sin(depths).astype(np.float32)[:, None])
    sizes = []

    def note(response):
        if "/get-images/" in response.url:
            sizes.append(int(response.headers["content-length"]))

    bench.page.on("response", note)
    bench.open(log.well)
    assert bench.page.evaluate("() => bench.tracks.map(({ spec }) => spec.kind).join()") == (
        "curve,tadpoles"
    )
    assert 0 < sum(sizes) < 10_000


def test_the_read_out_of_a_value_log_tells_the_value_with_its_unit(bench, wall):
    depths, values = wall
    log = published(depths, values, unit="ohm.m")
    bench.open(log.well, f"?track=image*{log.pk}&top=120&base=125")
    bench.page.mouse.move(*bench.place(122, 3 * 22.5))
    bench.page.wait_for_function("() => bench.elements.readout.textContent.includes(' ohm.m')")
    value = bench.readout.split(" · ")[-1].removesuffix(" ohm.m")
    assert float(value) == pytest.approx(float(values[44, 3]), rel=1e-4)


def test_a_core_photo_is_drawn_whole_and_between_its_own_depths(bench, wall):
    """Four quarters of one colour each, on a metre and a half: all of them are to be seen."""
    log = published(*wall)
    corners = [[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (255, 255, 0)]]
    quarters = Image.fromarray(np.kron(np.uint8(corners), np.ones((40, 20, 1), np.uint8)))
    fields = {"well": log.well, "top_depth": "121", "base_depth": "122.5"}
    assert (
        post(Client(SERVER_NAME="localhost"), encoded(quarters, "PNG"), **fields).status_code == 201
    )
    bench.open(log.well, "?track=photos*&top=120&base=125")
    bench.page.wait_for_function("() => bench.tracks[0].photos?.length === 1")
    bench.settle()
    height = bench.page.evaluate("() => bench.scale.height") * 1.5 / 5
    width = min(height / 2, bench.page.evaluate("() => bench.tracks[0].body.clientWidth"))

    def pixel(part, depth):
        x, y = int(part * width), int(height / 1.5 * (depth - 120))
        return tuple(bench.page.evaluate(PIXEL, [0, x, y])[:3])

    for row, depth in enumerate((121.1, 122.4)):
        for column, part in enumerate((0.1, 0.9)):
            assert pixel(part, depth) == pytest.approx(corners[row][column], abs=3)
    assert pixel(0.5, 120.9) == pixel(0.5, 122.6) == (0, 0, 0)


def test_the_deepest_of_many_core_photos_is_drawn_too(bench, wall):
    """Photos come page by page: here two at a time instead of a thousand."""
    log = published(*wall)
    smaller = lambda route: route.continue_(  # noqa: E731
        url=route.request.url.replace("limit=1000", "limit=2")
    )
    bench.page.route("**/photos/?**", smaller)
    picture = encoded(Image.new("RGB", (20, 40), (255, 0, 0)), "PNG")
    fields = {"well": log.well, "top_depth": "121", "base_depth": "122.5"}
    post(Client(SERVER_NAME="localhost"), picture, **fields)
    photo = CorePhoto.objects.get()
    shallower = []
    for i in range(4):
        above = copy(photo)
        above.pk, above.top_depth, above.base_depth = None, 100 + i / 100, 100 + (i + 1) / 100
        shallower.append(above)
    CorePhoto.objects.bulk_create(shallower)
    bench.open(log.well, "?track=photos*&top=120&base=125")
    bench.page.wait_for_function("() => bench.tracks[0].photos?.length === 5")
    bench.settle()
    y = bench.page.evaluate("() => Math.round(bench.scale.y(121.5))")
    assert bench.page.evaluate(PIXEL, [0, 5, y])[:3] == pytest.approx([255, 0, 0], abs=3)
