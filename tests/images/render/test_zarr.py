"""The documents and chunks of a log as a Zarr v3 group, opened by zarr itself."""

import json

import numpy as np
import pytest
import xarray as xr
import zarr

from images.render.zarr import ArrayShape, ChunkKey, Hierarchy

GRAYS = np.arange(25 * 4, dtype=np.uint8).reshape(25, 4)
VALUES = np.linspace(-1, 1, 100, dtype="<f4").reshape(25, 4)
DEPTHS = np.linspace(100, 102.4, 25)
LEVELS = [ArrayShape(0, 25, 10), ArrayShape(1, 7, 10)]


def hierarchy(dtype="<f4"):
    attributes = {"": {"well": "A-1"}, "values": {"units": "ohm.m"}, "depth": {"units": "m"}}
    return Hierarchy(LEVELS, np.dtype(dtype), "azimuth", np.arange(4) * 90.0, attributes)


@pytest.fixture
def store(tmp_path, request):
    """All documents and chunks of a log of 25 traces in a folder, as zarr's own store has them."""
    values = getattr(request, "param", VALUES)
    group = hierarchy(values.dtype.str)
    arrays = {"values": values, "depth": DEPTHS}
    for level, prefix, rows in ((0, "", 25), (1, "overviews/1/", 7)):
        for name, array in arrays.items():
            for n in range(-(-rows // 10)):
                path = f"{prefix}{name}/c/{n}" + ("/0" if name == "values" else "")
                key = group.chunk_key(path)
                assert key == ChunkKey(level, name, n)
                stored = array[:rows][10 * n : 10 * n + 10].tobytes()
                put(tmp_path / path, group.filled_up(key, stored))
        put(tmp_path / f"{prefix}azimuth/c/0", group.axis_chunk())
    for node in ("", "values", "depth", "azimuth", "overviews", "overviews/1"):
        put(tmp_path / node / "zarr.json", json.dumps(group.document(node)).encode())
    for name in ("values", "depth", "azimuth"):
        node = f"overviews/1/{name}"
        put(tmp_path / node / "zarr.json", json.dumps(group.document(node)).encode())
    return tmp_path


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


def test_zarr_opens_an_overview_as_a_group(store):
    group = zarr.open_group(store, path="overviews/1", mode="r")
    np.testing.assert_array_equal(group["values"][:], VALUES[:7])


@pytest.mark.parametrize(
    "path",
    [
        *("values/c/3/0", "values/c/0", "values/c/0/1", "depth/c/0/0", "depth/c/9", "azimuth/c/1"),
        *("overviews/0/values/c/0/0", "overviews/2/values/c/0/0", "values/c/-1/0", "x/c/0"),
        *("values/c/٣/0", "values/c/0/0/", "../values/c/0/0"),
    ],
)
def test_an_unknown_chunk_key_names_nothing(path):
    assert hierarchy().chunk_key(path) is None


def test_an_unknown_node_has_no_document():
    assert hierarchy().document("overviews/7") is None
