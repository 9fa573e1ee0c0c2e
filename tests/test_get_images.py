"""``GET /get-images/<min>/<max>/`` over real HTTP."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection
from matplotlib import colormaps
from PIL import Image

from images.ingest.resample import resize_rows
from tests.csvs import csv_of, random_csv, random_pixels
from tests.problems import UNKNOWN_ID, assert_problem


def pixels_of(answer):
    """All images of an answer, decoded: (n, 150, 3) or (n, 150)."""
    pngs = [base64.b64decode(image["image"]) for image in answer.json["images"]]
    return np.array([np.asarray(Image.open(io.BytesIO(png)))[0] for png in pngs])


@pytest.fixture
def grays(server):
    """A log of 256 rows, one of each gray, from depth 0 to 255."""
    pixels = [[gray] * 200 for gray in range(256)]
    assert server.upload(csv_of(range(256), pixels), well="grays").status == 200
    return np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 150, axis=1)


def test_a_coloured_pixel_is_the_one_of_matplotlib_for_every_colormap(server, grays):
    for name in colormaps:
        answer = server.get(f"/get-images/0/255/?colormap={name}")
        assert answer.json["colormap"] == name
        expected = colormaps[name](grays / 255, bytes=True)[:, :, :3]
        assert (pixels_of(answer) == expected).all(), name


def test_without_a_colormap_the_answer_is_gray(server, grays):
    answer = server.get("/get-images/0/255/")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert {key: answer.json[key] for key in ("count", "width", "colormap")} == {
        "count": 256,
        "width": 150,
        "colormap": None,
    }
    assert pixels_of(answer).tolist() == grays.tolist()


def test_every_row_of_a_file_comes_back_as_pillow_resizes_it_alone(server):
    pixels = random_pixels(2000, seed=5)
    server.upload(csv_of([i / 10 for i in range(2000)], pixels))
    answer = server.get("/get-images/0/200/")
    assert [image["depth"] for image in answer.json["images"]] == [i / 10 for i in range(2000)]
    rows = (np.array([row], np.uint8) for row in pixels)
    alone = [np.asarray(Image.fromarray(row).resize((150, 1)))[0].tolist() for row in rows]
    assert pixels_of(answer).tolist() == alone


@pytest.mark.parametrize(
    ("url", "depths"),
    [
        ("/get-images/10/12/", [10, 11, 12]),
        ("/get-images/10/12", [10, 11, 12]),
        ("/get-images/-5/1.5/", [0, 1]),
        ("/get-images/1e1/1.1e1/", [10, 11]),
        ("/get-images/1e+1/+11/", [10, 11]),
        ("/get-images/7/7/", [7]),
        ("/get-images/254.5/9999/", [255]),
    ],
)
def test_a_range_is_any_two_decimal_numbers_and_both_ends_are_in_it(server, grays, url, depths):
    answer = server.get(url)
    assert answer.status == 200, answer.body
    assert [image["depth"] for image in answer.json["images"]] == depths


def test_a_well_and_a_log_narrow_the_answer(server):
    a = server.upload(random_csv(3, seed=1), well="A").json
    b = server.upload(random_csv(3, seed=2), well="B").json
    counts = {
        query: server.get(f"/get-images/0/1000/{query}").json["count"]
        for query in ("", "?well=A", f"?log={b['id']}", f"?well=A&log={a['id']}")
    }
    assert list(counts.values()) == [6, 3, 3, 3]


@pytest.mark.parametrize(
    ("path", "kind", "detail"),
    [
        ("/get-images/9/1/", "invalid-parameter", "reversed"),
        ("/get-images/nan/1/", "invalid-parameter", "finite"),
        ("/get-images/0/inf/", "invalid-parameter", "finite"),
        ("/get-images/0/1e999/", "invalid-parameter", "finite"),
        ("/get-images/abc/1/", "invalid-parameter", "min='abc'"),
        ("/get-images/0/1_0/", "invalid-parameter", "max='1_0'"),
        ("/get-images/0/9/?colormap=virdis", "unknown-colormap", "viridis"),
        ("/get-images/0/9/?colormap=", "unknown-colormap", "matplotlib"),
        ("/get-images/0/9/?colourmap=jet", "invalid-parameter", "did you mean colormap?"),
        ("/get-images/0/9/?well=%00", "invalid-parameter", "printable"),
        ("/get-images/0/9/?vmin=1&vmin=2", "invalid-parameter", "more than once"),
    ],
)
def test_a_bad_request_is_explained(server, grays, path, kind, detail):
    problem = assert_problem(server.get(path), 400, kind)
    assert detail in problem["detail"]
    assert problem["errors"][0]["parameter"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/get-images/1000/2000/", "nothing-in-range"),
        ("/get-images/0.2/0.8/", "nothing-in-range"),
        (f"/get-images/0/9/?log={UNKNOWN_ID}", "log-not-found"),
        ("/get-images/0/9/?log=abc", "log-not-found"),
        ("/get-images/0/9/?well=nowhere", "log-not-found"),
    ],
)
def test_what_is_not_there_is_not_found(server, grays, path, kind):
    assert_problem(server.get(path), 404, kind)
    assert server.request("HEAD", path).status == 404


@pytest.mark.parametrize(
    "path", ["/get-images/", "/get-images/1/", "/get-images/1/2/3/", "/nowhere", "/%00", "/%ff"]
)
def test_unknown_paths_are_problems_too(server, path):
    assert_problem(server.get(path), 404, "not-found")


def test_other_methods_are_refused(server):
    answer = server.request("DELETE", "/get-images/1/2/")
    problem = assert_problem(answer, 405, "method-not-allowed")
    assert problem["detail"] == 'Method "DELETE" not allowed. Allowed: GET, HEAD.'


def test_a_corrupt_file_is_an_error_of_the_server_that_tells_so(server):
    server.upload(random_csv(3))
    connection.database.image_logs.chunks.delete_many({})
    assert_problem(server.get("/get-images/0/1000/"), 500, "file-corrupt")


def test_a_large_answer_is_streamed_whole(server):
    server.upload(random_csv(12_000, top=0, step=1))
    answer = server.get("/get-images/0/20000/?colormap=gray")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.json["count"] == len(answer.json["images"]) == 12_000
    depths = [image["depth"] for image in answer.json["images"]]
    assert depths == list(range(12_000))


def test_an_answer_that_cannot_be_finished_is_cut_off_visibly(server):
    server.upload(random_csv(30_000, top=0, step=1))
    connection.database.image_logs.chunks.delete_many({"n": 15})
    with pytest.raises(Exception, match="IncompleteRead"):
        server.get("/get-images/0/30000/")


def test_a_parquet_that_cannot_be_finished_is_an_error(server):
    server.upload(random_csv(30_000, top=0, step=1))
    connection.database.image_logs.chunks.delete_many({"n": 15})
    assert_problem(server.get("/get-images/0/30000/?format=parquet"), 500, "file-corrupt")


def test_two_hundred_reads_during_an_upload_are_all_right(server):
    pixels = random_pixels(200, seed=7)
    server.upload(csv_of(range(200), pixels), well="read")
    expected = resize_rows(np.array(pixels, np.uint8))[50:61].tolist()
    large = random_csv(20_000, seed=8)

    def read(_):
        answer = server.get("/get-images/50/60/?well=read")
        return answer.status == 200 and pixels_of(answer).tolist() == expected

    # Together with the upload they are fewer than the threads of one worker.
    with ThreadPoolExecutor(6) as threads:
        upload = threads.submit(server.upload, large, "written")
        assert all(threads.map(read, range(200)))
        assert upload.result().status == 200
