import hashlib

import gridfs
import numpy as np
import pytest
from bson import ObjectId
from django.db import connection
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from images.errors import InvalidCsv
from images.ingest import slabs
from images.ingest.csv_ingest import Ingest
from images.ingest.gray_loss import FEWEST_GRAYS
from images.ingest.resample import resize_rows, resize_values
from images.ingest.table import USUAL_NULLS
from images.models import ImageLog
from images.store.window import read_level
from tests.csvs import HEADER, csv_of, lines, random_csv, random_pixels, row
from web.errors import UploadTooLarge


def stored(log):
    """Depths and traces of a log, read with pymongo's own GridFS."""
    bucket = gridfs.GridFSBucket(connection.database, "image_logs")
    pixels, depths = (bucket.open_download_stream(file_id).read() for file_id in log.file_ids[:2])
    return np.frombuffer(depths, "<f8"), np.frombuffer(pixels, np.uint8).reshape(-1, 150)


def test_an_ingested_log_holds_what_the_csv_said(ingest):
    csv = lines(row(2.5, 10), "," * 200, row(1.5, 20), row(2.5, 30), row(3.0, 0), "")
    log, created = ingest(csv, well="B-7")
    assert created
    log.refresh_from_db()
    assert (log.well, log.filename, log.state) == ("B-7", "log.csv", "ready")
    assert log.sha256 == hashlib.sha256(csv).hexdigest()
    assert (log.rows, log.rows_skipped, log.duplicate_depths) == (4, 2, 1)
    assert (log.top, log.base, log.sampling_interval) == (1.5, 3.0, 0.75)
    assert (log.width, log.source_width) == (150, 200)
    depths, traces = stored(log)
    assert depths.tolist() == [1.5, 2.5, 2.5, 3.0]
    assert traces[:, 0].tolist() == [20, 10, 30, 0]


def test_files_are_valid_gridfs_in_row_aligned_chunks(ingest):
    log, _ = ingest(random_csv(1743))
    assert log.chunk_rows == 1740
    for file_id, row_bytes in zip(log.file_ids[:2], (150, 8), strict=True):
        file = connection.database.image_logs.files.find_one({"_id": file_id})
        assert file["chunkSize"] == 1740 * row_bytes
        assert file["length"] == 1743 * row_bytes
        chunks = list(connection.database.image_logs.chunks.find({"files_id": file_id}).sort("n"))
        assert [len(chunk["data"]) for chunk in chunks] == [1740 * row_bytes, 3 * row_bytes]
    assert log.levels()[0].tops.tolist() == [100.0, 100.0 + 1740 / 2]


def test_every_stored_trace_is_that_row_resized(ingest):
    pixels = random_pixels(500, seed=3)
    log, _ = ingest(csv_of(range(500), pixels))
    assert stored(log)[1].tolist() == resize_rows(np.array(pixels, np.uint8)).tolist()


values = st.one_of(st.integers(0, 255), st.floats(0, 255))
csv_rows = st.lists(
    st.tuples(st.floats(-1e6, 1e6), st.lists(values, min_size=3, max_size=3)),
    min_size=1,
    max_size=12,
)


@given(csv_rows, st.integers(1, 5000))
@settings(max_examples=40)
def test_what_goes_in_comes_out_resized_in_ascending_depth(rows, step):
    depths = np.array([depth for depth, _ in rows])
    pixels = np.array([np.resize(three, 200) for _, three in rows], float)
    assume(not set(depths) & set(USUAL_NULLS) and np.ptp(pixels) > FEWEST_GRAYS)
    csv = csv_of(depths, [[int(v) if v == int(v) else v for v in line] for line in pixels])
    with pytest.MonkeyPatch.context() as patch, Ingest(1 << 30) as ingest:
        patch.setattr(slabs, "SLAB_BYTES", 1500)
        for start in range(0, len(csv), step):
            ingest.feed(csv[start : start + step])
        log, _ = ingest.publish(str(ObjectId()), "log.csv")
    block = read_level(log, log.levels()[0], -1e6, 1e6)
    order = np.argsort(depths, kind="stable")
    assert block.depths.tobytes() == depths[order].tobytes()
    assert block.traces.tolist() == resize_rows(pixels)[order].tolist()


def refused(csv, step=1 << 20):
    with Ingest(1 << 30) as ingest:
        for start in range(0, len(csv), step):
            ingest.feed(csv[start : start + step])
        with pytest.raises(InvalidCsv) as caught:
            ingest.publish("A-1", "log.csv")
    assert not ImageLog.objects.exists()
    assert connection.database.image_logs.chunks.count_documents({}) == 0
    return caught.value


@pytest.mark.parametrize(
    ("csv", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n", "the header is empty"),
        (HEADER.encode(), "there is no row of values"),
        (lines("," * 200, ""), "there is no row of values"),
    ],
)
def test_a_csv_without_rows_is_refused(csv, reason):
    assert reason in refused(csv).faults[0].reason


@pytest.mark.parametrize("slab_bytes", [100, 5_000, 1 << 20])
def test_faults_have_the_line_of_the_file_whatever_the_slabs(slab_bytes, monkeypatch):
    monkeypatch.setattr(slabs, "SLAB_BYTES", slab_bytes)
    bad = [row(1, 7, col5="x"), row(1, 7, col200="256")]
    error = refused(lines(*[row(1)] * 30, bad[0], "", *[row(1)] * 30, bad[1]), step=700)
    assert [(f.line, f.column) for f in error.faults] == [(32, "col5"), (64, "col200")]
    assert error.total == 2


def test_only_the_first_faults_are_told_and_no_more_are_looked_for(monkeypatch):
    monkeypatch.setattr(slabs, "SLAB_BYTES", 5_000)
    error = refused(lines(*[row("x")] * 5000), step=700)
    assert len(error.faults) == 20
    assert (error.total < 100, error.at_least) == (True, True)
    assert f"(and at least {error.total - 1} more)" in str(error)


def test_a_line_of_fifty_megabytes_is_refused_with_its_place():
    error = refused(lines(row(1)) + b"7" * 50_000_000)
    [fault] = error.faults
    assert (fault.line, fault.reason) == (3, "the line is longer than 1048576 bytes")


def test_more_bytes_than_allowed_are_refused_at_once():
    with Ingest(10) as ingest:
        ingest.feed(b"0123456789")
        with pytest.raises(UploadTooLarge, match="limit of 10 bytes"):
            ingest.feed(b"0")


def test_the_same_bytes_in_the_same_well_are_the_same_log(ingest):
    csv = random_csv(10)
    first, created = ingest(csv, well="A-1")
    again, created_again = ingest(csv, well="A-1")
    other, created_other = ingest(csv, well="A-2")
    assert (created, created_again, created_other) == (True, False, True)
    assert again.pk == first.pk != other.pk
    assert connection.database.image_logs.files.count_documents({}) == 4


def test_decimals_that_would_leave_fewer_than_16_grays_are_kept_as_values():
    pixels = np.random.default_rng(0).uniform(1.79, 2.95, (40, 200)).astype(np.float32)
    csv = csv_of(range(40), [[f"{value:.7g}" for value in line] for line in pixels])
    with Ingest(1 << 30) as ingest:
        ingest.feed(csv)
        log, _ = ingest.publish("A-1", "log.csv")
        [(code, detail)] = ingest.warnings
    assert (log.values, log.width, log.source_width, code) == ("float32", 150, 200, "values-kept")
    assert detail.endswith("would be 2 grays: they are kept as values, resized to 150 columns")
    traces = read_level(log, log.levels()[0], 0, 40).traces
    assert np.allclose(traces, resize_values(pixels, 150), atol=1e-6)


def test_few_grays_without_decimals_stay_grays(ingest):
    log, _ = ingest(csv_of(range(3), [[i] * 200 for i in range(3)]))
    assert log.values == "uint8"


def test_rows_whose_depth_is_a_null_are_left_out_counted_and_told():
    csv = lines(row(100), row("-999.25"), row(101))
    with Ingest(1 << 30) as ingest:
        ingest.feed(csv)
        log, _ = ingest.publish("A-1", "log.csv")
        [(code, detail)] = ingest.warnings
    assert (log.rows, log.rows_skipped, log.top, log.base) == (2, 1, 100.0, 101.0)
    assert (code, detail.split()[0]) == ("rows-without-depth", "1")


def test_minus_999_between_other_depths_is_a_depth(ingest):
    log, _ = ingest(lines(row(-1000), row(-999), row(-998)))
    assert log.rows == 3


def test_nothing_but_null_depths_is_refused():
    assert refused(lines(row("-999.25"))).faults[0].reason == "all depths are null"
