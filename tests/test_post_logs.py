"""``POST /logs/`` over HTTP: files of all kinds in, their logs out."""

import gzip
from io import BytesIO
from urllib.parse import urlencode

import numpy as np
import pytest

from images.api.log_uploads import OPTIONS
from tests.csvs import csv_of, lines, random_pixels, row
from tests.images.ingest.dlis_files import dlis
from tests.images.ingest.files import las, numbers
from tests.problems import assert_problem

LAS = las([numbers(100 + i / 2, 55.5 if i else -999.25, *range(1, 9)) for i in range(4)])


def post(server, data, query=""):
    headers = {"Content-Type": "application/octet-stream"}
    return server.request("POST", f"/logs/{query}", data, headers)


def taken(server, data, query=""):
    answer = post(server, data, query)
    assert answer.status == 200, answer.body
    return answer.json


def test_a_las_gives_an_image_log_and_curves_in_the_well_that_it_names(server):
    answer = taken(server, LAS)
    assert (answer["format"], answer["preview"]) == ("LAS 2.0", False)
    [image], [curve] = answer["logs"], answer["curves"]
    assert (image["well"], image["name"], image["unit"]) == ("15/9-F-4", "ABDC", "G/CC")
    assert (image["values"], image["width"], image["rows"]) == ("float32", 8, 4)
    assert (curve["name"], curve["nulls"], curve["depth_unit"]) == ("GR", 1, "m")
    assert image["created"]
    assert server.get(f"/logs/{image['id']}/").json["statistics"]["maximum"] == 8.0


def test_the_same_bytes_in_the_same_well_are_the_same_logs(server):
    first, again = taken(server, LAS), taken(server, gzip.compress(LAS))
    assert [log["id"] for log in taken(server, LAS)["logs"]] == [log["id"] for log in first["logs"]]
    assert not taken(server, LAS)["curves"][0]["created"]
    assert again["logs"][0]["created"]


def test_a_preview_tells_the_same_and_stores_nothing(server):
    answer = taken(server, LAS, "?preview=true")
    assert answer["preview"]
    assert [(log["id"], log["name"], log["rows"]) for log in answer["logs"]] == [(None, "ABDC", 4)]
    assert [(curve["name"], curve["nulls"]) for curve in answer["curves"]] == [("GR", 1)]
    assert server.get("/logs/").json["count"] == 0


def test_a_dlis_is_taken(server):
    answer = taken(server, dlis())
    assert [log["name"] for log in answer["logs"]] == ["AMP"]
    assert [log["name"] for log in answer["curves"]] == ["GR"]


def test_a_dlis_with_logs_of_two_wells_is_refused_and_taken_well_by_well(server):
    first, second = dlis(well="A-1"), dlis(rows=30, well="B-2")
    # Without the label, which stands once in a file.
    data = first + second[80:]
    problem = post(server, data)
    assert_problem(problem, 400, "several-wells")
    assert "logs of 2 wells: A-1, B-2; well= takes those of one" in problem.json["detail"]
    assert problem.json["wells"] == ["A-1", "B-2"]
    answer = taken(server, data, "?well=B-2")
    assert [(log["well"], log["rows"]) for log in answer["logs"]] == [("B-2", 30)]
    assert answer["ignored"][0]["reason"] == "it is of the well A-1"


def test_a_csv_with_rows_of_two_wells_is_refused_and_taken_well_by_well(server):
    data = b"well,depth,GR\nA-1,1,10\nA-1,2,11\nB-2,1,20\nB-2,2,21\nB-2,3,22\n"
    assert_problem(post(server, data), 400, "several-wells")
    for well, rows in (("A-1", 2), ("B-2", 3)):
        answer = taken(server, data, f"?well={well}")
        assert [(log["well"], log["rows"]) for log in answer["curves"]] == [(well, rows)]
    left = {"column": "well", "reason": "2 rows of it are of other wells: A-1"}
    assert left in answer["ignored"]


def test_infinite_values_of_a_dlis_become_nulls_with_a_warning(server):
    image = np.ones((20, 16), np.float32)
    image[3, 4], image[5, 5] = np.inf, -np.inf
    curve = np.ones(20)
    curve[7] = 1e300
    answer = taken(server, dlis(AMP=image, GR=curve))
    assert "(3 times)" in warnings(answer)["values-infinite"]
    [log] = answer["logs"]
    traces = server.get(f"/get-images/0/2000/?log={log['id']}&format=npy").body
    assert np.argwhere(np.isnan(np.load(BytesIO(traces)))).tolist() == [[3, 4], [5, 5]]


def test_a_file_that_keeps_the_contract_becomes_grays(server):
    csv = csv_of(range(3), random_pixels(3))
    log = taken(server, csv)["logs"][0]
    assert (log["values"], log["width"]) == ("uint8", 150)
    assert server.upload(csv, well="default").json["created"] is False


@pytest.mark.parametrize("value", ["-999.25", "", "NaN"])
def test_the_contract_with_nulls_is_kept_as_values_with_its_nulls(server, value):
    csv = lines(row(1, 7, col3=value), row(2))
    log = taken(server, csv)["logs"][0]
    assert (log["values"], log["width"], log["nulls"]) == ("float32", 200, 1)


def test_options_choose_columns_name_unit_null_and_units_of_depth(server):
    query = "?columns=ABDC&name=RHOB&unit=kg&null=3&depth_unit=ft&well=A&width=4"
    answer = taken(server, LAS, query)
    [log] = answer["logs"]
    assert answer["curves"] == []
    assert (log["well"], log["name"], log["unit"], log["width"]) == ("A", "RHOB", "kg", 4)
    assert log["depth_unit"] == "ft"
    assert log["depth_min"] == pytest.approx(100 / 0.3048)


def test_other_columns_at_the_end_of_a_long_list_make_another_log(server):
    names = [f"P{number}" for number in range(1, 61)]
    values = [",".join(map(str, range(depth, depth + 60))) for depth in range(5)]
    rows = [f"{depth},{row}" for depth, row in enumerate(values)]
    data = "\n".join([f"depth,{','.join(names)}", *rows]).encode()
    for columns in (names[:40], [*names[:39], names[50]]):
        query = urlencode({"columns": ",".join(columns), "name": "pad"})
        assert [taken(server, data, f"?{query}")["logs"][0]["created"] for _ in "12"] == [
            True,
            False,
        ]


EVERY_OPTION = {
    "columns": "ABDC", "depth": "DEPT", "name": "RHOB", "unit": "kg", "null": "3", "well": "A",
    "depth_unit": "ft", "width": "4", "preview": "true",
}  # fmt: skip


def as_form(fields):
    parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}' for n, v in fields]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.las"\r\n\r\n'
    return "\r\n".join([*parts, file]).encode() + LAS + b"\r\n--x--\r\n"


def post_form(server, fields, query=""):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return server.request("POST", f"/logs/{query}", as_form(fields), headers)


def test_every_option_works_in_the_query_and_in_a_form_which_goes_first(server):
    [log] = taken(server, LAS, f"?{urlencode(EVERY_OPTION)}")["logs"]
    [same] = post_form(server, EVERY_OPTION.items()).json["logs"]
    assert (log["name"], log["unit"], log["width"], log["well"]) == ("RHOB", "kg", 4, "A")
    told = log.keys() - {"filename", "created_at"}
    assert {key: same[key] for key in told} == {key: log[key] for key in told}
    answer = post_form(server, [("well", "B")], f"?{urlencode(EVERY_OPTION)}").json
    assert answer["logs"][0]["well"] == "B"


def test_empty_fields_of_a_form_say_nothing_and_a_repeated_one_is_refused(server):
    fields = [(name, "") for name in EVERY_OPTION if name != "null"]
    answer = post_form(server, [*fields, ("null", "")]).json
    assert [log["name"] for log in answer["logs"]] == ["ABDC"]
    assert answer["curves"][0]["nulls"] == 0
    twice = post_form(server, [("well", "A"), ("well", "B")])
    assert "more than once" in assert_problem(twice, 400, "invalid-parameter")["detail"]


def test_all_options_of_an_upload_are_documented_for_query_and_form_from_one_declaration(server):
    schema = server.get("/schema/", Accept="application/json").json
    operation = schema["paths"]["/logs/"]["post"]
    form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    query = {p["name"] for p in operation["parameters"] if p["in"] == "query"}
    assert query == {option.name for option in OPTIONS} == form.keys() - {"file"}
    assert all(form[option.name]["description"] for option in OPTIONS if option.name != "well")


def test_a_file_without_depths_is_taken_with_a_top_and_a_step(server):
    data = b"\n".join([b"1 2 3 4 5 6 7 8"] * 3)
    assert_problem(post(server, data), 400, "invalid-file")
    log = taken(server, data, "?top=10&step=0.5")["logs"][0]
    assert (log["width"], log["depth_min"], log["depth_max"]) == (8, 10.0, 11.0)


def test_other_units_of_depth_in_a_well_are_refused_and_converted_where_asked(server):
    taken(server, LAS)
    feet = LAS.replace(b"DEPT.M", b"DEPT.FT")
    problem = assert_problem(post(server, feet), 400, "invalid-file")
    assert problem["detail"].endswith("the well 15/9-F-4 in m; depth_unit=m converts them")
    assert taken(server, feet, "?depth_unit=m")["logs"][0]["depth_min"] == pytest.approx(30.48)


@pytest.mark.parametrize("data", [b"depth[ft],GR\n1,10\n2,20\n", csv_of([1, 2], random_pixels(2))])
def test_depths_in_ft_are_refused_in_a_well_that_was_made_with_m_and_has_no_logs(server, data):
    body, headers = b'{"name": "U", "depth_unit": "m"}', {"Content-Type": "application/json"}
    server.request("POST", "/wells/", body, headers)
    problem = assert_problem(post(server, data, "?well=U&depth_unit=ft"), 400, "invalid-file")
    assert problem["detail"].endswith("those of the well U in m; depth_unit=m converts them")
    assert taken(server, data, "?well=U&depth_unit=m")


def warnings(answer):
    return {warning["code"]: warning["detail"] for warning in answer["warnings"]}


def test_units_of_depth_that_contradict_each_other_in_a_las_are_refused_with_both(server):
    feet = LAS.replace(b"DEPT.M", b"DEPT.FT")
    problem = assert_problem(post(server, feet), 400, "invalid-file")
    assert "in m by STRT, STOP and STEP, and in ft by their column" in problem["detail"]
    answer = taken(server, feet, "?depth_unit=ft")
    assert answer["logs"][0]["depth_min"] == 100.0
    assert "depth-units-differ" in warnings(answer)


def test_sections_with_two_units_of_depth_are_refused_and_converted_where_asked(server):
    both = LAS + b"~Curve\nDEPT.FT :\nRES.OHMM :\n~Ascii\n100 7\n"
    problem = assert_problem(post(server, both), 400, "invalid-file")
    assert problem["detail"].endswith("in ft; depth_unit=m or depth_unit=ft converts them")
    curves = taken(server, both, "?depth_unit=m")["curves"]
    assert [log["depth_min"] for log in curves] == [100.0, pytest.approx(30.48)]


def test_runs_that_overlap_are_kept_and_told(server):
    csv = csv_of([1, 2, 3, 2.5, 3.5], random_pixels(5))
    for data in (csv, csv.replace(b"col", b"A")):
        answer = taken(server, data)
        assert answer["logs"][0]["rows"] == 5
        assert warnings(answer)["depths-overlap"].startswith("the depths turn back 2 times")


def test_a_header_that_disagrees_with_the_depths_is_told(server):
    answer = taken(server, LAS.replace(b"STOP.M 101.0", b"STOP.M 200.0"))
    assert warnings(answer)["header-disagrees"].endswith("100 to 101.5 with a step of 0.5")


def test_usual_nulls_that_the_file_does_not_declare_are_kept_and_told(server):
    data = LAS.replace(b" 55.5", b" -9999")
    answer = taken(server, data)
    assert answer["curves"][0]["nulls"] == 1
    assert "null=-999.25,-9999 makes nulls of them" in warnings(answer)["nulls-suspected"]
    assert taken(server, data, "?null=-999.25,-9999")["curves"][0]["nulls"] == 4


@pytest.mark.parametrize(
    ("data", "query", "kind"),
    [
        (b"", "", "invalid-file"),
        (b"\x89PNG\r\n\x1a\n", "", "invalid-file"),
        (LAS[:-20], "", "invalid-file"),
        (dlis()[:900], "", "invalid-file"),
        (LAS, "?null=x", "invalid-parameter"),
        (LAS, "?top=1", "invalid-parameter"),
        (LAS, "?top=1&step=0", "invalid-parameter"),
        (LAS, "?columns=NO", "invalid-file"),
    ],
)
def test_what_cannot_be_taken_is_a_problem_and_nothing_is_stored(server, data, query, kind):
    if data:
        assert_problem(post(server, data, query), 400, kind)
    assert server.get("/logs/").json["count"] == 0


def test_picks_and_a_survey_are_kept_as_curves_with_a_word_on_where_else_they_go(server):
    picks = taken(server, b"DEPTH,DIP,AZIMUTH\n1.5,30,40\n3.25,31,41\n", "?preview=true")
    assert [curve["name"] for curve in picks["curves"]] == ["DIP", "AZIMUTH"]
    assert "POST /dips/import/" in warnings(picks)["picks-suspected"]
    survey = taken(server, b"MD,INC,AZI\n0,0,0\n30,1,40\n60,3,41\n")
    assert [curve["name"] for curve in survey["curves"]] == ["INC", "AZI"]
    assert "PUT /wells/<id>/survey" in warnings(survey)["survey-suspected"]


def test_a_refusal_of_picks_says_where_they_go(server):
    texts = post(server, b"depth,strike/dip\n1,N45E/30SE\n2,N40E/35SE\n")
    numbers = b"depth,dip,azimuth\n1,30,40\n2,31,41\n"
    strict = server.request("POST", "/upload-csv/", numbers, {"Content-Type": "text/csv"})
    for answer in (texts, strict):
        assert "POST /dips/import/" in assert_problem(answer, 400, "invalid-file")["detail"]


def test_a_number_that_looks_like_a_null_is_kept_and_told_with_what_makes_it_one(server):
    rows = b"".join(b"%d,%s,7.5\n" % (i, b"-99.99" if i % 3 else b"8.5") for i in range(1, 9))
    data = b"depth,CALI,GR\n" + rows + b"9,-999.25,7\n"
    answer = taken(server, data, "?preview=true")
    assert [curve["nulls"] for curve in answer["curves"]] == [1, 0]
    told = warnings(answer)["nulls-suspected"]
    assert "-99.99 in CALI (6 times)" in told
    assert "null=-999.25,-99.99 makes nulls of it" in told
    answer = taken(server, data, "?null=-999.25,-99.99")
    assert [curve["nulls"] for curve in answer["curves"]] == [7, 0]
    assert answer["warnings"] == []
