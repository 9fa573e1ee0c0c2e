"""Reading: only what is needed, and never anything but what was written."""

import asyncio
import io
from collections import deque

import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.db import connection
from gridfs import GridFSBucket
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import reader
from storage.errors import FileCorrupt, FileMissing
from tests.storage.rows.models import SMALL_CHUNKS as STORAGE
from tests.storage.stored import bucket

BYTES = bytes(range(256)) * 40  # eleven chunks of 1000 bytes


@pytest.fixture
def name() -> str:
    return STORAGE.save("a.bin", ContentFile(BYTES))


def test_a_read_fetches_only_the_chunks_that_hold_it(name, monkeypatch):
    asked, read_chunks = [], reader.read_chunks

    def watched(bucket, wanted, **options):
        asked.extend(wanted.values())
        return read_chunks(bucket, wanted, **options)

    monkeypatch.setattr(reader, "read_chunks", watched)
    file = STORAGE.open(name)
    file.seek(4500)
    assert file.read(1000) == BYTES[4500:5500]
    assert file.read(300) == BYTES[5500:5800]  # in the chunk that is kept
    file.seek(-10, io.SEEK_END)
    file.read()
    assert asked == [[4, 5], [10]]


def test_lines_are_read_like_those_of_any_file():
    text = b"".join(b"%d\n" % number * 100 for number in range(300))
    file = STORAGE.open(STORAGE.save("a.txt", ContentFile(text)))
    assert [*file] == [*io.BytesIO(text)]
    file.seek(0)
    assert file.readline() == b"0\n"


def test_a_closed_file_is_not_read_and_can_be_opened_again(name):
    file = STORAGE.open(name)
    file.close()
    with pytest.raises(ValueError, match="closed"):
        file.read()
    assert file.open().read() == BYTES


def test_a_position_before_the_start_is_refused(name):
    with pytest.raises(ValueError, match="before the start"):
        STORAGE.open(name).seek(-1)


@given(st.lists(st.tuples(st.integers(0, 11_000), st.integers(-1, 3000)), max_size=6))
@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_stored_file_reads_like_one_in_memory(name, moves):
    stored, memory = STORAGE.open(name), io.BytesIO(BYTES)
    for position, size in moves:
        stored.seek(position)
        memory.seek(position)
        assert stored.read(size) == memory.read(size)
        assert stored.tell() == memory.tell()


def test_a_missing_chunk_is_corrupt(name):
    bucket().chunks.delete_one({"n": 5})
    file = STORAGE.open(name)
    assert file.read(5000) == BYTES[:5000]
    with pytest.raises(FileCorrupt, match="chunk 5"):
        file.read(1)


@pytest.mark.parametrize("number", [10, 3])
def test_a_chunk_of_another_length_is_corrupt(name, number):
    bucket().chunks.update_one({"n": number}, {"$set": {"data": b"short"}})
    with pytest.raises(FileCorrupt, match=f"chunk {number} .* 5 bytes instead of"):
        STORAGE.open(name).read()


@pytest.mark.parametrize("length", [len(BYTES) - 1, len(BYTES) + 1, 9000, 50_000])
def test_a_length_that_differs_is_corrupt(name, length):
    bucket().files.update_one({}, {"$set": {"length": length}})
    with pytest.raises(FileCorrupt):
        STORAGE.open(name).read()


@pytest.mark.parametrize("size", [-1, 700])
def test_bytes_that_differ_are_corrupt(name, size):
    bucket().chunks.update_one({"n": 4}, {"$set": {"data": b"x" * 1000}})
    file = STORAGE.open(name)
    with pytest.raises(FileCorrupt, match=r"chunk 4 .* is not what was written"):
        deque(iter(lambda: file.read(size), b""))


def test_async_reading_finds_corruption_too(name):
    bucket().chunks.update_one({"n": 4}, {"$set": {"data": b"x" * 1000}})

    async def scenario() -> None:
        async with await STORAGE.aopen(name) as file:
            async for _ in file.chunks(700):
                pass

    with pytest.raises(FileCorrupt, match=r"chunk 4 .* is not what was written"):
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "change", [{"$unset": {"length": 1}}, {"$set": {"length": -1}}, {"$set": {"chunkSize": 0}}]
)
def test_a_malformed_entry_is_corrupt(name, change):
    bucket().files.update_one({}, change)
    with pytest.raises(FileCorrupt, match="malformed"):
        STORAGE.open(name)


def test_a_file_that_is_deleted_while_it_is_read_is_missing(name):
    file = STORAGE.open(name)
    file.read(10)
    STORAGE.delete(name)
    with pytest.raises(FileMissing, match="deleted"):
        file.read()


@pytest.mark.parametrize(
    "name", ["a.bin", "a_6.bin", "{'$ne': 1}", "a_zzzzzzzzzzzzzzzzzzzzzzzz.bin", ""]
)
def test_a_name_without_an_object_id_never_reaches_a_query(name, monkeypatch):
    monkeypatch.setattr("storage.bucket.Bucket._collection", lambda *_: pytest.fail("queried"))
    with pytest.raises(FileMissing):
        STORAGE.open(name)
    with pytest.raises(FileMissing):
        STORAGE.delete(name)
    assert not STORAGE.exists(name)


def test_an_id_under_another_name_is_missing(name):
    with pytest.raises(FileMissing):
        STORAGE.open(f"b_{STORAGE.info(name).file_id}.bin")


def test_other_programs_read_what_is_stored(name):
    theirs = GridFSBucket(connection.database, STORAGE.bucket)
    assert theirs.open_download_stream(STORAGE.info(name).file_id).read() == BYTES
    assert [*bucket().chunks.index_information()] == ["_id_", "files_id_1_n_1"]


def test_what_other_programs_store_is_read():
    file_id = ObjectId()
    theirs = GridFSBucket(connection.database, STORAGE.bucket)
    theirs.upload_from_stream_with_id(file_id, f"b_{file_id}.bin", BYTES)
    assert STORAGE.open(f"b_{file_id}.bin").read() == BYTES
    assert STORAGE.info(f"b_{file_id}.bin").sha256 is None


def test_the_lines_of_an_opened_file_are_iterated_with_async_for():
    text = b"".join(b"%d\n" % number * 100 for number in range(300))
    name = STORAGE.save("a.txt", ContentFile(text))

    async def lines() -> list[bytes]:
        async with await STORAGE.aopen(name) as file:
            return [line async for line in file]

    assert asyncio.run(lines()) == [*io.BytesIO(text)]


def test_a_range_of_changed_bytes_is_corrupt_without_reading_the_rest(name):
    bucket().chunks.update_one({"n": 4}, {"$set": {"data": b"x" * 1000}})
    file = STORAGE.open(name)
    assert file.read(4000) == BYTES[:4000]
    file.seek(4500)
    with pytest.raises(FileCorrupt, match="chunk 4"):
        file.read(10)


def test_files_of_before_that_have_no_crc32_are_read(name):
    bucket().files.update_one({}, {"$unset": {"metadata.chunkCrc32": 1}})
    assert STORAGE.open(name).read() == BYTES
