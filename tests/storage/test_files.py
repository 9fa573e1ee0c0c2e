import struct
import zlib

import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.db import connection
from gridfs import GridFSBucket
from hypothesis import given
from hypothesis import strategies as st

from storage.bucket import Bucket
from storage.errors import FileCorrupt, StorageUnavailable
from storage.gridfs import GridFSStorage
from storage.reader import read_chunks
from storage.writer import BATCH_BYTES, Batch, Writer

CHUNK = 7


def bucket():
    return Bucket("files")


def write_blocks(blocks, file_id):
    batch = Batch(bucket())
    writer = Writer(batch, file_id, CHUNK)
    for block in blocks:
        writer.write(block)
    crcs = writer.finish("a file", {"what": "test"})
    batch.send()
    return crcs


def write_chunks(data, file_id):
    return write_blocks([data[i : i + CHUNK] for i in range(0, len(data), CHUNK)], file_id)


def write(data, file_id=None):
    file_id = file_id or ObjectId()
    write_chunks(data, file_id)
    return file_id


@given(st.binary(max_size=300))
def test_a_written_file_is_one_that_pymongo_reads(data):
    out = GridFSBucket(connection.database, "files").open_download_stream(write(data))
    assert out.read() == data
    assert (out.filename, out.chunk_size) == ("a file", CHUNK)
    assert out.metadata == {"what": "test", "chunkCrc32": packed_crcs(data)}


@given(st.lists(st.binary(max_size=50)))
def test_blocks_of_any_length_become_full_chunks(blocks):
    file_id, data = ObjectId(), b"".join(blocks)
    write_blocks(blocks, file_id)
    found = connection.database.files.chunks.find({"files_id": file_id}).sort("n")
    assert [chunk["data"] for chunk in found] == [
        data[start : start + CHUNK] for start in range(0, len(data), CHUNK)
    ]


def packed_crcs(data):
    parts = [data[i : i + CHUNK] for i in range(0, len(data), CHUNK)]
    return b"".join(struct.pack("<I", zlib.crc32(part)) for part in parts)


def test_the_crc32_of_each_chunk_is_returned_and_checked_when_it_is_read():
    data, file_id = b"0123456789abcdef", ObjectId()
    crcs = {file_id: write_chunks(data, file_id)}
    assert crcs[file_id] == packed_crcs(data)
    found = read_chunks(bucket(), {file_id: [0, 1, 2]}, crcs)
    connection.database.files.chunks.update_one({"n": 1}, {"$set": {"data": b"789abcD"}})
    with pytest.raises(FileCorrupt, match=f"chunk 1 of the stored file {file_id} is not what"):
        read_chunks(bucket(), {file_id: [0, 1, 2]}, crcs)
    unknown = read_chunks(bucket(), {file_id: [1]})
    assert (len(found), unknown[file_id, 1]) == (3, b"789abcD")


def test_chunks_are_read_by_their_numbers():
    one, other = write(b"0123456789abcdef"), write(b"ABCDEFGHIJKLMNOP")
    found = read_chunks(bucket(), {one: [0, 2], other: [0, 2]})
    assert found == {
        (one, 0): b"0123456",
        (one, 2): b"ef",
        (other, 0): b"ABCDEFG",
        (other, 2): b"OP",
    }
    assert read_chunks(bucket(), {one: []}) == {}


def test_a_missing_chunk_is_named():
    file_id = write(b"0123456789abcdef")
    connection.database.files.chunks.delete_one({"files_id": file_id, "n": 1})
    with pytest.raises(FileCorrupt, match=f"chunk 1 of the stored file {file_id} is missing"):
        read_chunks(bucket(), {file_id: [0, 1]})


def test_deleted_files_leave_nothing_and_may_be_deleted_again():
    kept, gone = write(b"kept"), write(b"gone")
    for _ in range(2):
        bucket().delete([gone])
    assert bucket().stored_ids() == {kept}


def test_files_that_hold_any_bytes_are_found_without_their_document():
    whole, halved = write(b"whole"), write(b"halved")
    empty = write(b"")
    connection.database.files.files.delete_one({"_id": halved})
    assert bucket().stored_ids() == {whole, halved, empty}


def test_several_files_are_sent_together_and_visible_only_then():
    batch = Batch(bucket())
    files = [ObjectId() for _ in range(3)]
    for file_id in files:
        writer = Writer(batch, file_id, CHUNK)
        writer.write(b"0123456789")
        writer.finish("a file", {})
    assert bucket().stored_ids() == set()
    batch.send()
    assert bucket().stored_bytes(files) == dict.fromkeys(files, 10)
    assert {entry["_id"] for entry in bucket().files.find()} == set(files)


def test_chunks_are_sent_before_there_are_more_of_them_than_a_batch():
    batch, file_id = Batch(bucket()), ObjectId()
    writer = Writer(batch, file_id, BATCH_BYTES // 2)
    for _ in range(5):
        writer.write(bytes(BATCH_BYTES // 2))
    assert bucket().stored_bytes([file_id]) == {file_id: 2 * BATCH_BYTES}
    assert bucket().files.find_one() is None


def test_chunks_that_could_not_be_sent_are_sent_the_next_time(failing):
    bucket().ensure_indexes()
    batch, file_id = Batch(bucket()), ObjectId()
    Writer(batch, file_id, CHUNK).write(b"0123456789abcdef")
    with failing(0), pytest.raises(StorageUnavailable):
        batch.send()
    batch.send()
    assert bucket().stored_bytes([file_id]) == {file_id: 2 * CHUNK}


def test_writing_twice_under_one_id_is_refused():
    from pymongo.errors import BulkWriteError

    bucket().ensure_indexes()
    file_id = write(b"first")
    with pytest.raises(BulkWriteError):
        write(b"second", file_id)


def test_collections_that_were_dropped_get_their_indexes_again():
    fs = connection.database.files
    fs.files.drop()
    fs.chunks.drop()
    bucket().ensure_indexes()
    assert fs.chunks.index_information()["files_id_1_n_1"]["unique"]
    assert "filename_1_uploadDate_1" in fs.files.index_information()


def test_the_first_file_of_a_bucket_makes_its_indexes():
    GridFSStorage("new").save("a.bin", ContentFile(b"a"))
    assert len(connection.database.new.chunks.index_information()) == 2


def test_the_bytes_under_ids_are_counted_and_what_is_not_there_is_left_out():
    whole, empty, gone = write(b"0123456789"), write(b""), ObjectId()
    ids = [whole, empty, gone]
    assert bucket().stored_bytes(ids) == {whole: 10, empty: 0}


@pytest.mark.parametrize("skip", range(2))
def test_mongodb_away_is_said_to_be(failing, skip):
    with failing(skip), pytest.raises(StorageUnavailable, match="cannot be reached"):
        write(b"0123456789")
