"""Logs whose columns are not azimuths: spectra such as T2_DIST, and waveforms."""

import numpy as np
import pytest

from images.embedded import Axis
from tests.dips.api.requests import send
from tests.pages.viewer.picks import make_well, only_log
from tests.pages.viewer.test_page import begun_with
from tests.problems import assert_problem
from tests.values import published, random_values

PLACES = np.geomspace(0.3, 3000, 30).tolist()


@pytest.fixture
def spectrum():
    depths, values = random_values(200, 30)
    axis = Axis(name="T2", unit="ms", places=PLACES)
    return published(depths, np.nan_to_num(values), name="T2_DIST", axis=axis), values


def test_a_spectrum_is_read_along_its_axis_and_not_as_azimuths(bench, spectrum):
    _, values = spectrum
    read = bench.open("A-1").words_drawn()
    bench.show(110, 120)
    labels = read("ms").split()
    assert {"0.3", f"{PLACES[15]:.3g}", "3000"} <= {*labels}
    assert not any("°" in label for label in labels if label not in {"0°", "30°", "60°", "90°"})
    page = bench.page
    box = page.locator(".track .body").first.bounding_box()
    x = box["x"] + 9.5 / 30 * bench.page.evaluate("() => bench.tracks[0].body.clientWidth")
    y = bench.place(115.0, 0)[1]
    page.mouse.move(x, y)
    page.wait_for_function("() => /V|\\d$/.test(bench.elements.readout.textContent)")
    _, place, value = bench.readout.split(" · ")
    assert place == f"T2 {PLACES[9]:.5g} ms"
    assert float(value) == pytest.approx(values[30, 9], rel=1e-4)


def test_no_plane_is_picked_or_drawn_on_a_spectrum(bench, spectrum):
    page = bench.open("A-1").page
    page.keyboard.press("p")
    page.get_by_text("Planes are picked on an image of the wall").wait_for()
    assert not page.evaluate("() => bench.editor.picker.active")
    assert not page.evaluate("() => bench.picks.onWall(bench.scale, bench.tracks[0].log).length")
    page.locator(".head .name").first.click()
    page.get_by_label("Colormap").wait_for()
    assert page.get_by_label("Rotation").is_hidden()


def test_picks_of_the_api_are_refused_on_a_spectrum(server, spectrum):
    body = {"well": "A-1", "log": str(spectrum[0].pk), "depth": 110, "height": 0.2, "azimuth": 9}
    for path in ("/dips/", "/dips/fit"):
        problem = assert_problem(send(server, "POST", path, body), 400, "invalid-parameter")
        assert "its columns are T2, not azimuths" in problem["detail"]
    assert server.get("/dips/").json["count"] == 0


def test_images_of_the_wall_are_shown_before_spectra(server, spectrum):
    wall = published(*random_values(50, 8), name="AMP", sha256="1" * 64)
    tracks = begun_with(server, "/view/A-1/")["tracks"]
    assert tracks == [f"image*{wall.pk}", f"image*{spectrum[0].pk}", "tadpoles*"]


def test_planes_are_picked_on_the_wall_beside_a_spectrum(server, bench, wall):
    well = make_well(server, wall, "A-1")
    log = only_log(server)
    depths, values = random_values(200, 30)
    axis = Axis(name="T2", unit="ms", places=PLACES)
    t2 = published(depths + 900, np.nan_to_num(values), name="T2_DIST", axis=axis)
    query = f"?track=image*{t2.pk}*width.200&track=image*{log}*width.400&top=1000&base=1003"
    page = bench.open(well, query).page
    page.keyboard.press("p")
    page.wait_for_function("() => bench.editor?.picker.active")
    box = page.locator(".track .body").first.bounding_box()
    page.mouse.click(box["x"] + 90, box["y"] + 90)
    assert page.evaluate("() => bench.editor.picker.points.length") == 0
    page.mouse.click(*bench.place(1001, 90, track=1))
    assert page.evaluate("() => bench.editor.picker.points.length") == 1
