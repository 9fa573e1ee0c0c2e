"""Wells over HTTP: listed, changed, surveyed."""

import json
import tracemalloc
from urllib.parse import quote

import orjson
import pytest
from django.db import connection
from django.test import Client

from tests.csvs import random_csv
from tests.problems import UNKNOWN_ID, assert_problem
from web.budget import budget
from wells import listing, survey_files, surveys
from wells.errors import WellChanged
from wells.hole import Hole
from wells.models import Well, change

SURVEY = b"depth,inclination,azimuth\n0,0,0\n1000,30,40\n"


def send(server, method, path, body, kind="application/json"):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return server.request(method, path, text, {"Content-Type": kind})


@pytest.fixture
def well():
    return Well.ensure("15/9-F-4 A", "m")[0]


def test_wells_are_listed_in_natural_order_page_by_page_and_searched(server):
    for name in ("F-10", "F-4", "15/9-F-2", "f-1 T2"):
        Well.ensure(name)

    def names(query):
        return [found["name"] for found in server.get(f"/wells/?{query}").json["results"]]

    assert names("") == ["15/9-F-2", "f-1 T2", "F-4", "F-10"]
    assert names("search=f-1") == ["f-1 T2", "F-10"]
    assert names(f"search={quote('/9-')}") == ["15/9-F-2"]
    assert names("search=.") == []
    assert names("limit=2&offset=1") == ["f-1 T2", "F-4"]


def test_a_well_tells_what_there_is_of_it(server, ingest, well):
    ingest(random_csv(5, top=100), well=well.name)
    ingest(random_csv(5, top=50), well=well.name)
    found = server.get(f"/wells/{well.pk}/").json
    assert (found["logs"], found["curves"], found["photos"], found["dips"]) == (2, 0, 0, 0)
    assert (found["top"], found["base"], found["has_survey"]) == (50, 102, False)


def test_the_list_of_wells_takes_a_bounded_number_of_commands():
    def aggregations():
        status = connection.database.client.admin.command("serverStatus")
        return status["metrics"]["commands"]["aggregate"]["total"]

    for number in range(20):
        Well.ensure(f"W-{number}")
    wells = list(Well.objects.all())
    before = aggregations()
    assert len(listing.described(wells)) == 20
    assert aggregations() - before == 3


def test_a_well_is_made_and_changed(server):
    made = send(server, "POST", "/wells/", {"name": " 15/9-F-5 ", "depth_unit": "feet"})
    assert (made.status, made.json["name"], made.json["depth_unit"]) == (201, "15/9-F-5", "ft")
    assert send(server, "POST", "/wells/", {"name": "15/9-F-5"}).json["created"] is False
    path = f"/wells/{made.json['id']}/"
    changed = send(server, "PATCH", path, {"bit_size": 8.5, "bit_size_unit": "in"}).json
    assert (changed["bit_size"], changed["bit_size_unit"], changed["depth_unit"]) == (
        8.5,
        "in",
        "ft",
    )
    assert send(server, "PATCH", path, {"bit_size": None}).json["bit_size"] is None


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": "B"}, "name"),
        ({"bit_size": 8.5}, "A bit size needs its unit"),
        ({"bit_size": -1, "bit_size_unit": "in"}, "-1 in is not more than 0"),
        ({"declination": 200}, "declination"),
        ({"depth_unit": "fathom"}, "'fathom' is none of m, ft"),
        ([], "A JSON object is needed"),
    ],
)
def test_what_a_well_cannot_be_is_named(server, well, body, named):
    problem = assert_problem(
        send(server, "PATCH", f"/wells/{well.pk}/", body), 400, "invalid-parameter"
    )
    assert named in problem["detail"]


def test_a_survey_is_put_read_interpolated_and_deleted(server, well):
    path = f"/wells/{well.pk}/survey"
    assert_problem(server.get(path), 404, "survey-missing")
    put = send(server, "PUT", path, SURVEY, "text/csv")
    assert (put.status, put.json["count"], put.json["warnings"]) == (200, 2, [])
    assert server.get(path).json["stations"][1]["vertical"] == pytest.approx(954.93, abs=0.01)
    there = server.get(f"{path}?depth=500").json
    assert (there["inclination"], there["azimuth"]) == (pytest.approx(15), pytest.approx(40))
    assert server.get(f"/wells/{well.pk}/").json["has_survey"] is True
    assert server.request("DELETE", path).status == 204
    assert_problem(server.get(path), 404, "survey-missing")


def test_a_survey_in_metres_is_refused_where_the_well_has_got_feet_since_it_was_read(well):
    change(well.pk, {"depth_unit": "ft"})  # ``well`` is as it was read before
    with pytest.raises(WellChanged, match="meanwhile"):
        surveys.put(well, survey_files.read_text(SURVEY), "m", "anna")
    assert (Well.objects.get().survey, Well.objects.get().depth_unit) == (None, "ft")


def test_a_survey_that_begins_below_the_logs_is_extended_with_a_warning(server, well, ingest):
    ingest(random_csv(5, top=100), well=well.name)
    survey = SURVEY.replace(b"\n0,", b"\n500,")
    put = send(server, "PUT", f"/wells/{well.pk}/survey", survey, "text/csv").json
    assert "lies below the top of the logs, 100" in put["warnings"][0]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_largest_survey_is_read_put_and_shown_in_the_memory_that_is_reserved(well, kind):
    rows = [(number, 1.5, number % 360) for number in range(survey_files.MAX_STATIONS)]
    if kind == "csv":
        body = b"depth,inclination,azimuth\n" + b"".join(b"%d,%g,%d\n" % row for row in rows)
    else:
        names = ("depth", "inclination", "azimuth")
        body = orjson.dumps([dict(zip(names, row, strict=True)) for row in rows])
    client, path = Client(SERVER_NAME="localhost"), f"/wells/{well.pk}/survey"
    media_type = {"csv": "text/csv", "json": "application/json"}[kind]
    assert client.put(path, SURVEY, "text/csv").status_code == 200  # loads what is loaded once
    peaks = []
    for method, sent in (("PUT", body), ("GET", b"")):
        tracemalloc.start()
        answer = client.generic(method, path, sent, media_type)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (answer.status_code, answer.json()["count"]) == (200, survey_files.MAX_STATIONS)
    shown = surveys.memory_to_show(Hole.of(Well.document(_id=well.pk)))
    assert peaks[0] < surveys.memory_to_put(body) + 2 * len(body)
    assert peaks[1] < shown * 1.5


def test_a_survey_that_does_not_fit_into_the_memory_is_refused_and_keeps_nothing(well, monkeypatch):
    client, path = Client(SERVER_NAME="localhost"), f"/wells/{well.pk}/survey"
    monkeypatch.setattr(budget, "limit", surveys.memory_to_put(SURVEY) - 1)
    refused = client.put(path, SURVEY, "text/csv")
    assert (refused.status_code, refused.json()["type"].split(":")[-1]) == (
        400,
        "needs-too-much-memory",
    )
    assert Well.objects.get().survey is None
    assert budget.reserved == 0


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("depth,inclination\n0,0\n", "azimuth", "there is no column for the azimuth"),
        ("depth,inc,azi\n0,0,0\n", None, "a survey needs 2 stations or more; this has 1"),
        ("depth,inc,azi\n10,0,0\n10,1,0\n", "depth", "depths have to grow; the station before"),
        ("depth,inc,azi\n-1e308,0,0\n1e308,1,0\n", "depth", "-1e+308 is not from -1e+06 to 1e+06"),
        ("depth,inc,azi\n0,0,0\n10,190,0\n", "inclination", "190 is not from 0 to 180"),
        ("depth,inc,azi\n0,0,0\n10,1,361\n", "azimuth", "361 is not from 0 to 360"),
        ("depth,inc,azi\n0,0,0\n10,x,0\n", "inclination", "'x' is no finite decimal number"),
        ("depth,md,inc,azi\n0,0,0,0\n", "depth", "there are several columns for the depth"),
        ("depth,inc,azi\n0,0,0\n10,180,0\n", None, "the hole turns by 180 degrees"),
        ("depth,inc,azi\n0,5,0,0,0,0\n10,1,0\n", None, "the line has 6 fields, and there are 3"),
        ("depth,inc [rad],azi\n0,0,0\n10,1,0\n", "inclination", "angles are in degrees, not in"),
        ("depth_mm,inc,azi\n0,0,0\n10,1,0\n", "depth", "depths are in m or ft, not in 'mm'"),
        ("", "depth", "there is no column for the depth"),
    ],
)
def test_a_survey_with_a_fault_is_refused_with_its_place(server, well, text, place, reason):
    answer = send(server, "PUT", f"/wells/{well.pk}/survey", text.encode(), "text/csv")
    problem = assert_problem(answer, 400, "invalid-survey")
    assert problem["errors"][0]["column"] == place
    assert reason in problem["errors"][0]["reason"]


def test_a_json_survey_in_other_units_than_metres_and_feet_is_refused(server, well):
    stations = [[0, 0, 0], [10, 1, 0]]
    body = {"stations": stations, "depth_unit": "cm"}
    answer = send(server, "PUT", f"/wells/{well.pk}/survey", body)
    assert "the unit of depth is m or ft" in str(assert_problem(answer, 400, "invalid-survey"))


@pytest.mark.parametrize(
    "text",
    [
        "DEPTH,DEVI,AZIM\n0,0,0\n1000,30,40\n",
        "MD;INC;AZI\n0,0;0,0;0,0\n1000,0;30,0;40,0\n",
        "Measured Depth\tIncl\tAzi\nm\tdeg\tdeg\n0\t0\t0\n1000\t30\t40\n",
        "# from the driller\nMD[m] INC[deg] AZI[deg]\n0 0 0\n1000 30 40\n",
        "depth,dip_azimuth,true_azimuth,hole_deviation,hole_azimuth\n0,9,9,0,0\n1000,8,7,30,40\n",
        "Well: F-4 A\nMeasured Depth (m),Inclination (deg),Azimuth True (deg)\n0,0,0\n1000,30,40\n",
        "Measured Depth (m RKB),Inclination (deg),Azimuth (deg GN)\n0,0,0\n1000,30,40\n",
        "Teufe (m);Neigung (°);Azimut (°)\n0,0;0,0;0,0\n1000,0;30,0;40,0\n",
        "Глубина;Зенитный угол;Азимут\n0;0;0\n1000;30;40\n",
        "~V\nVERS. 2.0 :\n~C\nDEPT.M :\nDEVI.DEG :\nHAZI.DEG :\n~A\n0 0 0\n1000 30 40\n",
    ],
)
def test_surveys_are_read_as_people_have_them(server, well, text):
    put = send(server, "PUT", f"/wells/{well.pk}/survey", text.encode(), "text/csv")
    assert put.status == 200, put.body
    last = put.json["stations"][1]
    assert (last["depth"], last["inclination"], last["azimuth"]) == (1000, 30, 40)


PETREL = b"""# WELL TRACE FROM PETREL
# WELL NAME:              A-1
# WELL HEAD X-COORDINATE: 461809.59 (m)
# MD AND TVD ARE REFERENCED (=0) AT WELL DATUM AND INCREASE DOWNWARDS
#=====================================================================
      MD         X         Y       Z     TVD   DX   DY  AZIM_TN  INCL  DLS  AZIM_GN
#=====================================================================
 0.0000 461809.59 5932990.36  23.0    0.0  0.0  0.0     40.0   0.0  0.0     38.5
 1000.0 461909.59 5932890.36 -900.0 923.0  1.0  2.0     40.0  30.0  0.9     38.5
"""


def test_of_the_azimuths_in_a_survey_of_petrel_those_from_true_north_are_taken(server, well):
    put = send(server, "PUT", f"/wells/{well.pk}/survey", PETREL, "text/csv").json
    last = put["stations"][1]
    assert (last["depth"], last["inclination"], last["azimuth"]) == (1000, 30, 40)
    assert put["warnings"] == [
        "the azimuths are those of AZIM_TN, from true north; AZIM_GN was not read",
        "the azimuths are from true north; a declination or a grid convergence of the well is"
        " applied to them as if they were from magnetic north",
    ]


@pytest.mark.parametrize(
    ("azimuth", "north"),
    [
        ("Azimuth True (deg)", "true"),
        ("Azimuth (deg TN)", "true"),
        ("Azimuth (deg GN)", "grid"),
        ("AZIM_GN", "grid"),
        ("Azimuth (deg)", None),
        ("Azimuth Magnetic", None),
    ],
)
def test_azimuths_from_true_or_grid_north_are_told_because_a_declination_is_added(azimuth, north):
    # The correction is meant for magnetic north: on others it would be wrong in silence.
    read = survey_files.read_text(f"MD,INC,{azimuth}\n0,0,0\n1000,30,40\n".encode())
    told = [one for one in read.warnings if f"from {north} north; a declination" in one]
    assert len(told) == len(read.warnings) == (north is not None)


def test_a_survey_in_another_unit_is_converted_when_asked(server, well):
    path, text = f"/wells/{well.pk}/survey", SURVEY.replace(b"depth", b"depth_ft")
    assert_problem(send(server, "PUT", path, text, "text/csv"), 409, "units-differ")
    put = send(server, "PUT", f"{path}?depth_unit=m", text, "text/csv").json
    assert put["base"] == pytest.approx(304.8)
    assert put["warnings"] == ["depths were converted to m"]


def test_stations_as_json(server, well):
    path = f"/wells/{well.pk}/survey"
    assert send(server, "PUT", path, {"stations": [[0, 0, 0], [9, 1, 1]]}).json["count"] == 2
    problem = assert_problem(send(server, "PUT", path, [[0, 0]]), 400, "invalid-survey")
    assert problem["detail"] == "line 1: a station is depth, inclination and azimuth"


def test_a_well_that_is_not_there(server):
    for path in (f"/wells/{UNKNOWN_ID}/", "/wells/x/", f"/wells/{UNKNOWN_ID}/survey"):
        assert_problem(server.get(path), 404, "well-not-found")


def test_a_path_with_the_name_of_a_well_is_404_and_names_its_id(server):
    made = Well.ensure("TV-1")[0]
    problem = assert_problem(server.get("/wells/TV-1/survey"), 404, "well-not-found")
    assert str(made.pk) in problem["detail"]


def test_a_well_is_named_by_its_id_in_every_request(server, well):
    log = server.upload(random_csv(5, top=100), well=str(well.pk)).json
    assert log["well"] == well.name
    for path in ("/logs/?", "/get-images/100/101/?", "/photos/?", "/dips/?"):
        by_id = server.get(f"{path}well={well.pk}")
        assert by_id.status == 200
        assert by_id.json["count"] == server.get(f"{path}well={quote(well.name)}").json["count"]
    assert server.get(f"/logs/?well={well.pk}").json["count"] == 1


def test_an_upload_changes_the_etag_of_a_well_but_not_what_if_match_compares(server, well, ingest):
    path = f"/wells/{well.pk}/"
    before = server.get(path).headers["ETag"]
    ingest(random_csv(5, top=100), well=well.name)
    assert server.get(path).headers["ETag"] != before
    condition = {"If-Match": before, "Content-Type": "application/json"}
    size = json.dumps({"bit_size": 8.5, "bit_size_unit": "in"}).encode()
    changed = server.request("PATCH", path, size, condition)
    assert changed.status == 200
    assert changed.headers["ETag"] == server.get(path).headers["ETag"]
    assert_problem(server.request("PATCH", path, size, condition), 412, "precondition-failed")
    of_survey = {"If-Match": changed.headers["ETag"], "Content-Type": "text/csv"}
    assert server.request("PUT", f"{path}survey", SURVEY, of_survey).status == 200
    assert_problem(
        server.request("DELETE", f"{path}survey", b"", of_survey), 412, "precondition-failed"
    )


def test_one_name_in_the_unicode_forms_nfc_and_nfd_is_one_well(server, well):
    nfc, nfd = "S\u00fcd-1", "Su\u0308d-1"
    named = b"well,depth,dip,azimuth\n%s,1,2,3\n%s,2,3,4\n"
    assert send(server, "POST", "/wells/", {"name": nfd}).json["name"] == nfc
    assert not send(server, "POST", "/wells/", {"name": nfc}).json["created"]
    log = send(server, "POST", f"/logs/?well={quote(nfd)}", b"depth,GR\n1,2\n2,3\n", "text/csv")
    assert log.json["curves"][0]["well"] == nfc
    picks = named % (nfd.encode(), nfc.encode())
    answer = send(server, "POST", "/dips/import/", picks, "text/csv").json
    assert (answer["well"], answer["warnings"]) == (nfc, [])
    assert server.get(f"/dips/?well={quote(nfd)}").json["count"] == 2
    assert len(server.get("/wells/").json["results"]) == 2


def test_a_well_that_was_stored_in_nfd_takes_what_is_sent_for_it_in_nfc(server):
    nfc, nfd = "S\u00fcd-1", "Su\u0308d-1"
    Well.ensure(nfd)
    assert not send(server, "POST", "/wells/", {"name": nfc}).json["created"]
    answer = send(server, "POST", f"/logs/?well={quote(nfc)}", b"depth,GR\n1,2\n2,3\n", "text/csv")
    assert answer.json["curves"][0]["well"] == nfd
    assert server.get(f"/logs/?well={quote(nfc)}&kind=curve").json["count"] == 1
