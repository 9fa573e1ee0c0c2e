"""One window in every representation, over real HTTP."""

import gzip
import io

import numpy as np
import pytest
from django.db import connection
from matplotlib import colormaps
from PIL import Image

from images.ingest.resample import resize_rows
from images.models import ImageLog
from images.render.representations import REPRESENTATIONS
from tests.csvs import csv_of, random_csv, random_pixels
from tests.problems import assert_problem
from tests.test_get_images import pixels_of

ROWS = 300
WINDOW = "/get-images/20/49.5/"
STATISTICS = {"minimum", "maximum", "mean", "percentiles", "histogram"}


@pytest.fixture
def log(server):
    """A log of 300 rows, 0.5 apart, from 0; its traces, and what the upload answered."""
    pixels = random_pixels(ROWS, seed=11)
    answer = server.upload(csv_of(np.arange(ROWS) / 2, pixels), well="A").json
    return resize_rows(np.array(pixels, np.uint8)), answer


def get(server, **query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return server.get(f"{WINDOW}?{text}")


def rgb(answer):
    return np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGB"))


def test_all_representations_hold_the_same_pixels(server, log):
    traces, depths = log[0][40:100], np.arange(40, 100) / 2
    answers = {kind: get(server, format=kind) for kind in REPRESENTATIONS}
    for kind, answer in answers.items():
        assert answer.status == 200, answer.body
        assert answer.headers["Content-Type"].partition(";")[0] == REPRESENTATIONS[kind].media_type
        assert answer.headers["Image-Rows"] == "60"
    assert pixels_of(answers["json"]).tolist() == traces.tolist()
    assert rgb(answers["png"])[:, :, 0].tolist() == traces.tolist()
    assert rgb(answers["webp"])[:, :, 1].tolist() == traces.tolist()
    assert np.load(io.BytesIO(answers["npy"].body)).tolist() == traces.tolist()
    with np.load(io.BytesIO(answers["npz"].body)) as arrays:
        assert arrays["traces"].tolist() == traces.tolist()
        assert arrays["depths"].tolist() == depths.tolist()
    table = np.loadtxt(io.BytesIO(answers["csv"].body), delimiter=",", skiprows=1)
    assert table[:, 0].tolist() == depths.tolist()
    assert table[:, 1:].tolist() == traces.tolist()
    lines = b"[" + answers["ndjson"].body.replace(b"\n", b",")[:-1] + b"]"
    assert lines == answers["json"].body.partition(b'"images":')[2].removesuffix(b"}")


@pytest.mark.parametrize("form", REPRESENTATIONS.values(), ids=lambda form: form.name)
def test_the_accept_header_chooses_as_the_parameter_does(server, log, form):
    by_header = server.get(WINDOW, Accept=form.media_type)
    assert by_header.headers["Content-Type"].partition(";")[0] == form.media_type
    assert by_header.body == get(server, format=form.name).body


def test_an_unknown_format_is_bad_and_an_unknown_media_type_not_acceptable(server, log):
    problem = assert_problem(get(server, format="bmp"), 400, "invalid-parameter")
    assert ", ".join(REPRESENTATIONS) in problem["detail"]
    problem = assert_problem(server.get(WINDOW, Accept="application/pdf"), 406, "not-acceptable")
    for form in REPRESENTATIONS.values():
        assert form.media_type in problem["detail"]


def test_a_picture_tells_its_facts(server, log):
    answer = get(server, format="png", height=10, colormap="jet", vmin=10, vmax=200.5)
    facts = {k: v for k, v in answer.headers.items() if k.startswith("Image-")}
    assert facts == {
        "Image-Rows": "10",
        "Image-First-Depth": "20.0",
        "Image-Last-Depth": "49.5",
        "Image-Level": "0",
        "Image-Value-Range": "10 200.5",
        "Image-Colormap": "jet",
        "Image-Log": log[1]["id"],
    }
    timings = [part.partition(";")[0] for part in answer.headers["Server-Timing"].split(", ")]
    assert timings == ["catalogue", "chunks", "render"]


def test_the_same_gray_has_the_same_colour_in_every_window(server, log):
    for stretch in ("none", "minmax", "percentile", "equalize"):
        query = f"format=png&colormap=viridis&stretch={stretch}"
        whole = rgb(server.get(f"/get-images/0/200/?{query}"))
        part = rgb(server.get(f"{WINDOW}?{query}"))
        assert part.tolist() == whole[40:100].tolist()


def test_json_says_how_it_was_stretched_and_colours_alike(server, log):
    answer = get(server, stretch="minmax", colormap="viridis")
    picture = get(server, stretch="minmax", colormap="viridis", format="png")
    low, high = answer.json["value_range"]
    assert answer.json["stretch"] == "minmax"
    assert picture.headers["Image-Value-Range"] == f"{low:g} {high:g}"
    assert pixels_of(answer).tolist() == rgb(picture).tolist()


def test_custom_stops_make_a_colormap(server, log):
    answer = get(server, format="png", colormap="custom", stops="%23ff0000,%230000ff")
    pixels = rgb(answer)
    assert (pixels[:, :, 1] == 0).all()
    assert np.abs(pixels[:, :, 0].astype(int) + pixels[:, :, 2] - 255).max() <= 1


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("format=png&height=0", "height"),
        ("format=png&height=-5", "height"),
        ("format=png&height=16384", "height"),
        ("format=png&height=1e3", "height"),
        ("format=webp&width=0", "width"),
        ("format=png&width=4097", "width"),
        ("height=10", "height"),
        ("format=npy&colormap=jet", "colormap"),
        ("format=csv&stretch=minmax", "stretch"),
        ("vmin=5&vmax=5", "vmin"),
        ("vmin=300", "vmin"),
        ("vmin=nan", "vmin"),
        ("stretch=minmax&vmin=3", "vmin"),
        ("stretch=log", "stretch"),
        ("percentile=2,98", "percentile"),
        ("stretch=percentile&percentile=98,2", "percentile"),
        ("format=png&normalize=dynamic&window=1", "normalize"),
        ("format=png&normalize=dynamic&stretch=minmax", "window"),
        ("format=png&normalize=dynamic&stretch=minmax&window=0", "window"),
        ("format=png&normalize=dynamic&stretch=minmax&window=-1", "window"),
        ("format=png&window=1", "window"),
        ("format=png&normalize=sometimes", "normalize"),
        ("colormap=custom", "stops"),
        ("colormap=custom&stops=red,blue", "stops"),
        ("colormap=jet&stops=%23000000,%23ffffff", "stops"),
    ],
)
def test_a_parameter_out_of_place_or_range_is_named(server, log, query, parameter):
    problem = assert_problem(server.get(f"{WINDOW}?{query}"), 400, "invalid-parameter")
    assert problem["errors"][0]["parameter"] == parameter


def test_what_can_be_of_one_log_only_asks_to_choose(server, log):
    other = server.upload(random_csv(300, seed=2, top=0), well="B").json
    queries = ("format=png", "format=webp", "format=npy", "format=npz", "format=csv")
    for query in (*queries, "stretch=minmax"):
        problem = assert_problem(server.get(f"{WINDOW}?{query}"), 400, "several-logs")
        # Two workers may give out ids in any order within a second.
        assert {entry["id"] for entry in problem["logs"]} == {log[1]["id"], other["id"]}
        assert set(problem["logs"][0]) == {"id", "well", "name", "filename"}
        assert server.get(f"{WINDOW}?{query}&well=B").status == 200
        assert server.get(f"{WINDOW}?{query}&log={other['id']}").status == 200
    for query in ("format=json", "format=ndjson"):
        assert server.get(f"{WINDOW}?{query}").status == 200


def test_a_range_too_long_to_be_divided_is_refused_a_height(server):
    ends = (-1e29, 0.0, 1e29)
    server.upload(csv_of(ends, [[7] * 200] * 3))
    path = "/get-images/-1.7e308/1.7e308/"
    assert server.get(path).json["count"] == 3
    assert_problem(server.get(f"{path}?format=png&height=9"), 400, "invalid-parameter")


def test_a_range_inside_a_gap_is_not_found_and_beside_it_transparent(server):
    server.upload(csv_of([0, 1, 2, 50, 51], random_pixels(5)))
    assert_problem(server.get("/get-images/10/40/?format=png&height=5"), 404, "nothing-in-range")
    image = Image.open(io.BytesIO(server.get("/get-images/0/50/?format=png&height=50").body))
    assert image.mode == "RGBA"
    alpha = np.asarray(image)[:, 0, 3]
    assert (alpha[:3] == 255).all()
    assert (alpha[4:48] == 0).all()


def test_an_unchanged_answer_is_304_and_costs_no_chunk(server, log):
    from django.db import connection

    path = f"{WINDOW}?format=png&log={log[1]['id']}"
    first = server.get(path)
    tag = first.headers["ETag"]
    connection.database.image_logs.chunks.delete_many({})
    for held in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = server.get(path, **{"If-None-Match": held})
        assert (again.status, again.body) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again.headers[name] == first.headers[name]


def test_a_picture_of_a_deleted_log_is_not_shown_again(server, log):
    path = f"{WINDOW}?format=png&log={log[1]['id']}"
    for _ in range(8):  # by each of the workers
        assert server.get(path).status == 200
    assert server.request("DELETE", f"/logs/{log[1]['id']}/").status == 204
    for _ in range(8):
        assert_problem(server.get(path), 404, "log-not-found")


def test_etags_differ_where_bytes_do(server, log):
    other = server.upload(random_csv(300, seed=2, top=0), well="B").json
    paths = [
        f"{WINDOW}?log={log[1]['id']}",
        f"{WINDOW}?log={other['id']}",
        f"{WINDOW}?log={log[1]['id']}&colormap=jet",
        f"{WINDOW}?log={log[1]['id']}&format=npy",
        f"/get-images/20/49/?log={log[1]['id']}",
        WINDOW,
    ]
    tags = [server.get(path).headers["ETag"] for path in paths]
    tags.append(server.get(WINDOW, **{"Accept-Encoding": "gzip"}).headers["ETag"])
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith('"') for tag in tags)
    server.request("DELETE", f"/logs/{other['id']}/")
    assert server.get(WINDOW).headers["ETag"] not in tags


def test_a_picture_or_an_array_of_a_named_log_never_changes_and_the_rest_is_asked_for_again(
    server, log
):
    for form in ("png", "webp", "npy", "npz"):
        named = server.get(f"{WINDOW}?log={log[1]['id']}&format={form}")
        assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert named.headers["Vary"] == "Accept, Accept-Encoding"
    for query in (
        "?format=png",
        "?format=npy",
        "",
        f"?log={log[1]['id']}",
        f"?log={log[1]['id']}&format=las",
    ):
        assert server.get(WINDOW + query).headers["Cache-Control"] == "no-cache"


def test_a_change_of_a_log_changes_the_etag_of_what_tells_its_name(server, log):
    path = f"{WINDOW}?log={log[1]['id']}&format=las"
    before = server.get(path)
    json_type = {"Content-Type": "application/json"}
    answer = server.request("PATCH", f"/logs/{log[1]['id']}/", b'{"name": "FMI"}', json_type)
    assert answer.status == 200
    after = server.get(path, **{"If-None-Match": before.headers["ETag"]})
    assert after.status == 200
    assert b"FMI[0]" in after.body


@pytest.mark.parametrize("kind", list(REPRESENTATIONS))
def test_head_has_the_headers_and_no_body_and_reads_no_pixels(server, log, kind):
    path = f"{WINDOW}?format={kind}&log={log[1]['id']}"
    whole = server.get(path)
    pixels = {"files_id": ImageLog.objects.get(pk=log[1]["id"]).file_ids[0]}
    assert connection.database.image_logs.chunks.delete_many(pixels).deleted_count
    head = server.request("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "ETag", "Cache-Control", "Vary"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("kind", list(REPRESENTATIONS))
def test_gzip_is_used_where_it_helps(server, log, kind):
    plain = get(server, format=kind)
    zipped = server.get(f"{WINDOW}?format={kind}", **{"Accept-Encoding": "gzip"})
    if kind in {"png", "webp", "npz", "parquet"}:
        assert "Content-Encoding" not in zipped.headers
    else:
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.body) == plain.body


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("png", 'inline; filename="{}.png"'),
        ("json", 'inline; filename="{}.json"'),
        ("las", 'attachment; filename="{}.las"'),
        ("techlog", 'attachment; filename="{}.csv"'),
    ],
)
def test_content_disposition_names_well_log_and_depths(server, log, form, name):
    _, log = log
    top, base = log["depth_min"], log["depth_max"]
    stem = f"A image {top}-{base}"
    for method in ("GET", "HEAD"):
        answer = server.request(method, f"/get-images/{top}/{base}/?log={log['id']}&format={form}")
        assert answer.headers["Content-Disposition"] == name.format(stem)


def test_the_colormaps_are_listed_and_have_legends(server):
    listed = server.get("/colormaps/").json["colormaps"]
    assert [entry["name"] for entry in listed] == list(colormaps)
    assert listed[3] == {
        "name": "viridis",
        "category": "perceptually uniform sequential",
        "perceptually_uniform": True,
        "reversed": "viridis_r",
    }
    ramp = rgb(server.get("/colormaps/viridis.png"))
    assert ramp.shape == (24, 256, 3)
    expected = colormaps["viridis"](np.arange(256) / 255, bytes=True)[:, :3]
    assert ramp[0].tolist() == ramp[-1].tolist() == expected.tolist()
    narrowed = rgb(server.get("/colormaps/viridis.png?vmin=100&vmax=101"))
    assert narrowed[0, [100, 101]].tolist() == expected[[0, 255]].tolist()
    custom = server.get("/colormaps/custom.png?stops=%23000000,%23ffffff")
    ramp = np.arange(256).reshape(-1, 1)
    assert np.abs(rgb(custom)[0].astype(int) - ramp).max() <= 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/colormaps/virdis.png", "unknown-colormap"),
        ("/colormaps/custom.png", "invalid-parameter"),
        ("/colormaps/jet.png?vmin=9&vmax=1", "invalid-parameter"),
        ("/colormaps/jet.png?height=9", "invalid-parameter"),
        ("/colormaps/?name=jet", "invalid-parameter"),
    ],
)
def test_a_bad_legend_is_explained(server, path, kind):
    assert_problem(server.get(path), 400, kind)


def test_a_log_describes_its_grays_and_its_depths(server, log):
    traces, uploaded = log
    found = server.get(f"/logs/{uploaded['id']}/").json
    assert set(found["statistics"]) == STATISTICS
    assert found["statistics"]["histogram"] == np.bincount(traces.ravel(), minlength=256).tolist()
    assert found["statistics"]["mean"] == pytest.approx(traces.mean())
    assert found["sampling"] == {"median": 0.5, "minimum": 0.5, "maximum": 0.5}
    assert (found["gaps"], found["gap_count"], found["overviews"]) == ([], 0, [])
    gappy = server.upload(csv_of([0, 1, 2, 50, 51], random_pixels(5))).json
    found = server.get(f"/logs/{gappy['id']}/").json
    assert (found["gaps"], found["gap_count"]) == ([{"top": 2.0, "base": 50.0}], 1)
    long = server.upload(random_csv(5000), well="long").json
    overviews = server.get(f"/logs/{long['id']}/").json["overviews"]
    assert overviews == [{"level": 1, "rows": 1250}, {"level": 2, "rows": 313}]
