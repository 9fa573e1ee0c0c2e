"""Arrow streams and Parquet, read back by pyarrow, polars, pandas and duckdb."""

import io
import json
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from images.arrays import Block
from images.render.writers.arrow import write_arrow, write_parquet
from images.render.writers.labels import Labels

LABELS = Labels(
    log="665f1c2ab7e4d3a1c0ffee00",
    well="15/9-F-4",
    name="RES",
    unit="ohm.m",
    depth_unit="m",
    azimuth_reference="north",
    width=3,
    first=1.0,
    last=5.0,
    step=1.0,
    minimum=0.1,
    maximum=9.0,
)
VALUES = np.array([[1, 2, 3], [0.1, np.nan, 6], [7, 8, 9], [4, 5, 6], [1, 1, 1]], "f4")
DEPTHS = np.arange(1.0, 6.0)
BLOCKS = [Block(DEPTHS[:2], VALUES[:2]), Block(DEPTHS[2:], VALUES[2:])]
FLOAT = np.dtype("f4")


def whole(answer, dtype=FLOAT, wide=False, labels=LABELS, blocks=BLOCKS):
    return b"".join(answer(labels, dtype, wide, iter(blocks)))


def test_an_arrow_stream_holds_the_depths_and_the_values_as_lists_of_a_fixed_size():
    reader = pa.ipc.open_stream(whole(write_arrow))
    assert reader.schema.metadata[b"unit"] == b"ohm.m"
    assert reader.schema.metadata[b"log"] == LABELS.log.encode()
    table = reader.read_all()
    assert table["depth"].to_numpy().tolist() == DEPTHS.tolist()
    values = np.concatenate([chunk.flatten().to_numpy() for chunk in table["values"].chunks])
    np.testing.assert_array_equal(values.reshape(-1, 3), VALUES)


def test_the_metadata_tell_where_the_columns_are(tmp_path):
    labels = replace(LABELS, places=(0.0, 120.0, 240.0), place_unit="deg")
    schema = pa.ipc.open_stream(whole(write_arrow, labels=labels)).schema
    assert json.loads(schema.metadata[b"places"]) == [0, 120, 240]
    path = tmp_path / "window.parquet"
    path.write_bytes(whole(write_parquet, labels=labels))
    told = pl.read_parquet_metadata(path)
    assert (json.loads(told["places"]), told["place_unit"]) == ([0, 120, 240], "deg")
    assert "places" not in pa.ipc.open_stream(whole(write_arrow)).schema.metadata


def test_each_block_is_a_record_batch_that_is_sent_before_the_next_one_is_read():
    read = []

    def blocks():
        for block in BLOCKS:
            read.append(block)
            yield block

    pieces = write_arrow(LABELS, FLOAT, False, blocks())
    assert next(pieces)
    assert len(read) == 1


@pytest.mark.parametrize("answer", [write_arrow, write_parquet])
def test_wide_tables_have_a_column_for_each_pixel(answer):
    body = io.BytesIO(whole(answer, wide=True))
    frame = pl.read_ipc_stream(body) if answer is write_arrow else pl.read_parquet(body)
    assert frame.columns == ["depth", "RES[0]", "RES[1]", "RES[2]"]
    np.testing.assert_array_equal(frame.drop("depth").to_numpy(), VALUES)


@pytest.mark.parametrize("answer", [write_arrow, write_parquet])
def test_the_values_of_a_curve_called_depth_do_not_take_the_place_of_the_depths(answer):
    labels = replace(LABELS, name="depth", width=1)
    blocks = [Block(block.depths, block.traces[:, :1]) for block in BLOCKS]
    body = io.BytesIO(whole(answer, wide=True, labels=labels, blocks=blocks))
    frame = pl.read_ipc_stream(body) if answer is write_arrow else pl.read_parquet(body)
    assert frame.columns == ["depth", "depth[0]"]
    assert frame["depth"].to_list() == DEPTHS.tolist()


@pytest.mark.parametrize("answer", [write_arrow, write_parquet])
def test_grays_stay_bytes(answer):
    traces = np.arange(6, dtype=np.uint8).reshape(2, 3)
    body = io.BytesIO(whole(answer, np.dtype(np.uint8), blocks=[Block(DEPTHS[:2], traces)]))
    frame = pl.read_ipc_stream(body) if answer is write_arrow else pl.read_parquet(body)
    assert frame.schema["values"] == pl.Array(pl.UInt8, 3)
    np.testing.assert_array_equal(frame["values"].to_numpy(), traces)


def test_pandas_polars_and_duckdb_read_the_parquet_file_and_its_metadata(tmp_path):
    path = tmp_path / "window.parquet"
    path.write_bytes(whole(write_parquet))
    assert pl.read_parquet_metadata(path)["unit"] == "ohm.m"
    assert pl.read_parquet(path)["depth"].to_list() == DEPTHS.tolist()
    assert pd.read_parquet(path)["values"][4].tolist() == [1, 1, 1]
    (found,) = duckdb.read_parquet(str(path)).aggregate("count(*), max(depth)").fetchall()
    assert found == (5, 5.0)


def test_a_log_without_a_unit_has_an_empty_one():
    reader = pa.ipc.open_stream(whole(write_arrow, labels=replace(LABELS, unit="")))
    assert reader.schema.metadata[b"unit"] == b""
