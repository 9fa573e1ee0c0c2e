"""Real image logs, where they are at hand beside the project."""

import csv

import numpy as np
import pytest
from PIL import Image

from tests.problems import assert_problem
from tests.server import ROOT
from tests.test_get_images import pixels_of

DATA = ROOT.parent / "shared" / "data"


def real(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"there is no {path.relative_to(ROOT.parent)} beside the project")
    return path.read_bytes()


def test_a_televiewer_log_goes_in_and_comes_out_right(server):
    data = real("televiewer_200.csv")
    log = server.upload(data, well="tv").json
    assert (log["rows"], log["rows_skipped"], log["sampling_interval"]) == (5460, 1, 0.1)
    assert (log["depth_min"], log["depth_max"]) == (9000.1, 9546.0)
    rows = [row for row in csv.reader(data.decode().splitlines()[1:]) if any(row)]
    answer = server.get(f"{log['images_url']}")
    assert [image["depth"] for image in answer.json["images"]] == [float(row[0]) for row in rows]
    traces = pixels_of(answer)
    for row, trace in zip(rows, traces, strict=True):
        image = Image.fromarray(np.array([row[1:]], np.uint8))
        assert trace.tolist() == np.asarray(image.resize((150, 1)))[0].tolist()


def taken(server, name):
    answer = server.request("POST", "/logs/", real(name), {"Content-Type": "text/plain"})
    assert answer.status == 200, (name, answer.body)
    return answer.json


@pytest.mark.parametrize(
    ("name", "log", "values", "width", "rows"),
    [
        ("P11-A-02_density_16.csv", "ABDC", "float32", 16, 7361),
        ("field/48-19a-c2_image_techlog.csv.gz", "RES_BD_IMG", "float32", 56, 6001),
        ("field/wellcad_full_waveform_head.waf", "array", "float32", 501, 38),
        ("field/multi_channel.las", "CBP", "float32", 8, 5),
        ("cases/c01_geoslicer_matrix.csv", "AMP", "float32", 200, 40),
        ("cases/c02_geoslicer_techlog.csv", "intensity", "float32", 200, 3),
        ("cases/c03a_units_line.csv", "col", "float32", 200, 40),
        ("cases/c03c_Depth_capital.csv", "Col", "float32", 200, 40),
        ("cases/c04_azimuth_144_units.csv", "image", "float32", 144, 40),
        ("cases/c06_pads_blank.csv", "col", "float32", 200, 40),
        ("cases/c06_pads_m99925.csv", "col", "float32", 200, 40),
        ("cases/c07_rows_nan.csv", "col", "float32", 200, 40),
        ("cases/c08c_tab.csv", "col", "float32", 200, 40),
        ("cases/c09a_degree_latin1.csv", "image", "float32", 200, 40),
        ("cases/c10b_time_column.csv", "col", "float32", 200, 40),
        ("cases/c12_good.csv.gz", "image", "uint8", 150, 40),
        ("cases/c14_density_gcc.csv", "image", "float32", 150, 40),
        ("cases/c18_repeat_section.csv", "image", "uint8", 150, 50),
        ("cases/c20_space_padded.csv", "image", "uint8", 150, 40),
        ("cases/c25_minmax_01.csv", "image", "float32", 150, 40),
        ("cases/c26_depth_null.csv", "image", "uint8", 150, 40),
        ("cases/c31_quoted_all.csv", "image", "uint8", 150, 40),
        ("cases/c37_pandas_float_ints.csv", "image", "uint8", 150, 40),
    ],
)
def test_a_real_file_gives_its_image_log(server, name, log, values, width, rows):
    [found] = taken(server, name)["logs"]
    assert (found["name"], found["values"], found["width"], found["rows"]) == (
        log,
        values,
        width,
        rows,
    )


def test_a_real_density_image_keeps_its_nulls(server):
    [log] = taken(server, "P11-A-02_density_16.csv")["logs"]
    table = np.genfromtxt(real("P11-A-02_density_16.csv").decode().splitlines()[1:], delimiter=",")
    assert log["nulls"] == int((table[:, 1:] == -999.25).sum())


def test_a_real_las_gives_two_images_and_curves(server):
    answer = taken(server, "field/P11-A-02_head.las")
    images = [(log["name"], log["width"], log["unit"]) for log in answer["logs"]]
    assert images == [("ABDC", 16, "g/cc"), ("GRAS", 8, "API")]
    assert len(answer["curves"]) == 27
    assert {log["well"] for log in answer["curves"]} == {"P11-A-02A"}


def test_runs_that_overlap_in_a_real_case_are_told(server):
    [warning] = taken(server, "cases/c18_repeat_section.csv")["warnings"]
    assert warning["code"] == "depths-overlap"


def test_words_for_no_unit_and_azimuths_in_degrees_are_understood_in_real_cases(server):
    assert taken(server, "cases/c02_geoslicer_techlog.csv")["logs"][0]["unit"] is None
    [log] = taken(server, "cases/c09a_degree_latin1.csv")["logs"]
    assert (log["first_azimuth"], log["clockwise"]) == (0.0, True)


def test_a_real_las_3_with_sections_in_feet_and_metres_is_converted_where_asked(server):
    data = real("field/las3/sample_3.0.las")
    problem = assert_problem(server.request("POST", "/logs/", data), 400, "invalid-file")
    assert problem["detail"].endswith("depth_unit=ft or depth_unit=m converts them")
    answer = server.request("POST", "/logs/?depth_unit=m", data).json
    [array] = answer["logs"]
    assert (array["name"], array["width"], array["depth_min"]) == ("NMR", 5, 1669.75)
    drilling = next(log for log in answer["curves"] if log["name"] == "ROP")
    assert (drilling["depth_unit"], round(drilling["depth_min"], 3)) == ("m", 98.152)


def test_a_real_dlis_that_is_cut_off_is_refused(server):
    answer = server.request("POST", "/logs/", real("field/r_dlisio_7K.dlis"))
    assert_problem(answer, 400, "invalid-file")


def test_real_las_3_files_are_read_or_refused_in_one_sentence(server):
    real("field/las3/sample_3.0.las")
    for path in sorted((DATA / "field/las3").iterdir()):
        answer = server.request("POST", "/logs/?well=las3", path.read_bytes())
        if answer.status != 200:
            problem = assert_problem(answer, 400, "invalid-file")
            assert len(problem["detail"]) < 300
