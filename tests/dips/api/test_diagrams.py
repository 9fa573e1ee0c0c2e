"""Diagrams and statistics of picks over HTTP."""

import io
import re

import pytest
from PIL import Image

from tests.dips.api.requests import add
from tests.problems import assert_problem


@pytest.mark.parametrize(
    "path",
    [
        "rose.png",
        "rose.svg?mirrored=true&by=length&terzaghi=true&theme=dark",
        "stereonet.png?density=true&theme=dark",
        "stereonet.svg?show=planes",
        "tadpoles.png?min=1000&max=2000",
        "tadpoles.svg?min=1000&max=2000",
    ],
)
def test_diagrams_have_strong_etags_and_change_with_the_picks(server, well, path):
    for number in range(10):
        add(server, azimuth=36.0 * number, type="fault" if number % 2 else "bedding")
    address = f"/dips/{path}{'&' if '?' in path else '?'}well={well.pk}&width=400&height=300"
    answer = server.get(address)
    tag = answer.headers["ETag"]
    assert tag.startswith('"')
    assert server.get(address, **{"If-None-Match": tag}).status == 304
    assert server.get(address).body == answer.body
    if ".png" in path:
        assert Image.open(io.BytesIO(answer.body)).size == (400, 300)
    else:
        assert b"bedding" in answer.body
    add(server)
    assert server.get(address).headers["ETag"] != tag


def test_the_rings_of_a_rose_of_counts_are_whole_numbers(server, well):
    add(server)
    svg = server.get(f"/dips/rose.svg?well={well.pk}").body.decode()
    numbers = re.findall(r">([\d.]+)</text>", svg)
    assert "1" in numbers
    assert not [number for number in numbers if "." in number]


def test_statistics_tell_counts_spacing_and_p10_by_type(server, well):
    for number in range(5):
        add(server, depth=1500.0 + 2 * number, type="bedding")
    add(server, depth=1510.0, type="fault")
    told = server.get(f"/dips/statistics?well={well.pk}&min=1500&max=1520").json
    assert (told["count"], told["top"], told["base"]) == (6, 1500, 1520)
    assert told["types"]["bedding"]["spacing_mean"] == pytest.approx(2)
    assert told["types"]["bedding"]["p10"] == pytest.approx(0.25)
    assert told["types"]["bedding"]["p10_terzaghi"] > told["types"]["bedding"]["p10"]
    assert told["types"]["fault"]["mean"]["concentration"] is None


def test_p10_of_the_shortest_interval_that_a_number_can_be_is_null(server, well):
    add(server, depth=0.0)
    told = server.get(f"/dips/statistics?well={well.pk}&min=0&max=5e-324").json
    assert (told["count"], told["p10"]) == (1, None)


def test_without_picks_statistics_and_diagrams_are_empty_and_no_error(server, well):
    assert server.get(f"/dips/statistics?well={well.pk}").json["count"] == 0
    for name in ("rose.png", "stereonet.png?density=true", "tadpoles.svg?min=0&max=9"):
        joined = f"/dips/{name}{'&' if '?' in name else '?'}well={well.pk}"
        assert server.get(joined).status == 200


def test_tadpoles_of_a_range_that_no_axis_can_show_are_refused(server, well):
    answer = server.get(f"/dips/tadpoles.svg?well={well.pk}&min=-1e308&max=1e308")
    assert "an axis ends at" in assert_problem(answer, 400, "invalid-parameter")["detail"]
