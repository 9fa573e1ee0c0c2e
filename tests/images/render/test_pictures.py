"""Pictures from CSV to pixels, against a slow reference for the whole way."""

import io

import numpy as np
import pytest
from bson import ObjectId
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import colormaps
from PIL import Image

from images.errors import NothingInRange, WindowTooLarge
from images.ingest.csv_ingest import Ingest
from images.ingest.resample import resize_rows
from images.render import answering, pictures, window_request
from images.render.representations import REPRESENTATIONS
from images.store import chunks, overviews
from storage.errors import FileCorrupt
from tests.csvs import csv_of, random_csv, random_pixels
from tests.images.render import test_raster
from tests.images.render.colour import test_stretch
from tests.images.store import test_overviews
from web.budget import budget
from web.errors import BudgetExhausted, TooLargeForBudget

STEPS = st.lists(
    st.sampled_from([0, 0.05, 0.1, 0.1, 0.1, 0.1, 0.15, 0.4, 5]), min_size=1, max_size=70
)


def ingested(depths, pixels):
    with Ingest(1 << 30) as ingest:
        ingest.feed(csv_of(depths, pixels))
        return ingest.publish(str(ObjectId()), "log.csv")[0]


def pixels_of(log, kind, top, base, **query):
    """The picture that is answered, as (height, width, 4) RGBA, and the answer."""
    texts = {name: str(value) for name, value in query.items()}
    answer = answering.make_answer(
        window_request.read(REPRESENTATIONS[kind], repr(top), repr(base), texts), [log]
    )
    return np.asarray(Image.open(io.BytesIO(answer.body)).convert("RGBA")), answer


def reference(log, depths, traces, top, base, height, kind, name):
    """The picture, by loops, numpy and matplotlib alone."""
    interval, level = log.sampling_interval, 0
    for overview in log.overviews:
        if interval * 4**overview.level <= (base - top) / height:
            level = overview.level
    cell = interval * 4**level
    if level:
        cells = test_overviews.brute_force(depths, traces, level, depths[0], interval)
        depths, traces = [c[0] for c in cells], np.array([c[1] for c in cells])
    stretched = test_stretch.GRAYS / 255
    if kind != "none":
        stretched = test_stretch.reference(kind, log.all_traces, (2, 98))
    rows = test_raster.reference(list(depths), traces, top, base, height, cell)
    grays = np.rint(np.outer(stretched, [255, 255, 255]))
    table = colormaps[name](stretched, bytes=True) if name else np.insert(grays, 3, 255, axis=1)
    clear = np.zeros((traces.shape[1], 4), int)
    return np.array([clear if row is None else table[row] for row in rows]), level


WINDOWS = st.tuples(
    st.floats(-0.3, 1.1),
    st.floats(0.01, 1.5),
    st.integers(1, 30),
    st.sampled_from(["none", "minmax", "percentile", "equalize"]),
    st.sampled_from([None, "viridis", "tab10", "jet_r", "gray"]),
    st.sampled_from(["png", "webp"]),
)


@given(STEPS, st.lists(WINDOWS, min_size=1, max_size=5))
@settings(max_examples=25)
def test_a_picture_of_any_log_and_window_is_that_of_the_reference(steps, windows):
    depths = [float(f"{d:.2f}") for d in np.cumsum([9000, *steps])]
    if depths[0] == depths[-1]:
        depths.append(depths[-1] + 0.1)
    pixels = random_pixels(len(depths), seed=len(depths))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overviews, "SMALL", 4)
        patch.setattr(chunks, "rows_per_chunk", lambda *_: 8)
        log = ingested(depths, pixels)
        log.all_traces = resize_rows(np.array(pixels, np.uint8))
        for window in windows:
            check_picture(log, depths, *window)


def check_picture(log, depths, from_, extent, height, stretch, name, kind):
    """Check one picture against the reference."""
    top = depths[0] + from_ * (depths[-1] - depths[0])
    base = top + extent * (depths[-1] - depths[0])
    traces = log.all_traces
    expected, level = reference(log, depths, traces, top, base, height, stretch, name)
    query = {"height": height, "stretch": stretch, **({"colormap": name} if name else {})}
    if not expected[:, :, 3].any():
        with pytest.raises(NothingInRange):
            pixels_of(log, kind, top, base, **query)
        return
    found, answer = pixels_of(log, kind, top, base, **query)
    assert found.tolist() == expected.tolist()
    assert answer.headers["Image-Level"] == str(level)


def test_without_a_height_there_is_a_row_for_each_trace(ingest):
    log, _ = ingest(random_csv(30, top=0, step=1))
    found, answer = pixels_of(log, "png", 5.0, 8.0)
    gray, _ = pixels_of(log, "webp", 5.0, 8.0)
    assert found.shape == (4, 150, 4)
    assert found.tolist() == gray.tolist()
    assert answer.headers | {"Image-Log": str(log.pk)} == {
        "Image-Rows": "4",
        "Image-First-Depth": "5.0",
        "Image-Last-Depth": "8.0",
        "Image-Level": "0",
        "Image-Value-Range": "0 255",
        "Image-Colormap": "none",
        "Image-Log": str(log.pk),
    }


def test_more_traces_than_a_picture_has_rows_ask_for_a_height(ingest, monkeypatch):
    log, _ = ingest(random_csv(50, top=0, step=1))
    monkeypatch.setattr("images.render.pictures.MAX_HEIGHT", 40)
    with pytest.raises(WindowTooLarge, match="50 traces and a picture has at most 40 rows"):
        pixels_of(log, "png", 0.0, 100.0)
    assert pixels_of(log, "png", 0.0, 100.0, height=40)[0].shape == (40, 150, 4)
    large, _ = ingest(random_csv(7000, top=0, step=1))
    with pytest.raises(WindowTooLarge, match="more than 40 traces"):
        pixels_of(large, "png", 0.0, 7000.0)


@pytest.mark.parametrize("height", [None, 12])
def test_dynamic_normalisation_takes_the_traces_near_each_row(ingest, height):
    pixels = random_pixels(30, seed=4)
    log, _ = ingest(csv_of(range(30), pixels))
    traces = resize_rows(np.array(pixels, np.uint8))
    depths = np.arange(30.0)
    query = {"stretch": "minmax", "normalize": "dynamic", "window": 4}
    if height:
        query["height"] = height
    found, answer = pixels_of(log, "png", 10.0, 21.0, **query)
    rows = np.array(test_raster.reference(depths.tolist(), traces, 10, 21, height or 12, 1.0))
    at = 10 + 11 * (np.arange(12) + 0.5) / 12 if height else np.arange(10, 22)
    rows = rows if height else traces[10:22]
    for row, centre, gray in zip(found, at, rows, strict=True):
        near = traces[(depths >= centre - 2) & (depths <= centre + 2)]
        table = np.rint(test_stretch.reference("minmax", near, None) * 255)
        assert row[:, 0].tolist() == table[gray].tolist()
    assert answer.headers["Image-Value-Range"] == "sliding"


def test_dynamic_normalisation_over_too_many_traces_is_refused(ingest, monkeypatch):
    log, _ = ingest(random_csv(50, top=0, step=1))
    monkeypatch.setattr("images.render.pictures.MAX_SLIDING_TRACES", 30)
    query = {"stretch": "minmax", "normalize": "dynamic", "window": 1000}
    with pytest.raises(WindowTooLarge, match="at most 30 are allowed"):
        pixels_of(log, "png", 1.0, 2.0, **query)


@pytest.mark.parametrize("height", [1, 7])
def test_a_log_of_one_row_can_be_drawn(ingest, height):
    pixels = random_pixels(1)
    log, _ = ingest(csv_of([5], pixels))
    trace = resize_rows(np.array(pixels, np.uint8))[0].tolist()
    for top, base in ((5.0, 5.0), (4.0, 6.0)):
        found, _ = pixels_of(log, "png", top, base, height=height)
        filled = found[found[:, :, 3] > 0][:, 0].reshape(-1, 150)
        assert all(row == trace for row in filled.tolist())
        assert len(filled) == (height if top == base else 1)
    assert pixels_of(log, "png", 5.0, 5.0)[0][0, :, 0].tolist() == trace


def test_large_pictures_share_one_budget_of_memory(ingest, monkeypatch):
    log, _ = ingest(random_csv(4))
    large = window_request.read(
        REPRESENTATIONS["png"], "0", "1e9", {"height": "16383", "width": "4096"}
    )
    small = window_request.read(
        REPRESENTATIONS["png"], "0", "1e9", {"height": "1000", "width": "4096"}
    )
    with pictures.reserve_memory(large, log, "png"):
        with pictures.reserve_memory(small, log, "png"):
            pass
        with pytest.raises(BudgetExhausted), pictures.reserve_memory(large, log, "png"):
            pass
    too_large = pytest.raises(TooLargeForBudget, match="4096 x 16383 pixels")
    with too_large, pictures.reserve_memory(large, log, "webp"):
        pass
    assert budget.reserved == 0
    assert answering.make_answer(large, [log]).body.startswith(b"\x89PNG")


RECIPES = [
    {},
    {"colormap": "viridis"},
    {"colormap": "viridis", "vmin": 50, "vmax": 60},
    {"stretch": "equalize"},
    {"height": 7},
    {"height": 7, "width": 40},
    {"width": 40, "colormap": "jet"},
    {"height": 7, "stretch": "minmax", "normalize": "dynamic", "window": 4},
    {"height": 7, "stretch": "minmax", "normalize": "dynamic", "window": 6},
    {"height": 7, "stretch": "percentile", "normalize": "dynamic", "window": 6},
    {
        "height": 7,
        "stretch": "percentile",
        "percentile": "5,95",
        "normalize": "dynamic",
        "window": 6,
    },
]


@pytest.mark.parametrize("base", [20.0, 45.0], ids=["whole", "with a gap"])
def test_what_was_drawn_lately_looks_as_if_it_were_drawn_anew(ingest, base):
    log, _ = ingest(csv_of([*range(30), *range(40, 50)], random_pixels(40, seed=6)))
    other, _ = ingest(random_csv(40, seed=7, top=0, step=1))

    def pictures_of():
        return [
            pixels_of(of, kind, top, base, **query)[0].tolist()
            for of in (log, other)
            for kind in ("png", "webp")
            for top in (3.0, 4.0)
            for query in RECIPES
        ]

    kept = [pictures_of(), pictures_of()]
    pictures.drawings.clear()
    pictures.encodings.clear()
    assert [pictures_of()] * 2 == kept


def test_another_colour_of_a_window_reads_no_chunk(ingest):
    log, _ = ingest(random_csv(30, top=0, step=1))
    pixels_of(log, "png", 5.0, 25.0, height=9)
    connection.database.image_logs.chunks.delete_many({})
    assert pixels_of(log, "png", 5.0, 25.0, height=9, colormap="jet")[0].shape == (9, 150, 4)
    with pytest.raises(FileCorrupt):
        pixels_of(log, "png", 5.0, 25.0, height=10)
