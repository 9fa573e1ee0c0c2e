"""What a query of GET /get-images/ asks for, and why it is refused."""

import pytest

from images.render import window_request
from images.render.representations import REPRESENTATIONS
from web.errors import InvalidParameter


def read(query, form="png", base="1010"):
    texts = dict(part.split("=", 1) for part in query.split("&") if part)
    return window_request.read(REPRESENTATIONS[form], "1000", base, texts)


def test_a_query_without_parameters_asks_for_the_traces_as_they_are():
    asked = read("")
    assert (asked.top, asked.base, asked.format) == (1000, 1010, "png")
    assert asked.plain
    assert (asked.stretch, asked.scale, asked.percentiles) == ("none", "linear", (2, 98))
    assert asked.height is asked.width is asked.sliding is asked.colormap is asked.stops is None
    assert not asked.wide


def test_what_is_asked_for_is_parsed():
    asked = read("colormap=custom&stops=000000,ffffff&stretch=percentile&percentile=5,95&height=7")
    assert (asked.colormap, asked.stops) == ("custom", "000000,ffffff")
    assert (asked.stretch, asked.percentiles, asked.height) == ("percentile", (5, 95), 7)
    assert read("stretch=minmax&normalize=dynamic&window=2.5").sliding == 2.5
    assert read("columns=wide", "parquet").wide


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("stops=000000,ffffff", "stops='000000,ffffff': it needs colormap=custom"),
        ("colormap=jet&stops=0", "stops='0': it needs colormap=custom"),
        ("colormap=custom", "stops=''"),
        ("percentile=2,98", "percentile='2,98': it needs stretch=percentile"),
        ("stretch=minmax&percentile=2,98", "percentile='2,98': it needs stretch=percentile"),
        ("window=2", "window='2': it needs normalize=dynamic"),
        ("normalize=static&window=2", "window='2': it needs normalize=dynamic"),
        ("normalize=dynamic&window=2", "normalize='dynamic': dynamic normalisation needs a"),
        ("normalize=dynamic&stretch=minmax", "window='': the window of dynamic normalisation"),
        ("normalize=dynamic&stretch=minmax&window=2&scale=log", "scale='log': dynamic"),
        ("stretch=minmax&vmax=9&vmin=3", "vmax='9.0': stretch=minmax determines the range"),
        ("vmin=9&vmax=9", "vmin='9.0': vmin must be less than vmax, 9.0"),
        ("columns=wide", "columns='wide': it is not a parameter of png"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused_with_the_reason(query, told):
    with pytest.raises(InvalidParameter) as caught:
        read(query)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("query", ["vmin=256", "vmax=0", "vmax=-1"])
def test_one_end_is_compared_with_the_other_end_of_the_grays(query):
    with pytest.raises(InvalidParameter, match="vmin must be less than vmax"):
        read(query).stretched  # noqa: B018 - it is a property that raises


def test_a_picture_cannot_be_of_a_range_whose_length_is_no_float64():
    with pytest.raises(InvalidParameter, match="height='9': the range from min to max is too long"):
        window_request.read(REPRESENTATIONS["png"], "-1.7e308", "1.7e308", {"height": "9"})
