"""``POST /upload-csv/`` over real HTTP."""

import hashlib
import http.client
import resource
import socket

import pytest
from django.db import connection

from images.models import ImageLog
from tests.csvs import HEADER, lines, random_csv, row
from tests.problems import assert_problem
from tests.server import BOUNDARY, Server, form, form_parts
from tests.sockets import received

CSV = lines(row(2.5, 20), "," * 200, row(1.5, 10), row(2.5, 30))


def nothing_stored():
    fs = connection.database.image_logs
    assert not ImageLog.objects.exists()
    assert fs.files.count_documents({}) == fs.chunks.count_documents({}) == 0


def test_a_form_with_a_csv_is_answered_with_the_image_log(server):
    answer = server.upload(CSV, well="B-7", filename="north.csv")
    log = ImageLog.objects.get()
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json == {
        "id": str(log.pk),
        "well": "B-7",
        "created": True,
        "filename": "north.csv",
        "sha256": hashlib.sha256(CSV).hexdigest(),
        "rows": 3,
        "rows_skipped": 1,
        "duplicate_depths": 1,
        "depth_min": 1.5,
        "depth_max": 2.5,
        "sampling_interval": 1.0,
        "source_width": 200,
        "width": 150,
        "created_at": log.created_at.isoformat().replace("+00:00", "Z"),
        "images_url": f"/get-images/1.5/2.5/?log={log.pk}",
        "name": "image",
        "kind": "image",
        "unit": None,
        "values": "uint8",
        "nulls": 0,
        "depth_unit": None,
        "first_azimuth": None,
        "clockwise": None,
        "azimuth_reference": None,
        "warnings": [],
    }
    assert server.get(answer.json["images_url"]).json["count"] == 3


def test_a_raw_body_works_like_a_form(server):
    answer = server.upload_raw(CSV, well="Æ 7")
    assert answer.status == 200, answer.body
    assert (answer.json["well"], answer.json["rows"]) == ("Æ 7", 3)


def test_the_well_of_a_form_may_also_be_in_the_url_and_is_default_without(server):
    body, headers = form(CSV, None, "log.csv")
    in_url = server.request("POST", "/upload-csv/?well=C", body, headers)
    assert in_url.json["well"] == "C"
    assert server.upload(CSV).json["well"] == "default"


def test_the_same_file_again_is_the_log_that_is_there(server):
    first, again = server.upload(CSV), server.upload(CSV)
    assert (first.json["created"], again.json["created"]) == (True, False)
    assert again.status == 200
    assert first.json["id"] == again.json["id"]


def test_the_url_works_without_its_last_slash(server):
    body, headers = form(CSV, None, "log.csv")
    assert server.request("POST", "/upload-csv", body, headers).status == 200


def test_lines_may_end_with_crlf_and_begin_with_a_byte_order_mark(server):
    csv = b"\xef\xbb\xbf" + lines(row(1), row(2), end="\r\n")
    assert server.upload(csv).json["rows"] == 2


BAD_CSVS = {
    "empty": (b"", 1, "the file is empty"),
    "header only": (f"{HEADER}\n".encode(), 2, "there is no row of values"),
    "no depth": (lines("1", header=HEADER.replace("depth,", "")), 1, "missing column"),
    "repeated column": (lines(row(), header=f"{HEADER},col7"), 1, "repeated column"),
    "unknown column": (lines(row(), header=f"{HEADER},gamma"), 1, "unknown column"),
    "199 fields": (lines(row(), row(), row()[:-4]), 4, "199 fields"),
    "202 fields": (lines(row(), row() + ",1"), 3, "202 fields"),
    "letters": (lines(row(), row(1, 7, col9="abc")), 3, "not a number"),
    "negative": (lines(row(1, 7, col9=-1)), 2, "out of range"),
    "256": (lines(row(1, 7, col9=256)), 2, "out of range"),
    "300.5": (lines(row(1, 7, col9=300.5)), 2, "out of range"),
    "nan pixel": (lines(row(1, 7, col9="nan")), 2, "not finite"),
    "inf pixel": (lines(row(1, 7, col9="inf")), 2, "not finite"),
    "empty pixel": (lines(row(1, 7, col9="")), 2, "empty"),
    "text depth": (lines(row("top")), 2, "not a number"),
    "nan depth": (lines(row("nan")), 2, "not finite"),
    "inf depth": (lines(row("inf")), 2, "not finite"),
    "no depth in a row": (lines(row("")), 2, "empty; a depth"),
    "not UTF-8": (lines(row()) + row().encode().replace(b"7", b"\xe6", 1), 3, "not UTF-8"),
    "NUL": (lines(row(1, 7, col9="\x00")), 2, "not a number"),
    "binary": (b"depth,col1\xff" + bytes(range(256)) * 50, 1, "not UTF-8"),
    "quoted newline": (lines(row(1, 7, col9='"7\n7"')), 2, "quoted field"),
    "long line": (lines(row()) + b"7" * 50_000_000, 3, "longer than 1048576 bytes"),
    "semicolons": (lines(row()).replace(b",", b";"), 1, "separate them with commas"),
    "tabs": (lines(row()).replace(b",", b"\t"), 1, "separated by tabs; separate them with commas"),
    "a remark above": (b"# A-1\n" + lines(row(1, 7, col9=256)), 3, "out of range"),
    "a fault below a remark": (
        b"# A-1\n" + lines(row(), header=f"{HEADER},x"),
        2,
        "unknown column",
    ),
}


@pytest.mark.parametrize("send", ["upload", "upload_raw"])
@pytest.mark.parametrize(("csv", "line", "reason"), BAD_CSVS.values(), ids=BAD_CSVS)
def test_a_bad_csv_is_refused_with_line_and_reason_and_nothing_is_stored(
    server, send, csv, line, reason
):
    answer = getattr(server, send)(csv)
    if not csv and send == "upload_raw":
        assert_problem(answer, 400, "no-file")
    else:
        problem = assert_problem(answer, 400, "invalid-csv")
        fault = problem["errors"][0]
        assert set(fault) == {"line", "column", "value", "reason"}
        assert fault["line"] == line
        assert reason in fault["reason"]
        assert problem["total"] >= len(problem["errors"])
    nothing_stored()


def test_a_bad_last_line_of_a_large_file_stores_nothing(server):
    csv = random_csv(30_000) + row(1, 7, col200="x").encode()
    problem = assert_problem(server.upload(csv), 400, "invalid-csv")
    assert problem["errors"] == [
        {
            "line": 30_002,
            "column": "col200",
            "value": "x",
            "reason": "not a number; a pixel is from 0 to 255",
        }
    ]
    nothing_stored()


def send_form(server, *parts):
    body = b"".join(b"--%b\r\n%b\r\n" % (BOUNDARY.encode(), part) for part in parts)
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return server.request("POST", "/upload-csv/", body + f"--{BOUNDARY}--\r\n".encode(), headers)


FILE = b'Content-Disposition: form-data; name="%b"; filename="a.csv"\r\n\r\n%b'
FIELD = b'Content-Disposition: form-data; name="%b"\r\n\r\n%b'


@pytest.mark.parametrize(
    ("parts", "detail"),
    [
        ([], "no file in the field 'file'"),
        ([FIELD % (b"well", b"A")], "no file in the field 'file'"),
        ([FIELD % (b"file", CSV)], "no file in the field 'file'"),
        ([FILE % (b"csv", CSV)], "the file is in the field 'csv'"),
        ([FILE % (b"file", CSV), FILE % (b"file", CSV)], "several files"),
    ],
)
def test_a_form_without_exactly_one_file_is_refused(server, parts, detail):
    problem = assert_problem(send_form(server, *parts), 400, "no-file")
    assert detail in problem["detail"]
    nothing_stored()


@pytest.mark.parametrize(
    ("names", "detail"),
    [([b"wel"], "did you mean well"), ([b"well", b"well"], "given more than once")],
)
def test_a_field_of_a_form_that_is_unknown_or_given_twice_is_refused(server, names, detail):
    answer = send_form(server, *(FIELD % (name, b"A") for name in names), FILE % (b"file", CSV))
    assert detail in assert_problem(answer, 400, "invalid-parameter")["detail"]
    nothing_stored()


def test_no_body_at_all_is_refused(server):
    assert_problem(server.request("POST", "/upload-csv/"), 400, "no-file")


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/octet-stream", "text/html", "nonsense"]
)
def test_another_media_type_is_refused(server, media_type):
    answer = server.request("POST", "/upload-csv/", CSV, {"Content-Type": media_type})
    problem = assert_problem(answer, 415, "unsupported-media-type")
    assert problem["detail"].endswith("in request. Allowed: multipart/form-data, text/csv.")
    nothing_stored()


@pytest.mark.parametrize("media_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_malformed_form_is_refused(server, media_type):
    answer = server.request("POST", "/upload-csv/", CSV, {"Content-Type": media_type})
    assert_problem(answer, 400, "bad-request")


@pytest.mark.parametrize("well", ["", " ", "a" * 300, "a\tb", "a\x00b", "\x1b[31m"])
def test_a_bad_name_of_a_well_is_refused(server, well):
    problem = assert_problem(server.upload(CSV, well=well), 400, "invalid-parameter")
    assert problem["errors"][0]["parameter"] == "well"
    assert_problem(server.upload_raw(CSV, well=well), 400, "invalid-parameter")
    nothing_stored()


def test_an_unknown_parameter_is_refused(server):
    answer = server.request("POST", "/upload-csv/?wel=A", CSV, {"Content-Type": "text/csv"})
    assert "did you mean well" in assert_problem(answer, 400, "invalid-parameter")["detail"]


def test_other_methods_are_refused(server):
    answer = server.get("/upload-csv/")
    assert_problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


def test_a_chunked_upload_is_asked_for_its_length(server):
    headers = {"Content-Type": "text/csv", "Transfer-Encoding": "chunked"}
    with server.connection() as client:
        client.request("POST", "/upload-csv/", iter([CSV]), headers, encode_chunked=True)
        response = client.getresponse()
        assert response.status == 411
        assert b"urn:problem-type:length-required" in response.read()


def test_a_file_over_the_limit_is_refused_with_the_limit():
    with Server({"MAX_UPLOAD_BYTES": "2000", "WEB_WORKERS": "1"}) as small:
        fits = lines(row())
        assert small.upload(fits).status == 200
        for answer in (small.upload(lines(row(), row())), small.upload_raw(lines(row(), row()))):
            assert assert_problem(answer, 413, "upload-too-large")["limit"] == 2000
        large = small.upload(b"7" * 3_000_000)
        assert_problem(large, 413, "upload-too-large")


@pytest.mark.parametrize("raw", [False, True])
def test_a_client_that_hangs_up_half_way_stores_nothing(server, raw):
    csv = random_csv(2000)
    body, headers = (csv, {"Content-Type": "text/csv"}) if raw else form(csv, "A", "log.csv")
    client = http.client.HTTPConnection("127.0.0.1", server.port)
    client.putrequest("POST", "/upload-csv/")
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        client.putheader(name, value)
    # All lines up to here are whole and good.
    client.endheaders(body[: body.index(b"\n", len(body) // 2) + 1])
    client.sock.shutdown(socket.SHUT_WR)
    assert received(client.sock).startswith(b"HTTP/1.1 400 ")
    client.close()
    nothing_stored()
    assert server.upload(CSV).status == 200


def test_a_form_that_ends_without_its_last_boundary_stores_nothing(server):
    before, _ = form_parts(None, "log.csv")
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = server.request("POST", "/upload-csv/", before + CSV, headers)
    assert_problem(answer, 400, "bad-request")
    nothing_stored()


def test_a_disk_that_is_full_is_said_to_be_and_nothing_is_stored(server):
    with Server({"WEB_WORKERS": "1"}) as small:
        for pid in small.worker_pids():
            # No file of the workers may grow beyond this.
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
        assert_problem(small.upload(random_csv(2000)), 507, "no-room-for-upload")
        nothing_stored()
        assert small.upload(CSV).status == 200


def test_other_text_with_one_array_is_taken_at_its_own_width_as_values(server):
    text = b"MD;AMP[0];AMP[1]\nm;dB;dB\n1,5;2,5;-9999\n2,5;3;4\n"
    log = server.upload(text).json
    assert (log["name"], log["unit"], log["values"], log["width"]) == ("AMP", "dB", "float32", 2)
    assert (log["depth_unit"], log["nulls"]) == ("m", 1)
    assert [warning["code"] for warning in log["warnings"]] == ["nulls-assumed"]


@pytest.mark.parametrize("text", [b"depth,GR\n1,2\n", b"\x89PNG\r\n\x1a\n", b"some words\n"])
def test_other_files_without_one_array_are_refused_in_one_sentence(server, text):
    assert_problem(server.upload(text), 400, "invalid-file")
    nothing_stored()


def test_a_refused_csv_points_to_where_other_widths_values_and_nulls_are_taken(server):
    problem = assert_problem(server.upload(lines(row(1, 7, col9=256))), 400, "invalid-csv")
    assert "POST /logs/" in problem["detail"]


@pytest.mark.parametrize(
    "above", [b"sep=,\n", b'\xef\xbb\xbf"sep=,"\r\n', b"# Well: A-1\n# Tool: B\n"]
)
def test_what_stands_above_the_header_of_the_contract_does_not_make_values_of_it(server, above):
    answer = server.upload(above + lines(row(), row(2))).json
    assert (answer["values"], answer["width"], answer["rows"]) == ("uint8", 150, 2)
