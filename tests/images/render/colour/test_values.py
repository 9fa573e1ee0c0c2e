"""Logs of values as pictures, JSON and arrays: nulls are transparent, ranges are in their unit."""

import base64
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import colormaps
from PIL import Image

from images.arrays import Block
from images.errors import WindowTooLarge
from images.render import answering, window_request
from images.render.colour import values
from images.render.colour.values import POSITIONS, ValueRange, usual_scale
from images.render.representations import REPRESENTATIONS
from images.render.writers.arrow import PARQUET_BYTES
from images.store import window
from storage.reader import read_chunks
from tests.problems import assert_problem
from tests.values import published, random_values
from web.budget import budget

floats = st.floats(-1e6, 1e6, width=32)


@pytest.fixture
def log():
    return published(*random_values(600, 24), unit="ohm.m", well="R-1")


@pytest.fixture
def get(server, log):
    def get(kind, top=110, base=190, **query):
        query = {"log": log.pk, "format": kind, **query}
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return server.get(f"/get-images/{top}/{base}/?{text}")

    return get


def arrays(get, **where):
    with np.load(io.BytesIO(get("npz", **where).body)) as found:
        return found["depths"], found["traces"]


def pixels(answer):
    assert answer.status == 200, answer.body
    return np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA"))


@given(st.lists(floats, min_size=1, max_size=50), floats, floats)
def test_codes_go_from_1_at_the_low_end_to_255_at_the_high_end_and_null_is_0(found, a, b):
    low, high = sorted((a, b))
    codes = values.code_by_scale(np.array([[*found, np.nan]], np.float32), low, high)
    assert codes[0, -1] == 0
    assert (codes[0, :-1] >= 1).all()
    order = np.argsort(found)
    assert (np.diff(codes[0, order].astype(int)) >= 0).all()


def test_a_picture_has_the_colours_of_matplotlib_and_nulls_are_transparent(get):
    _, traces = arrays(get)
    found = pixels(get("png", vmin=1, vmax=1000, colormap="viridis"))
    null = np.isnan(traces)
    assert (found[null][:, 3] == 0).all()
    assert (found[~null][:, 3] == 255).all()
    codes = np.rint(np.clip((traces[~null].astype(float) - 1) / 999, 0, 1) * 254) + 1
    expected = colormaps["viridis"](POSITIONS[codes.astype(int)], bytes=True)
    assert found[~null].tolist() == expected.tolist()


def test_the_default_range_is_the_percentiles_2_and_98_of_the_log(get, log):
    _, traces = arrays(get, top=0, base=1e6)
    low, high = map(float, get("png").headers["Image-Value-Range"].split())
    expected = np.nanpercentile(traces, [2, 98])
    assert [low, high] == pytest.approx(expected, rel=0.05)


def test_a_logarithmic_scale_spreads_decades_evenly(get):
    _, traces = arrays(get)
    found = pixels(get("png", vmin=1, vmax=10000, scale="log"))
    middle = np.abs(traces - 100) < 5
    assert middle.any()
    assert np.abs(found[middle][:, 0].astype(int) - 127).max() < 3


def test_values_not_above_0_have_no_place_on_a_logarithmic_scale():
    codes = ValueRange(1, 100, "log").codes(np.array([[-1, 0, 1, 100]], np.float32))
    assert codes.tolist() == [[0, 0, 1, 255]]


@pytest.mark.parametrize("stretch", ["minmax", "percentile", "equalize"])
def test_stretches_static_and_dynamic_use_all_colours(get, stretch):
    for query in ({}, {"normalize": "dynamic", "window": 20}):
        found = pixels(get("png", stretch=stretch, height=100, **query))
        seen = found[found[..., 3] > 0]
        assert len(np.unique(seen[:, 0])) > 20, (stretch, query)
        assert (found[..., 3] == 0).any()


def test_each_row_of_dynamic_normalisation_looks_at_the_window_around_it():
    depths = np.arange(10.0)
    traces = np.repeat(depths[:, np.newaxis], 3, axis=1).astype("f4")
    codes = values.code_sliding("minmax", Block(depths, traces), traces, depths, 4.0, (2, 98))
    # Within two depths: the least, the middle and the greatest of those near.
    assert codes[0].tolist() == [1, 1, 1]
    assert codes[5].tolist() == [128, 128, 128]
    assert codes[9].tolist() == [255, 255, 255]


def test_json_says_unit_and_range_and_its_traces_have_alpha(get):
    answer = json.loads(get("json", colormap="viridis").body)
    assert answer["unit"] == "ohm.m"
    assert len(answer["value_range"]) == 2
    _, traces = arrays(get)
    image = Image.open(io.BytesIO(base64.b64decode(answer["images"][0]["image"])))
    assert image.mode == "RGBA"
    assert (np.asarray(image)[0, :, 3] == 0).tolist() == np.isnan(traces[0]).tolist()


def test_npy_with_a_height_has_means_and_nan_in_nulls_and_gaps(get):
    whole = np.load(io.BytesIO(get("npy", top=100, base=399.5, height=60).body))
    _, traces = arrays(get, top=100, base=399.5)
    assert whole.shape == (60, 24)
    expected = np.nanmean(traces.reshape(60, 10, 24), axis=1)
    np.testing.assert_allclose(whole, expected, rtol=1e-4)
    beyond = np.load(io.BytesIO(get("npy", top=0, base=200, height=10).body))
    assert np.isnan(beyond[:4]).all()


def test_csv_has_the_same_float32_values_and_nulls_are_empty(get):
    text = get("csv").body.decode().splitlines()
    assert text[0].startswith("depth,AMP[0],AMP[1],")
    _, traces = arrays(get)
    rows = [[float(x) if x else np.nan for x in line.split(",")[1:]] for line in text[1:]]
    np.testing.assert_array_equal(np.array(rows, np.float32), traces)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({"vmin": 5, "vmax": 5}, "vmin must be less than vmax"),
        ({"vmin": 1e9}, "vmin must be less than vmax"),
        ({"vmin": 1e9, "scale": "log"}, "vmin must be less than vmax"),
        ({"vmax": -1, "scale": "log"}, "a logarithmic scale needs values above 0"),
        ({"scale": "logarithmic"}, "allowed: linear, log"),
        (
            {"scale": "log", "stretch": "minmax", "normalize": "dynamic", "window": 5},
            "dynamic normalisation is linear",
        ),
    ],
)
def test_a_range_that_is_none_is_a_400(get, query, problem):
    assert problem in assert_problem(get("png", **query), 400, "invalid-parameter")["detail"]


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_log_of_one_value_has_the_first_colour_on_either_scale(server, scale):
    depths, traces = random_values(10, 3)
    log = published(depths, np.full_like(traces, 5), sha256="5" * 64)
    path = f"/get-images/100/104.5/?format=png&colormap=jet&log={log.pk}&scale={scale}"
    assert np.unique(pixels(server.get(path))[..., 2]).tolist() == [127]


def test_a_log_of_grays_has_no_logarithmic_scale(server, ingest):
    from tests.csvs import random_csv

    ingest(random_csv(4), well="G")
    answer = server.get("/get-images/100/200/?format=png&scale=log&well=G")
    assert_problem(answer, 400, "invalid-parameter")


def test_each_item_of_merged_answers_names_its_log_and_other_forms_ask_to_choose(server, log):
    other = published(*random_values(50, 8, seed=1), well="R-2", sha256="1" * 64)
    answer = server.get("/get-images/100/110/").json
    assert {item["log"] for item in answer["images"]} == {str(log.pk), str(other.pk)}
    assert answer["width"] is None
    assert answer["count"] == len(answer["images"]) == 42
    depths = [item["depth"] for item in answer["images"]]
    assert depths == sorted(depths)
    for kind in ("npy", "npz", "csv", "png"):
        assert_problem(server.get(f"/get-images/100/110/?format={kind}"), 400, "several-logs")


def test_without_an_id_a_window_shows_images_and_no_curves(server, log):
    curve = published(*random_values(600, 1), well="R-1", sha256="2" * 64)
    answer = server.get("/get-images/110/120/?well=R-1&format=npy")
    assert np.load(io.BytesIO(answer.body)).shape == (21, 24)
    answer = server.get(f"/get-images/110/120/?log={curve.pk}&format=npy")
    assert np.load(io.BytesIO(answer.body)).shape == (21, 1)


def test_more_logs_than_are_merged_at_one_depth_say_what_to_narrow(monkeypatch):
    monkeypatch.setattr(window, "MAX_OVERLAP", 2)
    for n in range(6):
        depths, traces = random_values(10, 3, seed=n)
        published(depths + n * 2, traces, sha256=str(n) * 64)
    opened = window.open_window(window.matching_logs(100, 103), 100, 103)
    assert opened.count == 7 + 3
    with pytest.raises(WindowTooLarge, match=r"more than 2 image logs overlap at 104\.0"):
        window.open_window(window.matching_logs(100, 200), 100, 200)


def test_more_logs_than_an_answer_may_have_are_refused(monkeypatch):
    monkeypatch.setattr(window, "MAX_LOGS", 2)
    for n in range(3):
        depths, traces = random_values(10, 3, seed=n)
        published(depths + n * 10, traces, sha256=str(n) * 64)
    assert window.open_window(window.matching_logs(100, 110), 100, 110).count == 11
    with pytest.raises(WindowTooLarge, match="more than 2 image logs match; choose fewer"):
        window.matching_logs(100, 200)


def test_the_edges_of_many_logs_are_one_query_and_no_pixels(monkeypatch):
    for n in range(8):
        depths, traces = random_values(10, 3, seed=n)
        published(depths + n * 10, traces, sha256=str(n) * 64)
    queries = []

    def watched(bucket, wanted, crcs, **options):
        queries.append(len(wanted))
        return read_chunks(bucket, wanted, crcs, **options)

    monkeypatch.setattr(window, "read_chunks", watched)
    assert window.open_window(window.matching_logs(0, 1e4), 0, 1e4).count == 80
    assert queries == [8]


def test_json_of_several_logs_of_values_takes_a_vmin_beyond_the_255_of_grays():
    depths, traces = random_values(10, 3)
    logs = [published(depths, traces + 1000, sha256=str(n) * 64) for n in (1, 2)]
    request = window_request.read(REPRESENTATIONS["json"], "0", "1e4", {"vmin": "300"})
    document = json.loads(b"".join(answering.make_answer(request, logs).body))
    assert (document["count"], document["stretch"]) == (20, "none")


def test_an_answer_that_is_dropped_gives_its_memory_back(log):
    request = window_request.read(REPRESENTATIONS["json"], "100", "200", {})
    before = budget.reserved
    answer = answering.make_answer(request, [log])
    assert budget.reserved == before + answering.STREAM_BYTES
    answer.body.close()
    assert budget.reserved == before


@pytest.mark.parametrize(("form", "held"), [("npz", 8 * 201), ("parquet", PARQUET_BYTES)])
def test_what_a_form_holds_until_its_end_comes_out_of_the_budget(log, form, held):
    request = window_request.read(REPRESENTATIONS[form], "100", "200", {})
    before = budget.reserved
    answer = answering.make_answer(request, [log])
    assert budget.reserved == before + answering.STREAM_BYTES + held
    answer.body.close()


def test_an_npz_is_the_same_bytes_whatever_the_time(log, monkeypatch):
    request = window_request.read(REPRESENTATIONS["npz"], "100", "200", {})
    one = b"".join(answering.make_answer(request, [log]).body)
    monkeypatch.setattr("time.localtime", lambda *_: (2030, 1, 2, 3, 4, 6, 0, 0, 0))
    assert b"".join(answering.make_answer(request, [log]).body) == one


@pytest.mark.parametrize("unit", ["ohm.m", "OHMM", "Ohm-m", "\N{OHM SIGN}.m", "\u03a9m", "mD"])
def test_resistivities_and_permeabilities_over_a_decade_have_a_logarithmic_scale(unit):
    assert usual_scale(unit, 0.2, 2.0) == "log"
    assert usual_scale(unit, 0.2, 1.9) == "linear"


@pytest.mark.parametrize(
    ("unit", "low", "high"),
    [
        ("g/cc", 0.2, 2000),
        ("mdeg", 0.2, 2000),
        (None, 0.2, 2000),
        ("ohm.m", 0, 2000),
        ("ohm.m", -999.25, 2000),
        ("ohm.m", None, None),
    ],
)
def test_all_other_values_have_a_linear_scale(unit, low, high):
    assert usual_scale(unit, low, high) == "linear"
