"""The documents and chunks of a log as a Zarr v3 group, opened by zarr itself."""

import json

import numpy as np
import pytest
import xarray as xr
import zarr
from hypothesis import given
from hypothesis import strategies as st

from images.render.writers.zarr import CHUNK_BYTES, ArrayShape, Hierarchy, is_chunk

GRAYS = np.arange(25 * 4, dtype=np.uint8).reshape(25, 4)
VALUES = np.linspace(-1, 1, 100, dtype="<f4").reshape(25, 4)
DEPTHS = np.linspace(100, 102.4, 25)
LEVELS = [ArrayShape(0, 25, 10), ArrayShape(1, 7, 10)]


def hierarchy(dtype="<f4"):
    attributes = {"": {"well": "A-1"}, "values": {"units": "ohm.m"}, "depth": {"units": "m"}}
    return Hierarchy(LEVELS, np.dtype(dtype), "azimuth", np.arange(4) * 90.0, attributes)


@pytest.fixture
def store(tmp_path, monkeypatch, request):
    """All documents and chunks of a log of 25 traces in a folder, as zarr's own store has them.

    A chunk of the group is two of the floats' file and all of the grays' or the depths'.
    """
    monkeypatch.setattr("images.render.writers.zarr.CHUNK_BYTES", 320)
    values = getattr(request, "param", VALUES)
    group = hierarchy(values.dtype.str)
    for prefix, rows in (("", 25), ("overviews/1/", 7)):
        for name, array in {"values": values, "depth": DEPTHS}.items():
            for path, chunk in chunks(group, prefix + name, array[:rows]):
                put(tmp_path / path, chunk)
        put(tmp_path / f"{prefix}azimuth/c/0", group.axis_chunk())
    for node in ("", "values", "depth", "azimuth", "overviews", "overviews/1"):
        put(tmp_path / node / "zarr.json", json.dumps(group.document(node)).encode())
    for name in ("values", "depth", "azimuth"):
        node = f"overviews/1/{name}"
        put(tmp_path / node / "zarr.json", json.dumps(group.document(node)).encode())
    return tmp_path


def chunks(group, node, array, stored_rows=10):
    """The keys of an array, one after the other, and what is answered for them."""
    stored = [array[n : n + stored_rows].tobytes() for n in range(0, len(array), stored_rows)]
    for number in range(len(stored) + 1):
        path = f"{node}/c/{number}" + ("/0" if array.ndim == 2 else "")
        key = group.chunk_key(path)
        if key is None:
            return
        yield path, b"".join(group.filled_up(key, [stored[n] for n in key.stored]))


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.parametrize("store", [GRAYS, VALUES], ids=["uint8", "float32"], indirect=True)
def test_xarray_opens_the_group_with_its_labels_and_units(store):
    dataset = xr.open_zarr(store, consolidated=True, chunks=None)
    assert dataset["values"].dims == ("depth", "azimuth")
    assert dataset.attrs["well"] == "A-1"
    assert dataset["values"].attrs["units"] == "ohm.m"
    np.testing.assert_array_equal(dataset["depth"], DEPTHS)
    np.testing.assert_array_equal(dataset["azimuth"], [0, 90, 180, 270])
    expected = GRAYS if dataset["values"].dtype == np.uint8 else VALUES
    np.testing.assert_array_equal(dataset["values"], expected)


def test_a_chunk_is_some_chunks_of_the_file_and_the_last_one_is_filled_up(store):
    array = zarr.open_array(store, path="values", mode="r")
    assert array.chunks == (20, 4)
    last = np.frombuffer((store / "values/c/1/0").read_bytes(), "<f4").reshape(20, 4)
    assert np.isnan(last[5:]).all()
    assert zarr.open_array(store, path="depth", mode="r").chunks == (25,)


@given(st.integers(1, 3000), st.integers(1, 300), st.sampled_from([4, 400, 40_000]))
def test_the_chunks_one_after_the_other_are_the_array(rows, stored_rows, width):
    group = Hierarchy(
        [ArrayShape(0, rows, stored_rows)], np.dtype("u1"), "azimuth", np.zeros(width), {}
    )
    depths = np.arange(rows, dtype="<f8")
    found = [data for _, data in chunks(group, "depth", depths, stored_rows)]
    assert len({*map(len, found)}) == 1
    assert b"".join(found)[: depths.nbytes] == depths.tobytes()
    [extent, _] = group.document("values")["chunk_grid"]["configuration"]["chunk_shape"]
    assert extent % stored_rows == 0 or extent == rows
    assert extent * width <= max(CHUNK_BYTES, stored_rows * width)


def test_zarr_opens_an_overview_as_a_group(store):
    group = zarr.open_group(store, path="overviews/1", mode="r")
    np.testing.assert_array_equal(group["values"][:], VALUES[:7])


@pytest.mark.parametrize(
    "path",
    [
        *("values/c/1/0", "values/c/0", "values/c/0/1", "depth/c/0/0", "depth/c/9", "azimuth/c/1"),
        *("overviews/0/values/c/0/0", "overviews/2/values/c/0/0", "values/c/-1/0", "x/c/0"),
        *("values/c/٣/0", "values/c/0/0/", "../values/c/0/0"),
    ],
)
def test_an_unknown_chunk_key_names_nothing(path):
    assert hierarchy().chunk_key(path) is None


def test_the_key_of_a_chunk_is_known_without_the_log():
    assert is_chunk("values/c/999/0")
    assert is_chunk("overviews/1/depth/c/0")
    assert not is_chunk("values/zarr.json")


def test_an_unknown_node_has_no_document_and_no_members():
    assert hierarchy().document("overviews/7") is None
    assert hierarchy().members("overviews/7") is None


def test_the_members_of_a_group_are_those_right_below_it():
    group = hierarchy()
    assert group.members("") == ["zarr.json", "azimuth", "depth", "overviews", "values"]
    assert group.members("overviews") == ["zarr.json", "1"]
    assert group.members("overviews/1") == ["zarr.json", "azimuth", "depth", "values"]
    assert group.members("values") == ["zarr.json"]
