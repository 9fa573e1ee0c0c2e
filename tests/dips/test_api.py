"""Picks over HTTP: made, listed, changed with If-Match, imported, drawn."""

import csv
import io
import json
from urllib.parse import quote, urlencode

import lasio
import numpy as np
import pytest
from PIL import Image

from tests.problems import UNKNOWN_ID, assert_problem
from tests.test_real_files import real

WELL = "15/9-F-4 A"
SINE = {"depth": 1500.0, "height": 0.4, "azimuth": 75.0, "reference": "top of hole"}


def send(server, method, path, body, **headers):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "text/csv" if isinstance(body, bytes) else "application/json"
    return server.request(method, path, text, {"Content-Type": kind, **headers})


def add(server, **fields):
    answer = send(server, "POST", "/dips/", {"well": WELL, **SINE, **fields})
    assert answer.status == 201, answer.body
    return answer


def import_dips(server, data, well=WELL, **options):
    query = urlencode({**({"well": well} if well else {}), **options})
    return send(server, "POST", f"/dips/import?{query}", data)


@pytest.fixture
def field(server):
    """The well of the real picks, in feet, with the survey of the picks' own directions."""
    rows = list(csv.DictReader(real("field/48-19a-c2_dips.csv").decode().splitlines()))
    body = {"name": "48/19a-C2", "depth_unit": "ft"}
    well = send(server, "POST", "/wells/", body).json
    lines = [f"{r['depth_ft']},{r['hole_deviation_deg']},{r['hole_azimuth_deg']}" for r in rows]
    survey = "\n".join(["MD,DEVI,AZIM", *lines]).encode()
    put = send(server, "PUT", f"/wells/{well['id']}/survey", survey)
    assert put.status == 200, put.body
    return well, rows


def turn(one, other):
    return abs((one - other + 180) % 360 - 180)


def assert_as_published(dip, row):
    assert abs(dip["apparent_dip"] - float(row["apparent_dip_deg"])) < 0.001
    assert abs(dip["true_dip"] - float(row["true_dip_deg"])) < 0.001
    assert turn(dip["true_azimuth"], float(row["true_azimuth_deg"])) < 0.002


def test_real_picks_posted_one_by_one_have_the_published_dips(server, field):
    well, rows = field
    for row in rows:
        sine = {
            "depth": float(row["depth_ft"]),
            "height": float(row["height_ft"]),
            "azimuth": float(row["azimuth_toh_deg"]),
            "reference": "top of hole",
            "diameter": float(row["caliper_in"]),
            "diameter_unit": "in",
        }
        answer = send(server, "POST", "/dips/", {"well": well["id"], **sine})
        assert_as_published(answer.json, row)
        assert answer.json["well"] == "48/19a-C2"


def test_a_file_of_real_picks_is_previewed_imported_once_and_goes_out_and_in_again(server, field):
    well, rows = field
    data = real("field/48-19a-c2_dips.csv")
    preview = import_dips(server, data, well["name"], preview="true").json
    assert (preview["count"], preview["basis"], preview["depth_unit"]) == (111, "sinusoid", "ft")
    assert max(preview["differences"].values()) < 0.002
    assert server.get("/dips/").json["count"] == 0
    made = import_dips(server, data, well["name"])
    assert (made.status, made.json["created"]) == (201, True)
    again = import_dips(server, data, well["name"])
    assert (again.status, again.json["created"], again.json["id"]) == (200, False, made.json["id"])
    dips = server.get(f"/dips/?well={well['id']}&limit=1000").json["results"]
    for dip, row in zip(dips, rows, strict=True):
        assert_as_published(dip, row)
        assert dip["quality"] == float(row["quality"])
    text = server.get(f"/dips/?well={well['id']}&format=csv").body
    for dip in dips:
        assert server.request("DELETE", f"/dips/{dip['id']}/").status == 204
    assert import_dips(server, text, well["name"]).status == 201
    copies = server.get(f"/dips/?well={well['id']}&limit=1000").json["results"]
    told = ("id", "created_at", "changed_at")
    for dip, copy in zip(dips, copies, strict=True):
        assert {**dip, **dict.fromkeys(told)} == {**copy, **dict.fromkeys(told)}


def test_picks_with_points_go_out_and_in_again_and_those_that_are_there_stay(server, well):
    azimuths = [0, 90, 200, 300]
    depths = 1500 + 0.2 * np.cos(np.radians(np.array(azimuths) - 75))
    points = [{"depth": d, "azimuth": a} for d, a in zip(depths, azimuths, strict=True)]
    body = {"well": WELL, "points": points, "reference": "north", "comment": 'a, "b"\n- c'}
    dip = send(server, "POST", "/dips/", {**body, "type": "open fracture", "quality": "A"}).json
    text = server.get("/dips/?format=csv").body
    again = import_dips(server, text)
    assert (again.status, again.json["count"]) == (200, 0)
    assert again.json["warnings"] == ["1 picks are in the well already and stay as they are"]
    server.request("DELETE", f"/dips/{dip['id']}/")
    assert import_dips(server, text).status == 201
    [copy] = server.get("/dips/").json["results"]
    told = ("points", "type", "quality", "comment", "reference", "true_dip", "covariance", "basis")
    assert {name: copy[name] for name in told} == {name: dip[name] for name in told}


def test_techlog_columns_of_both_references_go_out_and_in_again(server, well):
    sines = [
        {"depth": 1500.0, "height": 0.4, "azimuth": 75.0, "reference": "top of hole"},
        {"depth": 1501.5, "height": 0.2, "azimuth": 310.0, "reference": "north"},
    ]
    about = {"well": WELL, "type": "fault", "comment": "a, b", "quality": "A"}
    made = [send(server, "POST", "/dips/", {**about, **sine}).json for sine in sines]
    text = server.get(f"/dips/?well={well.pk}&format=techlog").body
    first, *rows = csv.reader(text.decode().splitlines())
    assert first[:5] == [
        "depth_m",
        "height_m",
        "caliper_in",
        "azimuth_toh_deg",
        "azimuth_north_deg",
    ]
    assert [row[2:5] for row in rows] == [["8.5", "75.0", ""], ["8.5", "", "310.0"]]
    for dip in made:
        server.request("DELETE", f"/dips/{dip['id']}/")
    answer = import_dips(server, text)
    assert answer.status == 201, answer.body
    told = ("depth", "height", "apparent_azimuth", "reference", "type", "comment", "quality")
    copies = server.get("/dips/").json["results"]
    for dip, copy in zip(made, copies, strict=True):
        assert {name: copy[name] for name in told} == {name: dip[name] for name in told}
        assert copy["true_dip"] == pytest.approx(dip["true_dip"], abs=1e-9)
    assert_problem(server.get("/dips/?format=techlog"), 400, "invalid-parameter")


def test_real_picks_go_out_in_the_columns_they_came_in(server, field):
    well, rows = field
    import_dips(server, real("field/48-19a-c2_dips.csv"), well["name"])
    text = server.get(f"/dips/?well={well['id']}&format=techlog").body.decode()
    written = list(csv.DictReader(text.splitlines()))
    assert {*rows[0]} <= {*written[0]}
    for one, other in zip(written, rows, strict=True):
        for name in ("depth_ft", "height_ft", "caliper_in", "azimuth_toh_deg", "quality"):
            assert float(one[name]) == pytest.approx(float(other[name]), rel=1e-12)
        assert float(one["true_dip_deg"]) == pytest.approx(float(other["true_dip_deg"]), abs=0.002)


def test_a_row_whose_points_determine_no_plane_is_named(server, well):
    row = '1,points,"[[1,0],[2,0],[3,0]]",5\n1,points,"[[1,0],[2,90],[3,180]]",6\n'
    data = b"depth,basis,points,true_dip,height,apparent_azimuth\n" + b"".join(
        line.encode() + b",,\n" for line in row.splitlines()
    )
    problem = assert_problem(import_dips(server, data), 400, "invalid-dips")
    assert [(fault["line"], fault["column"]) for fault in problem["errors"]] == [(2, "points")]
    assert import_dips(server, data, preview="true").json["count"] == 1


def test_the_wrong_handedness_of_a_file_is_told(server, field):
    well, rows = field
    lines = [
        f"{r['depth_ft']},{r['height_ft']},8.5,{360 - float(r['azimuth_toh_deg'])},"
        f"{r['true_azimuth_deg']}"
        for r in rows
    ]
    head = "depth_ft,height_ft,caliper_in,azimuth_toh_deg,true_azimuth_deg"
    answer = import_dips(server, "\n".join([head, *lines]).encode(), well["name"], preview="true")
    assert "differs from what is computed by up to" in answer.json["warnings"][0]


def test_techlogs_export_with_a_line_of_units(server):
    data = b"WELL\tMD\tDIP\tDIP_AZIMUTH\tTYPE\n\tm\tdeg\tdeg\t\nA\t1500.5\t12\t300\tBedding\n"
    data += b"A\t1501.5\t-9999\t300\tBedding\nA\t1502.5\t60\t10\tVug\n"
    answer = import_dips(server, data, preview="true").json
    assert (answer["count"], answer["depth_unit"], answer["ignored"]) == (2, "m", ["WELL"])
    assert [fault["line"] for fault in answer["errors"]] == [4]
    assert_problem(import_dips(server, data), 400, "invalid-dips")
    good = data.replace(b"-9999", b"14")
    answer = import_dips(server, good).json
    assert [dip["type"] for dip in answer["dips"]] == ["bedding", "bedding", "other"]
    assert answer["dips"][2]["comment"] == "Vug"
    assert "1 picks of the type 'Vug' are kept as other" in answer["warnings"][0]


def test_a_plain_list_is_of_true_dips(server):
    answer = import_dips(server, b"depth,dip,azimuth\n1000,10,20\n999.5,20,30\n").json
    assert answer["basis"] == "plane"
    found = server.get(f"/dips/?well={quote(WELL)}").json["results"]
    assert [(d["depth"], d["true_dip"], d["true_azimuth"]) for d in found] == [
        (999.5, 20, 30),
        (1000, 10, 20),
    ]


def test_a_file_is_refused_whole_with_a_table_of_what_is_wrong(server):
    data = b"depth,dip,azimuth\n1000,10,20\n1001,95,20\n1002,x,20\n1003,,20\n"
    problem = assert_problem(import_dips(server, data), 400, "invalid-dips")
    assert [(fault["line"], fault["column"]) for fault in problem["errors"]] == [
        (3, "true_dip"),
        (4, "true_dip"),
        (5, "true_dip"),
    ]
    assert problem["errors"][0]["reason"] == "95 is not from 0 to 90"
    assert server.get("/dips/").json["count"] == 0


def test_depths_in_another_unit_are_converted_when_asked(server):
    send(server, "POST", "/wells/", {"name": WELL, "depth_unit": "m"})
    data = b"depth_ft,dip,azimuth\n1000,10,20\n"
    problem = assert_problem(import_dips(server, data), 409, "units-differ")
    assert "in ft, those of the well in m" in problem["detail"]
    answer = import_dips(server, data, depth_unit="m").json
    assert answer["dips"][0]["depth"] == pytest.approx(304.8)


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
    assert "lie on 1 azimuths" in problem["detail"]


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


def test_las_is_read_by_lasio_and_by_the_service_to_the_same_values(server, well):
    azimuths = [0, 90, 200, 300]
    depths = 1500 + 0.2 * np.cos(np.radians(np.array(azimuths) - 75))
    points = [{"depth": d, "azimuth": a} for d, a in zip(depths, azimuths, strict=True)]
    planes = [
        {**SINE, "type": "fault", "quality": 0.25},
        {"points": points, "reference": "north", "type": "open fracture"},
        {"depth": 1600.0, "true_dip": 12.5, "true_azimuth": 359.9, "reference": "north"},
        {"depth": 1700.0, "height": 0, "azimuth": 10, "reference": "north"},
    ]
    made = [send(server, "POST", "/dips/", {"well": WELL, **plane}).json for plane in planes]
    text = server.get(f"/dips/?well={well.pk}&format=las").body
    curves = {
        "DEPT": "depth",
        "TDIP": "true_dip",
        "TAZI": "true_azimuth",
        "AAZI": "apparent_azimuth",
    }
    curves |= {
        "ADIP": "apparent_dip",
        "HGHT": "height",
        "DEVI": "hole_inclination",
        "DEPT": "depth",
    }
    read = lasio.read(io.StringIO(text.decode()))
    made.sort(key=lambda dip: dip["depth"])
    for name, member in curves.items():
        expected = [np.nan if dip[member] is None else dip[member] for dip in made]
        np.testing.assert_array_equal(read[name], expected)
    assert (read.well["WELL"].value, read.curves["DEPT"].unit) == (WELL, "M")
    assert "TYPE 5: fault" in read.other
    for dip in made:
        server.request("DELETE", f"/dips/{dip['id']}/")
    answer = server.request("POST", "/dips/import", text, {"Content-Type": "text/csv"})
    assert answer.status == 201, answer.body
    told = ("depth", "true_dip", "true_azimuth", "apparent_dip", "height", "type", "reference")
    copies = server.get("/dips/").json["results"]
    assert [copy["well"] for copy in copies] == [WELL] * 4
    for dip, copy in zip(made, copies, strict=True):
        for name in (*told, "quality", "apparent_azimuth", "hole_azimuth"):
            kept = dip[name] if isinstance(dip[name], str) else pytest.approx(dip[name], abs=1e-9)
            assert copy[name] == kept, name


def test_picks_are_imported_into_the_well_that_the_file_names(server):
    data = b"Well,Depth (ft),Dip,Azimuth\n15/9-F-5,1000,10,20\n"
    answer = import_dips(server, data, well=None).json
    assert (answer["well"], answer["depth_unit"], answer["warnings"]) == ("15/9-F-5", "ft", [])
    assert server.get("/dips/?well=15/9-F-5").json["count"] == 1
    again = import_dips(server, data, well=None)
    assert (again.status, again.json["id"]) == (200, answer["id"])
    elsewhere = import_dips(server, data, preview="true").json
    assert elsewhere["warnings"] == ["the file says that its picks are of the well 15/9-F-5"]


def test_apparent_dips_take_the_diameter_of_the_file_else_of_the_well(server, well):
    plain = b"Depth,Apparent Dip,Azimuth TOH\n1500,60,75\n"
    [dip] = import_dips(server, plain).json["dips"]
    assert (dip["apparent_dip"], dip["diameter_source"]) == (pytest.approx(60), "bit size")
    assert dip["height"] == pytest.approx(np.tan(np.radians(60)) * 8.5 * 0.0254)
    own = b"Depth,Apparent Dip,Azimuth TOH,Caliper [in]\n1500,60,75,9\n"
    answer = import_dips(server, own, preview="true").json
    assert answer["dips"][0]["height"] == pytest.approx(np.tan(np.radians(60)) * 9 * 0.0254)
    assert "the apparent dip of the file differs" in answer["warnings"][0]
    problem = assert_problem(import_dips(server, plain, "bare"), 400, "invalid-dips")
    assert "neither the file nor the well has a diameter" in problem["errors"][0]["reason"]


def test_what_true_dips_of_a_file_lack_is_told_before_it_is_kept(server, well):
    data = b"depth,height,azimuth\n1500,0.4,75\n1501,0.4,75\n"
    [warning] = import_dips(server, data, preview="true").json["warnings"]
    assert warning.startswith("2 picks have no true dip: neither the pick nor its log says")
    assert import_dips(server, data, preview="true", reference="north").json["warnings"] == []


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
    moved = send(server, "PATCH", path, {"depth": 1400}).json
    assert (moved["depth"], moved["height"], moved["revision"]) == (1400, 0.4, 5)


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


def test_without_picks_statistics_and_diagrams_are_empty_and_no_error(server, well):
    assert server.get(f"/dips/statistics?well={well.pk}").json["count"] == 0
    for name in ("rose.png", "stereonet.png?density=true", "tadpoles.svg?min=0&max=9"):
        joined = f"/dips/{name}{'&' if '?' in name else '?'}well={well.pk}"
        assert server.get(joined).status == 200
