"""Legends of logs: the colours, and an axis whose ticks are the values that they stand for."""

import io

import numpy as np
import pytest
from matplotlib import colormaps
from PIL import Image

from images.render import legend_request
from images.render.legend import draw_log_legend
from images.render.representations import REPRESENTATIONS
from tests.values import published
from web.errors import InvalidParameter

VIRIDIS = colormaps["viridis"](np.linspace(0, 1, 255), bytes=True)[:, :3]


@pytest.fixture
def decades():
    """Values from 1 to 10 000, evenly spaced by their logarithm."""
    values = np.logspace(0, 4, 400, dtype=np.float32).reshape(50, 8)
    return published(np.arange(50) / 10, values, name="RES", unit="ohm.m")


def legend(log, **query):
    png = REPRESENTATIONS["png"]
    drawn = draw_log_legend(legend_request.read(png, "viridis", {"log": str(log.pk), **query}), log)
    return np.array(Image.open(io.BytesIO(drawn)).convert("RGB")).astype(int)


def ticks(picture):
    """The places of the ticks below the bar, from 0 at its left end to 1 at its right one."""
    dark = picture.sum(axis=2) < 200
    rows = np.flatnonzero(dark.sum(axis=1) > 300)
    left, *_, right = np.flatnonzero(dark[rows[-1]])
    return (np.flatnonzero(dark[rows[-1] + 2, left : right + 1])) / (right - left)


def test_the_bar_has_the_colours_of_the_pictures_of_the_log(decades):
    picture = legend(decades)
    assert picture.shape == (80, 400, 3)
    bar = picture[20, 26:374]
    expected = VIRIDIS[np.linspace(0, 254, len(bar)).round().astype(int)]
    assert np.abs(bar - expected).max() <= 6


def test_ticks_stand_at_the_values_of_the_range(decades):
    found = ticks(legend(decades, vmin="0", vmax="100"))
    np.testing.assert_allclose(found, [0, 0.2, 0.4, 0.6, 0.8, 1], atol=0.01)


def test_on_a_logarithmic_scale_a_decade_is_as_wide_as_another(decades):
    found = ticks(legend(decades, vmin="1", vmax="10000", scale="log"))
    expected = np.log10([d * 10**k for k in range(4) for d in range(1, 10)] + [10**4]) / 4
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_where_values_are_equalized_their_quarters_are_as_wide_as_each_other(decades):
    found = ticks(legend(decades, stretch="equalize"))
    np.testing.assert_allclose(found, [0, 0.25, 0.5, 0.75, 1], atol=0.01)


def test_the_name_and_the_unit_stand_below_and_signs_of_mathematics_are_text(decades):
    before = legend(decades)[60:]
    decades.unit = r"$\frac{"
    after = legend(decades)[60:]
    decades.unit = "ohm.m"
    assert (before != after).any()
    np.testing.assert_array_equal(legend(decades)[60:], before)


def test_a_log_of_one_value_has_a_legend_with_that_value():
    log = published(np.arange(9) / 10, np.full((9, 4), 2.5, np.float32))
    np.testing.assert_allclose(ticks(legend(log)), [0.5], atol=0.01)


def test_a_scale_without_a_log_is_refused():
    png = REPRESENTATIONS["png"]
    with pytest.raises(InvalidParameter, match="it belongs to log="):
        legend_request.read(png, "viridis", {"scale": "log"})


@pytest.mark.parametrize(("name", "unit"), [("电阻率", "ohm.m"), ("RES", "米")])
def test_the_id_stands_below_in_place_of_letters_that_the_font_lacks(decades, name, unit):
    decades.name, decades.unit = name, unit
    in_place = legend(decades)[60:]
    decades.name, decades.unit = f"log {decades.pk}", None
    np.testing.assert_array_equal(in_place, legend(decades)[60:])


def test_greek_cyrillic_and_accents_are_drawn(decades):
    decades.name, decades.unit = "Öffnung Ω пласт", "µm"
    named = legend(decades)[60:]
    decades.name, decades.unit = f"log {decades.pk}", None
    assert (named != legend(decades)[60:]).any()


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_an_axis_of_numbers_with_which_matplotlib_fails_is_refused(decades, scale):
    with pytest.raises(InvalidParameter, match=r"vmax='1e\+101': an axis ends at 1e\+100"):
        legend(decades, vmin="1", vmax="1e101", scale=scale)
    assert legend(decades, vmin="1e-320", vmax="1e100", scale=scale).shape == (80, 400, 3)
    assert legend(decades, vmin="-1e100" if scale == "linear" else "1", vmax="1e100").any()
