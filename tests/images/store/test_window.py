import numpy as np
import pytest
from bson import ObjectId
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo import timeout

from images.errors import LogNotFound, NothingInRange
from images.ingest.csv_ingest import Ingest
from images.ingest.resample import resize_rows
from images.models import ImageLog
from images.store import chunks, journal
from images.store.window import matching_logs, open_window, read_level
from storage.errors import FileCorrupt, StorageUnavailable
from tests.csvs import csv_of, random_csv, random_pixels

depths_of_logs = st.lists(
    st.lists(st.integers(-20, 20).map(lambda n: n / 2), min_size=1, max_size=40),
    min_size=1,
    max_size=3,
)
ends = st.integers(-24, 24).map(lambda n: n / 2)


def window_of(top, base, **selection):
    return open_window(matching_logs(top, base, **selection), top, base)


def flip_a_bit(file_id):
    query = {"files_id": file_id}
    data = bytearray(connection.database.image_logs.chunks.find_one(query)["data"])
    data[len(data) // 2] ^= 1
    connection.database.image_logs.chunks.update_one(query, {"$set": {"data": bytes(data)}})


def opened(*args, **kwargs):
    """Depths and traces of a window, and its count."""
    window = window_of(*args, **kwargs)
    blocks = list(window.blocks)
    depths = np.concatenate([block.depths for block in blocks])
    assert window.count == len(depths)
    return depths, np.concatenate([block.traces for block in blocks])


@given(depths_of_logs, ends, ends)
@settings(max_examples=60)
def test_a_range_query_equals_a_brute_force_filter(columns, a, b):
    top, base = min(a, b), max(a, b)
    well = str(ObjectId())
    everything = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "rows_per_chunk", lambda *_: 4)
        for number, depths in enumerate(columns):
            pixels = random_pixels(len(depths), seed=number)
            traces = resize_rows(np.array(pixels, np.uint8))
            everything += zip(depths, map(bytes, traces), strict=True)
            with Ingest(1 << 30) as ingest:
                ingest.feed(csv_of(depths, pixels) + b"\n" * number)
                ingest.publish(well, "log.csv")
        inside = sorted(trace for trace in everything if top <= trace[0] <= base)
        if not inside:
            with pytest.raises(NothingInRange):
                window_of(top, base, well=well)
            return
        found, traces = opened(top, base, well=well)
    assert found.tolist() == [depth for depth, _ in inside]
    assert sorted(zip(found.tolist(), map(bytes, traces), strict=True)) == inside


def test_traces_of_equal_depth_keep_the_order_of_the_file(ingest):
    pixels = random_pixels(6)
    log, _ = ingest(csv_of([3, 1, 3, 1, 3, 2], pixels))
    _, traces = opened(0, 9, log_id=log.pk)
    expected = resize_rows(np.array(pixels, np.uint8))[[1, 3, 5, 0, 2, 4]]
    assert traces.tolist() == expected.tolist()


def test_a_window_of_a_chunk_or_two_costs_one_query_of_chunks(ingest):
    log, _ = ingest(random_csv(4_000))
    with _counted_commands() as commands:
        opened(900, 1000, log_id=log.pk)
    assert [name for name, collection in commands if collection == "image_logs.chunks"] == ["find"]


@pytest.mark.parametrize("how", [{"closeConnection": True}, {"errorCode": 189}])
@pytest.mark.parametrize("by_id", [True, False])
def test_a_failover_at_the_search_for_a_log_is_not_noticed(ingest, failing_once, how, by_id):
    log, _ = ingest(random_csv(5))
    query = {"log_id": log.pk} if by_id else {"well": log.well}
    with failing_once("find", **how):
        assert matching_logs(0, 1000, **query) == [log]


def test_a_log_found_by_its_id_is_the_log_found_by_its_well(ingest):
    log, _ = ingest(random_csv(4_000))
    (by_well,), (by_id,) = matching_logs(0, 1000, log.well), matching_logs(0, 1000, None, log.pk)
    assert by_id.overviews
    for field in ImageLog._meta.fields:
        if field.name != "overviews":
            assert getattr(by_id, field.name) == getattr(by_well, field.name)
    for one, other in zip(by_id.levels(), by_well.levels(), strict=True):
        assert one._replace(tops=one.tops.tolist()) == other._replace(tops=other.tops.tolist())


@pytest.mark.parametrize("by_id", [True, False])
def test_a_mongodb_that_does_not_answer_in_time_is_not_asked_again(ingest, failing_once, by_id):
    log, _ = ingest(random_csv(5))
    query = {"log_id": log.pk} if by_id else {"well": log.well}
    with (
        failing_once("find", blockConnection=True, blockTimeMS=1000),
        pytest.raises(StorageUnavailable),
        timeout(0.3),
    ):
        # Asked again, it would answer.
        matching_logs(0, 1000, **query)


def test_without_a_well_all_logs_are_merged(ingest):
    ingest(random_csv(5, seed=1), well="A")
    ingest(random_csv(5, seed=2), well="B")
    depths, _ = opened(100, 101)
    assert depths.tolist() == [100, 100, 100.5, 100.5, 101, 101]


def test_what_is_not_there_is_told_from_what_holds_nothing(ingest):
    log, _ = ingest(csv_of([1, 9], random_pixels(2)), well="A")
    for query in ({}, {"well": "A"}, {"log_id": log.pk}):
        with pytest.raises(NothingInRange, match=r"no trace from 2 to 8"):
            window_of(2, 8, **query)
        with pytest.raises(NothingInRange):
            window_of(20, 80, **query)
    with pytest.raises(LogNotFound, match="no image log in well B"):
        window_of(1, 9, well="B")
    with pytest.raises(LogNotFound, match="in well B"):
        window_of(1, 9, well="B", log_id=log.pk)
    with pytest.raises(LogNotFound):
        window_of(1, 9, log_id=ObjectId())


@pytest.mark.parametrize("state", ["ingesting", "deleting"])
def test_only_logs_that_are_ready_are_seen(ingest, state):
    log, _ = ingest(random_csv(5))
    ImageLog.objects.update(state=state)
    with pytest.raises(LogNotFound):
        window_of(0, 1000, log_id=log.pk)
    with pytest.raises(NothingInRange):
        window_of(0, 1000)


@pytest.mark.parametrize("which", [0, 1])
def test_a_missing_chunk_is_a_corrupt_file(ingest, which):
    log, _ = ingest(random_csv(5))
    connection.database.image_logs.chunks.delete_one({"files_id": log.file_ids[which]})
    with pytest.raises(FileCorrupt, match="chunk 0 of the stored file"):
        window_of(0, 1000, log_id=log.pk)


def test_a_chunk_of_a_wrong_length_is_a_corrupt_file(ingest):
    log, _ = ingest(random_csv(5))
    query = {"files_id": log.file_ids[0]}
    connection.database.image_logs.chunks.update_one(query, {"$set": {"data": b"short"}})
    with pytest.raises(FileCorrupt, match="is not what was written"):
        window_of(0, 1000, log_id=log.pk)
    ImageLog.objects.update(crcs=[])
    with pytest.raises(FileCorrupt, match="do not hold 5 traces"):
        window_of(0, 1000, log_id=log.pk)


@pytest.mark.parametrize("which", range(4))
def test_a_chunk_of_which_one_bit_flipped_is_a_corrupt_file(ingest, which):
    log, _ = ingest(random_csv(1100))
    flip_a_bit(log.file_ids[which])
    level = log.levels()[which // 2]
    with pytest.raises(FileCorrupt, match="is not what was written"):
        read_level(log, level, log.top, log.base)


def test_a_log_that_was_stored_without_checksums_is_read_unchecked(ingest):
    log, _ = ingest(random_csv(5))
    ImageLog.objects.update(crcs=[])
    flip_a_bit(log.file_ids[0])
    assert len(opened(0, 1000, log_id=log.pk)[0]) == 5


def test_fields_that_this_version_does_not_know_are_ignored(ingest):
    log, _ = ingest(random_csv(1100))
    newer = {"color": 1, "overviews.0.color": 1, "statistics": {"color": 1}, "axis": {"color": 1}}
    connection.database.images_imagelog.update_one({"_id": log.pk}, {"$set": newer})
    assert len(opened(0, 1000, log_id=log.pk)[0]) == 1100
    assert len(opened(0, 1000, well=log.well)[0]) == 1100
    assert ImageLog.objects.get().overviews[0].level == 1


def test_a_log_deleted_while_it_is_being_opened_is_as_if_it_had_not_been_there(ingest):
    log, _ = ingest(random_csv(5))
    keep = list(ImageLog.objects.all())
    journal.retire(log)
    with pytest.raises(NothingInRange):
        open_window(keep, 0, 1000)
    with pytest.raises(NothingInRange):
        read_level(keep[0], keep[0].levels()[0], 0, 1000)


class _counted_commands:  # noqa: N801 - reads as a statement
    """The commands that MongoDB runs meanwhile, as its own profiler notes them."""

    def __enter__(self):
        self.commands = []
        connection.database.command("profile", 2)
        return self.commands

    def __exit__(self, *_):
        connection.database.command("profile", 0)
        for entry in connection.database["system.profile"].find(
            {"op": {"$in": ["query", "command"]}}
        ):
            collection = entry["ns"].partition(".")[2]
            self.commands.append((next(iter(entry["command"])), collection))
        connection.database.drop_collection("system.profile")
