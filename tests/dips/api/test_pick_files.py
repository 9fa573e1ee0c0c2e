"""Files of picks over HTTP: imported, exported, and the same after both."""

import csv
import io
from urllib.parse import quote

import lasio
import numpy as np
import pytest

from dips.models import Dip
from storage.documents import collection
from tests.dips.api.requests import SINE, WELL, import_dips, send
from tests.problems import assert_problem
from tests.test_real_files import real


@pytest.fixture
def field(server):
    """The well of the real picks, in feet, with the survey of the picks' own directions."""
    data = real("field/48-19a-c2_dips.csv")
    rows = list(csv.DictReader(data.decode().splitlines()))
    body = {"name": "48/19a-C2", "depth_unit": "ft"}
    well = send(server, "POST", "/wells/", body).json
    put = send(server, "PUT", f"/wells/{well['id']}/survey", data)
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


def test_a_file_of_picks_is_named_after_its_well(server):
    well = send(server, "POST", "/wells/", {"name": "15/9-F-4"}).json
    answer = server.get(f"/dips/?well={well['id']}&format=csv")
    named = answer.headers["Content-Disposition"]
    assert named == 'attachment; filename="15_9-F-4 dips.csv"'
    named = server.get("/dips/?format=csv").headers["Content-Disposition"]
    assert named == 'attachment; filename="dips.csv"'


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


def quadrants(azimuth):
    """A strike as N45E, which is the same as S45W."""
    north = (azimuth + 90) % 180 - 90
    return f"N{abs(north):.6f}{'E' if north >= 0 else 'W'}"


def layouts(rows):
    """The real picks as other programs would write them."""
    toh = [(r["depth_ft"], r["height_ft"], r["azimuth_toh_deg"], r["caliper_in"]) for r in rows]
    with_commas = "".join(";".join(row).replace(".", ",") + "\n" for row in toh)
    yield f"Tiefe\n\nMD;Height;Azimuth (TOH);Caliper\nft;ft;deg;in\n{with_commas}"
    metres = [(*(float(x) * 0.3048 for x in row[:2]), *row[2:]) for row in toh]
    lines = "".join(f"{d!r}\t{h * 1000!r}\t{a}\t{float(c) * 25.4!r}\n" for d, h, a, c in metres)
    yield f"Depth (m)\tHeight [mm]\tAzimuth TOH\tCALI [mm]\n{lines}"
    seen = [(r["azimuth_toh_deg"], r["apparent_dip_deg"]) for r in rows]
    lines = "".join(f"{a},{d},8.5,{r[0]}\n" for (a, d), r in zip(seen, toh, strict=True))
    yield f"AZIMUTH_TOH,ADIP,CAL_in,DEPT.F\n{lines}"
    true = [(r["depth_ft"], float(r["true_dip_deg"]), float(r["true_azimuth_deg"])) for r in rows]
    yield "# depth strike dip\n" + "".join(f"{z} {(a - 90) % 360!r} {d!r}\n" for z, d, a in true)
    sides = "".join(f"{z},{quadrants(a - 90)}/{d!r}{side(a)}\n" for z, d, a in true)
    yield f"MD (ft MD),Attitude\n{sides}"
    curves = "~C\nDEPT.FT :\nDPAZ.DEG :\nDPTR.DEG :\n~A\n"
    data = "".join(f"{z} {a!r} {d!r}\n{float(z) + 0.001!r} -999 -999\n" for z, d, a in true)
    yield f"~V\nVERS. 2.0 :\nWRAP. NO :\n~W\nNULL. -999 :\n{curves}{data}"


def side(azimuth):
    return ("N", "E", "S", "W")[int((azimuth + 45) // 90) % 4]


def test_real_picks_have_the_published_dips_in_whatever_layout_they_come(server, field):
    well, rows = field
    for text in layouts(rows):
        asked = {"well": well["name"], "reference": "top of hole", "depth_unit": "ft"}
        answer = import_dips(server, text.encode(), **asked)
        assert answer.status == 201, answer.body
        dips = server.get(f"/dips/?well={well['id']}&limit=1000").json["results"]
        assert len(dips) == len(rows)
        for dip, row in zip(dips, rows, strict=True):
            assert dip["apparent_dip"] == pytest.approx(float(row["apparent_dip_deg"]), abs=0.01)
            assert dip["true_dip"] == pytest.approx(float(row["true_dip_deg"]), abs=0.001)
            assert turn(dip["true_azimuth"], float(row["true_azimuth_deg"])) < 0.002
        collection(Dip).delete_many({})


def test_picks_with_points_go_out_and_in_again_and_those_that_are_there_stay(server, well):
    azimuths = [0, 90, 200, 300]
    depths = 1500 + 0.2 * np.cos(np.radians(np.array(azimuths) - 75))
    points = [{"depth": d, "azimuth": a} for d, a in zip(depths, azimuths, strict=True)]
    body = {"well": WELL, "points": points, "reference": "north", "comment": 'a, "b"\n- c'}
    dip = send(server, "POST", "/dips/", {**body, "type": "open fracture", "quality": "A"}).json
    text = server.get("/dips/?format=csv").body
    again = import_dips(server, text)
    assert (again.status, again.json["count"]) == (200, 0)
    assert again.json["warnings"] == ["1 pick is in the well already and not changed"]
    server.request("DELETE", f"/dips/{dip['id']}/")
    assert import_dips(server, text).status == 201
    [copy] = server.get("/dips/").json["results"]
    told = ("points", "type", "quality", "comment", "reference", "true_dip", "covariance", "basis")
    assert {name: copy[name] for name in told} == {name: dip[name] for name in told}


@pytest.mark.parametrize("form", ["csv", "las", "techlog"])
def test_picks_that_went_out_have_the_same_dips_in_another_well(server, well, form):
    dip = send(server, "POST", "/dips/", {**SINE, "well": WELL}).json
    text = server.get(f"/dips/?well={well.pk}&format={form}").body
    assert import_dips(server, text, "A: copy").status == 201
    [copy] = server.get("/dips/?well=A:%20copy").json["results"]
    assert copy["depth_unit"] == "m"
    assert copy["apparent_dip"] == dip["apparent_dip"]
    named = server.get("/dips/?well=A:%20copy&format=las").body
    told = import_dips(server, named, "A: copy", preview="true").json["warnings"]
    assert not [text for text in told if "says that its picks are of" in text]


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
    row = '1,points,"[[1,0],[2,0],[3,0]]",5\n1,points,"[[1,0],[2,90],[3,180]]",6\n1,points,[],7\n'
    data = b"depth,basis,points,true_dip,height,apparent_azimuth\n" + b"".join(
        line.encode() + b",,\n" for line in row.splitlines()
    )
    problem = assert_problem(import_dips(server, data), 400, "invalid-dips")
    places = [(fault["line"], fault["column"]) for fault in problem["errors"]]
    assert places == [(2, "points"), (4, "points")]
    assert "this has 0 points" in problem["errors"][1]["reason"]
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
    assert "1 pick is of the type 'Vug', kept as other" in answer["warnings"][0]


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


def test_las_is_read_by_lasio_and_by_the_service_to_the_same_values(server, well):
    azimuths = [0, 90, 200, 300]
    depths = 1550 + 0.2 * np.cos(np.radians(np.array(azimuths) - 75))
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


def test_the_inclination_of_the_hole_in_a_file_of_picks_is_pointed_to_the_survey(server, well):
    data = b"depth,dip,azimuth,hole_deviation_deg,hole_azimuth_deg\n1500,10,20,44,65\n"
    assert import_dips(server, data, preview="true").json["warnings"] == []
    [warning] = import_dips(server, data, "bare", preview="true").json["warnings"]
    assert warning.startswith("the column hole_deviation_deg is not read")
    assert "as the survey of the well" in warning


def test_picks_that_name_a_log_otherwise_than_by_its_id_are_counted(server):
    data = b"depth,dip,azimuth,log\n1500,10,20,UBI\n1501,10,20,\n"
    answer = import_dips(server, data).json
    assert answer["warnings"] == ["1 pick names a log, but not by its id; it is left out"]
    assert [dip["log"] for dip in answer["dips"]] == [None, None]


@pytest.mark.parametrize(("method", "path"), [("POST", "/dips/import"), ("PUT", "survey")])
def test_a_file_in_a_chunked_body_is_asked_for_its_length_411(server, well, method, path):
    path = f"/wells/{well.pk}/survey" if path == "survey" else path
    headers = {"Content-Type": "text/csv", "Transfer-Encoding": "chunked"}
    body = iter([b"5\r\ndepth\r\n0\r\n\r\n"])
    assert_problem(server.request(method, path, body, headers), 411, "length-required")


def test_strikes_beside_heights_need_no_column_of_dips(server):
    data = b"depth,height,azimuth,strike\n1,0.1,5,30\n2,0.2,6,40\n"
    answer = import_dips(server, data, preview="true").json
    assert (answer["errors"], answer["count"], answer["basis"]) == ([], 2, "sinusoid")


def test_a_form_with_two_files_of_picks_is_400(server):
    part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nx\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = server.request("POST", "/dips/import", f"{part}{part}--b--\r\n".encode(), headers)
    assert "One file" in assert_problem(answer, 400, "invalid-parameter")["detail"]
