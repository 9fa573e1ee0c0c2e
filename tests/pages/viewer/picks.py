"""Wells with picks, for the tests of the workbench."""

import json

import numpy as np

from tests.pages.viewer.walls import BIT_INCHES

JSON = {"Content-Type": "application/json"}
# Of columns of the image: where the dark line is in each, in pixels.
DARK = """(columns) => columns.map((x) => {
  const { canvas } = bench.tracks[0];
  const ratio = devicePixelRatio;
  const column = canvas.getContext("2d").getImageData(x * ratio, 0, 1, canvas.height).data;
  let [sum, weights] = [0, 0];
  for (let y = 0; y < canvas.height; y++) {
    const dark = Math.max(0, 120 - column[4 * y]);
    sum += dark * (y + 0.5);
    weights += dark;
  }
  return sum / weights / ratio;
})"""


def make_well(server, wall, name):
    """The wall as an image log of a well with a survey; its id."""
    made = server.request("POST", "/wells/", json.dumps({"name": name}), JSON).json["id"]
    log = server.upload(wall.csv, well=name).json["id"]
    turn = {"first_azimuth": 0, "clockwise": True, "azimuth_reference": "top of hole"}
    answer = server.request("PATCH", f"/logs/{log}/", json.dumps(turn), JSON)
    assert answer.status == 200, answer.body
    facts = {"bit_size": BIT_INCHES, "bit_size_unit": "in", "depth_unit": "m"}
    answer = server.request("PATCH", f"/wells/{made}/", json.dumps(facts), JSON)
    assert answer.status == 200, answer.body
    put = server.request("PUT", f"/wells/{made}/survey", wall.survey, {"Content-Type": "text/csv"})
    assert put.status < 300, put.body
    return made


def only_log(server):
    """The id of the only log that there is."""
    [log] = server.get("/logs/").json["results"]
    return log["id"]


def stored(server, well):
    return server.get(f"/dips/?well={well}&limit=1000").json["results"]


def look_at(bench, plane):
    return bench.show(plane.depth - 0.7 * plane.height, plane.depth + 0.7 * plane.height)


def click_along(bench, plane, rng, points=12, scatter=1):
    """Click on the dark line of a plane, each click off by up to a pixel across and down."""
    box = bench.page.locator(".track .body").first.bounding_box()
    across = [int(share * box["width"]) for share in (np.arange(points) + 0.5) / points]
    # All are looked for before the sinusoid is drawn over the line.
    for x, y in zip(across, bench.page.evaluate(DARK, across), strict=True):
        off = rng.integers(-scatter, scatter + 1, 2)
        bench.page.mouse.click(box["x"] + x + 0.5 + off[0], box["y"] + y + off[1])


def saved(bench):
    """After all that was picked has been saved."""
    bench.page.evaluate("() => bench.editor.picker.saving")
    return bench.settle()


def make_pick(server, well, plane, **fields):
    place = {"depth": plane.depth, "height": plane.height, "azimuth": plane.azimuth}
    body = {"well": well, "log": only_log(server), "type": "fault", **place, **fields}
    answer = server.request("POST", "/dips/", json.dumps(body), JSON)
    assert answer.status == 201, answer.body
    return answer.json


def selected(bench):
    return bench.page.evaluate("() => bench.selected")
