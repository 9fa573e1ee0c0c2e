"""Windows as Parquet, Arrow, LAS and Techlog over real HTTP."""

import io

import lasio
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from tests.csvs import random_csv
from tests.problems import assert_problem


@pytest.fixture
def log(ingest):
    return ingest(random_csv(4000, top=100.0, step=0.5), well="15/9-F-4")[0]


@pytest.fixture
def window(server, log):
    """The body of a window in a format, with further parameters."""

    def window(kind, top=150, base=1900, **query):
        more = "".join(f"&{name}={value}" for name, value in query.items())
        answer = server.get(f"/get-images/{top}/{base}/?log={log.pk}&format={kind}{more}")
        assert answer.status == 200, answer.body
        return answer.body

    return window


@pytest.fixture
def arrays(window):
    with np.load(io.BytesIO(window("npz"))) as arrays:
        return arrays["depths"], arrays["traces"]


def test_parquet_and_arrow_hold_the_traces_of_npz(window, arrays, log):
    depths, traces = arrays
    for frame in (
        pl.read_parquet(io.BytesIO(window("parquet"))),
        pl.read_ipc_stream(io.BytesIO(window("arrow"))),
    ):
        np.testing.assert_array_equal(frame["depth"].to_numpy(), depths)
        np.testing.assert_array_equal(frame["values"].to_numpy(), traces)
    metadata = pa.ipc.open_stream(window("arrow")).schema.metadata
    assert metadata[b"well"] == b"15/9-F-4"
    assert metadata[b"log"] == str(log.pk).encode()


def test_columns_wide_gives_a_column_for_each_pixel(window, arrays):
    frame = pl.read_parquet(io.BytesIO(window("parquet", columns="wide")))
    assert frame.width == 151
    np.testing.assert_array_equal(frame.drop("depth").to_numpy(), arrays[1])


def test_lasio_reads_las_with_the_extent_of_the_window(window, arrays):
    depths, traces = arrays
    file = lasio.read(io.StringIO(window("las").decode()))
    assert (file.well.STRT.value, file.well.STOP.value) == (depths[0], depths[-1])
    assert file.well.STEP.value == 0.5
    assert file.well.WELL.value == "15/9-F-4"
    np.testing.assert_array_equal(file.data[:, 1:], traces)


def test_techlog_has_a_line_for_each_pixel(window, arrays):
    text = window("techlog", top=150, base=152).decode()
    assert len(text.splitlines()) == 2 + 5 * 150


def test_techlog_of_several_traces_of_one_depth_is_refused(server, ingest):
    lines = random_csv(3, top=100.0, step=0.5).splitlines(keepends=True)
    log, _ = ingest(b"".join([*lines, *lines[1:]]))
    path = f"/get-images/100/110/?log={log.pk}"
    problem = assert_problem(server.get(f"{path}&format=techlog"), 400, "invalid-parameter")
    assert problem["detail"].startswith("format='techlog': 3 traces of the log have the depth of")
    assert server.get(f"{path}&format=csv").body.count(b"\n") == 7


def test_columns_belong_to_tables(server, log):
    answer = server.get(f"/get-images/150/160/?log={log.pk}&format=png&columns=wide")
    assert_problem(answer, 400, "invalid-parameter")


def test_a_table_of_several_logs_asks_to_choose(server, log, ingest):
    ingest(random_csv(40, seed=1, top=100.0))
    for kind in ("parquet", "arrow", "las", "techlog"):
        assert_problem(server.get(f"/get-images/100/110/?format={kind}"), 400, "several-logs")
