"""Logs as Zarr groups over real HTTP, opened by xarray, zarr and dask as they are."""

import io

import numpy as np
import pytest
import xarray as xr
import zarr
from django.test import Client

from images.models import ImageLog
from tests.csvs import random_csv
from tests.problems import assert_problem
from tests.values import published, random_values
from web.budget import budget


@pytest.fixture
def log(ingest):
    return ingest(random_csv(4000, top=100.0, step=0.5))[0]


@pytest.fixture
def url(server, log):
    return f"http://127.0.0.1:{server.port}/logs/{log.pk}.zarr"


def npy(server, log, top, base):
    answer = server.get(f"/get-images/{top}/{base}/?log={log.pk}&format=npz")
    with np.load(io.BytesIO(answer.body)) as arrays:
        return arrays["depths"], arrays["traces"]


def test_xarray_opens_the_url_and_sees_the_bytes_of_npz(server, log, url):
    depths, traces = npy(server, log, log.top, log.base)
    dataset = xr.open_zarr(url)
    assert dataset["values"].dims == ("depth", "azimuth")
    np.testing.assert_array_equal(dataset["values"].values, traces)
    np.testing.assert_array_equal(dataset["depth"].values, depths)
    assert dataset.attrs["well"] == log.well


def test_a_lazy_slice_by_depth_reads_no_more_chunks_than_it_needs(server, log, url):
    depths, traces = npy(server, log, 1200, 1300)
    part = xr.open_zarr(url)["values"].sel(depth=slice(1200, 1300))
    np.testing.assert_array_equal(part.values, traces)
    assert len(part.depth) == len(depths)


def test_zarr_opens_the_overviews_as_groups(url, log):
    group = zarr.open_group(url, mode="r")
    overview = log.overviews[0]
    assert group["overviews/1/values"].shape == (overview.rows, log.width)
    assert group["overviews/1/values"][:10].any()


def test_readers_that_leave_consolidated_metadata_alone_find_their_way_by_links(server, log, url):
    dataset = xr.open_zarr(url, consolidated=False)
    xr.testing.assert_identical(dataset.load(), xr.open_zarr(url).load())
    group = zarr.open_group(url, mode="r", use_consolidated=False)
    assert {*group} == {"values", "depth", "azimuth", "overviews"}
    assert {*group["overviews/1"].array_keys()} == {"azimuth", "depth", "values"}
    page = server.get(f"/logs/{log.pk}.zarr/overviews/")
    assert page.headers["Content-Type"] == "text/html"
    assert f'href="/logs/{log.pk}.zarr/overviews/1"' in page.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "values/c/99/0",
        "values/c/0",
        "nothing/zarr.json",
        "nothing/",
        "overviews/99",
        ".zmetadata",
        "zarr.json/",
        "a/../zarr.json",
    ],
)
def test_an_unknown_key_is_a_404_as_zarr_wants_it(server, log, path):
    answer = server.get(f"/logs/{log.pk}.zarr/{path}")
    assert answer.status == 404


def test_a_chunk_has_a_strong_etag_is_immutable_and_answered_in_parts(server, log):
    path = f"/logs/{log.pk}.zarr/values/c/0/0"
    whole = server.get(path)
    tag = whole.headers["ETag"]
    assert tag.startswith('"')
    assert "immutable" in whole.headers["Cache-Control"]
    assert server.get(path, **{"If-None-Match": tag}).status == 304
    part = server.get(path, Range="bytes=150-299")
    assert (part.status, part.body) == (206, whole.body[150:300])
    assert part.headers["Content-Range"] == f"bytes 150-299/{len(whole.body)}"
    head = server.request("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert_problem(server.get(path, Range="bytes=999999999-"), 416, "range-not-satisfiable")


def test_small_pieces_of_depths_are_sent_together_and_large_pieces_of_values_singly():
    log = published(*random_values(600, 2000))
    pieces = {}
    for key in ("depth/c/0", "values/c/0/0"):
        answer = Client(HTTP_HOST="127.0.0.1").get(f"/logs/{log.pk}.zarr/{key}")
        pieces[key] = [len(block) for block in answer.streaming_content]
        assert sum(pieces[key]) == int(answer["Content-Length"])
    stored = -(-log.rows // log.chunk_rows)
    assert len(pieces["depth/c/0"]) == 1 < stored
    assert {*pieces["values/c/0/0"]} == {log.chunk_rows * log.width * 4}


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-99"}])
def test_the_memory_of_a_chunk_is_reserved_until_it_is_sent_or_the_client_is_gone(log, headers):
    client, path = Client(HTTP_HOST="127.0.0.1"), f"/logs/{log.pk}.zarr/values/c/0/0"
    answer = client.get(path, headers=headers)
    assert budget.reserved == 3 * 4000 * 150
    assert b"".join(answer.streaming_content)
    assert budget.reserved == 0
    gone = client.get(path, headers=headers)
    assert budget.reserved == 3 * 4000 * 150
    gone.close()
    assert budget.reserved == 0


def test_a_document_is_asked_for_again_because_units_may_change(server, log):
    answer = server.get(f"/logs/{log.pk}.zarr/zarr.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.json["consolidated_metadata"]["metadata"]["values"]["shape"] == [4000, 150]


def test_nothing_of_a_deleted_log_is_answered(server, log):
    path = f"/logs/{log.pk}.zarr/values/c/0/0"
    assert server.get(path).status == 200
    ImageLog.objects.filter(pk=log.pk).update(state="deleting")
    assert_problem(server.get(path), 410, "log-gone")
    assert_problem(server.get(path, **{"If-None-Match": "*"}), 410, "log-gone")
