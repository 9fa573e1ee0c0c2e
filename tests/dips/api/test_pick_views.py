"""Picks over HTTP: made, listed, fitted, and changed with If-Match."""

import numpy as np
import pytest

from tests.dips.api.requests import SINE, WELL, add, send
from tests.problems import UNKNOWN_ID, assert_problem


def test_a_fit_of_points_keeps_nothing(server, well):
    azimuths = np.arange(0, 360, 30)
    depths = 1500 + 0.2 * np.cos(np.radians(azimuths - 75))
    points = [{"depth": d, "azimuth": float(a)} for d, a in zip(depths, azimuths, strict=True)]
    body = {"well": WELL, "points": points, "reference": "north"}
    dip = send(server, "POST", "/dips/fit", body).json
    assert dip["height"] == pytest.approx(0.4)
    assert dip["apparent_azimuth"] == pytest.approx(75)
    assert len(dip["residuals"]) == 12
    deepest = max(dip["trace"], key=lambda point: point["depth"])
    assert deepest["azimuth"] in (70, 80)
    assert server.get("/dips/").json["count"] == 0
    for point in points:
        point["azimuth"] = 10.0
    problem = assert_problem(send(server, "POST", "/dips/fit", body), 400, "points-insufficient")
    assert "lie on 1 azimuth;" in problem["detail"]


def test_if_match_keeps_two_people_from_undoing_each_other(server, well):
    answer = add(server)
    path, tag = f"/dips/{answer.json['id']}/", answer.headers["ETag"]
    assert tag == '"1"'
    changed = send(server, "PATCH", path, {"type": "fault"}, **{"If-Match": tag})
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    conflict = send(server, "PATCH", path, {"type": "bedding"}, **{"If-Match": tag})
    versions = assert_problem(conflict, 412, "dip-changed")["versions"]
    assert (versions["yours"]["type"], versions["current"]["type"]) == ("other", "fault")
    late = server.request("DELETE", path, headers={"If-Match": tag})
    assert_problem(late, 412, "dip-changed")
    assert server.request("DELETE", path, headers={"If-Match": '"2"'}).status == 204
    assert_problem(server.get(path), 404, "dip-not-found")
    acts = [event["act"] for event in server.get(f"{path}history").json["results"]]
    assert acts == ["deleted", "changed", "made"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"hieght": 1}, "did you mean height?"),
        ({"depth": None}, "depth"),
        ({"height": -1}, "height"),
        ({"azimuth": 400}, "azimuth"),
        ({"points": [{"depth": 1, "azimuth": 1}]}, "points"),
        ({"type": "crack"}, "type"),
        ({"diameter": 8.5}, "diameter_unit"),
        ({"diameter": 8.5, "diameter_unit": "furlong"}, "furlong"),
        ({"reference": "south"}, "reference"),
        ({"true_dip": 5}, "A plane is one of"),
        ({"quality": {}}, "quality"),
    ],
)
def test_what_a_pick_cannot_be_is_named(server, fields, named):
    answer = send(server, "POST", "/dips/", {"well": WELL, **SINE, **fields})
    assert named in assert_problem(answer, 400, "invalid-parameter")["detail"]
    assert server.get("/dips/").json["count"] == 0


def test_points_that_determine_no_plane_make_no_well(server):
    points = [{"depth": depth, "azimuth": 10} for depth in (1, 2, 3)]
    answer = send(server, "POST", "/dips/", {"well": "new", "points": points})
    assert_problem(answer, 400, "points-insufficient")
    assert server.get("/wells/").json["count"] == 0


@pytest.mark.parametrize(("sent", "kept"), [(360, 0), (-1e-20, 0), (-10, 350), (359.9, 359.9)])
def test_azimuths_are_kept_from_0_to_less_than_360(server, well, sent, kept):
    assert add(server, azimuth=sent).json["apparent_azimuth"] == kept


def test_a_pick_of_a_log_that_is_not_there_is_refused(server):
    answer = send(server, "POST", "/dips/", {"well": WELL, **SINE, "log": UNKNOWN_ID})
    assert_problem(answer, 404, "log-not-found")


def test_deleting_a_log_keeps_its_picks(server, ingest):
    from tests.csvs import random_csv

    log, _ = ingest(random_csv(5), well=WELL)
    dip = send(server, "POST", "/dips/", {"log": str(log.pk), **SINE}).json
    assert (dip["well"], dip["log"]) == (WELL, str(log.pk))
    assert server.request("DELETE", f"/logs/{log.pk}/").status == 204
    assert server.get(f"/dips/{dip['id']}/").json == {
        k: v for k, v in dip.items() if k != "warnings"
    }


def test_lists_are_filtered_and_paged(server, well):
    for number, kind in enumerate(["bedding", "fault", "bedding", "breakout"]):
        add(server, depth=1000.0 + number, type=kind)

    def depths(query):
        return [dip["depth"] for dip in server.get(f"/dips/?{query}").json["results"]]

    assert depths("min=1001&max=1002") == [1001, 1002]
    assert depths(f"well={well.pk}&type=bedding,fault") == [1000, 1001, 1002]
    assert depths("well=elsewhere") == []
    assert_problem(server.get("/dips/?type=bedding,crack"), 400, "invalid-parameter")
    page = server.get("/dips/?limit=3").json
    assert (page["count"], page["previous"]) == (4, None)
    rest = server.get(page["next"].partition("//")[2].partition("/")[2].join(["/", ""])).json
    assert ([dip["depth"] for dip in rest["results"]], rest["next"]) == ([1003], None)


def test_a_structural_dip_is_taken_away(server, well):
    dip = add(server).json
    structural = f"{dip['true_dip']},{dip['true_azimuth']}"
    [found] = server.get(f"/dips/?structural={structural}").json["results"]
    assert found["restored_dip"] == pytest.approx(0, abs=1e-9)
    assert found["true_dip"] == dip["true_dip"]


def test_a_pick_changes_from_a_sinusoid_to_a_true_dip_and_back(server, well):
    dip = add(server).json
    path = f"/dips/{dip['id']}/"
    half = send(server, "PATCH", path, {"true_dip": 5})
    assert "true_azimuth" in assert_problem(half, 400, "invalid-parameter")["detail"]
    plane = send(server, "PATCH", path, {"true_dip": 5, "true_azimuth": 100}).json
    assert (plane["basis"], plane["true_dip"], plane["true_azimuth"]) == ("plane", 5, 100)
    assert send(server, "PATCH", path, {"true_dip": 6}).json["true_azimuth"] == 100
    half = send(server, "PATCH", path, {"height": 1})
    assert "azimuth" in assert_problem(half, 400, "invalid-parameter")["detail"]
    sine = send(server, "PATCH", path, {"height": 0.4, "azimuth": 75}).json
    assert (sine["basis"], sine["true_dip"]) == ("sinusoid", dip["true_dip"])
    elsewhere = send(server, "PATCH", path, {"well": "B"})
    assert "stays in its well" in assert_problem(elsewhere, 400, "invalid-parameter")["detail"]
    moved = send(server, "PATCH", path, {"depth": 1400}).json
    assert (moved["depth"], moved["height"], moved["revision"]) == (1400, 0.4, 5)
