"""Logs of values as Zarr groups: nulls, waveforms, dask, tokens, and faults of the store."""

import aiohttp
import dask.array
import numpy as np
import pytest
import xarray as xr
import zarr
from django.db import connection

from images.embedded import Axis
from images.models import ImageLog
from tests.problems import assert_problem
from tests.values import published, random_values

ROWS, WIDTH = 3000, 36


@pytest.fixture
def values():
    return random_values(ROWS, WIDTH)


def address(server, log):
    return f"http://127.0.0.1:{server.port}/logs/{log.pk}.zarr"


def test_values_are_the_same_float32_and_their_nulls_are_nan(server, values):
    depths, expected = values
    log = published(depths, expected, unit="ohm.m", depth_unit="m", azimuth_reference="north")
    dataset = xr.open_zarr(address(server, log))
    array = dataset["values"]
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array.values, expected)
    assert np.isnan(array.values).sum() == np.isnan(expected).sum() > 0
    assert array.attrs["units"] == "ohm.m"
    assert array.attrs["azimuth_reference"] == "north"
    assert dataset["depth"].attrs["units"] == "m"


def test_a_waveform_has_an_axis_of_times_instead_of_azimuths(server, values):
    depths, expected = values
    axis = Axis(name="time", unit="us", places=[4.0 * n for n in range(WIDTH)])
    dataset = xr.open_zarr(address(server, published(depths, expected, axis=axis)))
    assert dataset["values"].dims == ("depth", "axis")
    assert "azimuth" not in dataset
    assert dataset["axis"].attrs == {"units": "us", "long_name": "time"}
    part = dataset["values"].sel(axis=slice(8, 16), depth=slice(200, 210))
    np.testing.assert_array_equal(part.values, expected[200:221, 2:5])


def test_dask_computes_a_mean_from_the_chunks(server, values):
    log = published(*values)
    array = dask.array.from_zarr(zarr.open_array(f"{address(server, log)}/values", mode="r"))
    assert array.chunks[1] == (WIDTH,)
    mean = dask.array.nanmean(array, axis=1).compute()
    np.testing.assert_allclose(mean, np.nanmean(values[1], axis=1), rtol=1e-5)


def test_a_changed_chunk_is_a_500_and_not_read(server, values):
    log = published(*values)
    chunks = connection.database.image_logs.chunks
    chunk = chunks.find_one({"files_id": log.file_ids[0], "n": 0})
    changed = bytes([chunk["data"][0] ^ 1]) + chunk["data"][1:]
    chunks.update_one({"_id": chunk["_id"]}, {"$set": {"data": changed}})
    answer = server.get(f"/logs/{log.pk}.zarr/values/c/0/0")
    assert_problem(answer, 500, "file-corrupt")
    with pytest.raises(aiohttp.ClientResponseError, match="500"):
        xr.open_zarr(address(server, log))["values"].load()


def test_every_key_of_a_log_that_was_deleted_after_it_was_opened_is_refused(server, values):
    log = published(*values)
    path = f"/logs/{log.pk}.zarr/values/c/0/0"
    assert server.get(path).status == 200
    assert server.request("DELETE", f"/logs/{log.pk}/").status == 204
    for key in ("values/c/0/0", "depth/c/0", "azimuth/c/0", "overviews/1/values/c/0/0"):
        assert_problem(server.get(f"/logs/{log.pk}.zarr/{key}"), 410, "log-gone")
    for key in ("zarr.json", "values/zarr.json", ".zmetadata", "nothing"):
        assert_problem(server.get(f"/logs/{log.pk}.zarr/{key}"), 404, "log-not-found")


def test_xarray_raises_instead_of_filling_in_nulls_where_the_log_was_deleted_after_open(
    server, values
):
    log = published(*values)
    url = address(server, log)
    lazy, plain = xr.open_zarr(url)["values"], zarr.open_array(f"{url}/values", mode="r")
    assert server.request("DELETE", f"/logs/{log.pk}/").status == 204
    with pytest.raises(aiohttp.ClientResponseError, match="410"):
        lazy.load()
    with pytest.raises(aiohttp.ClientResponseError, match="410"):
        plain[:10]
    with pytest.raises(FileNotFoundError):
        xr.open_zarr(url)


def test_a_missing_chunk_is_a_500_and_a_410_once_the_log_is_being_deleted(server, values):
    log = published(*values)
    connection.database.image_logs.chunks.delete_many({"files_id": log.file_ids[0]})
    answer = server.get(f"/logs/{log.pk}.zarr/values/c/0/0")
    assert_problem(answer, 500, "file-corrupt")
    ImageLog.objects.filter(pk=log.pk).update(state=ImageLog.State.DELETING)
    assert_problem(server.get(f"/logs/{log.pk}.zarr/values/c/0/0"), 410, "log-gone")


def test_a_closed_server_is_opened_with_a_token_in_the_header(closed_server, token, values):
    url = address(closed_server, published(*values))
    with pytest.raises(aiohttp.ClientResponseError, match="401"):
        xr.open_zarr(url)
    headers = {"Authorization": f"Token {token}"}
    dataset = xr.open_zarr(url, storage_options={"client_kwargs": {"headers": headers}})
    np.testing.assert_array_equal(dataset["values"].values, values[1])
