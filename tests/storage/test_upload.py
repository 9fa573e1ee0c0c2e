"""Writing: what is kept, what is refused, and what a failure leaves."""

import asyncio
import hashlib
import io
import threading
import time
import zlib

import pymongo
import pytest
from bson.errors import InvalidDocument
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from storage import writer
from storage.awaited import AsyncFile
from storage.errors import FileMissing, StorageUnavailable
from storage.files import id_in, plain_name
from storage.gridfs import GridFSStorage
from tests.storage.rows.models import SMALL_CHUNKS as STORAGE
from tests.storage.stored import bucket, stored


def test_what_is_known_of_a_file_lies_in_its_metadata():
    name = STORAGE.save("a.tif", io.BytesIO(b"abc"), metadata={"well": "A", "box": 7})
    entry = bucket().files.find_one()
    assert entry["metadata"] == {
        "well": "A",
        "box": 7,
        "contentType": "image/tiff",
        "sha256": hashlib.sha256(b"abc").hexdigest(),
        "chunkCrc32": zlib.crc32(b"abc").to_bytes(4, "little"),
    }
    assert (entry["_id"], entry["filename"]) == (id_in(name), name)


def test_bytes_go_in_as_they_are():
    STORAGE.save("a.bin", io.BytesIO(b"\x00\xff" * 700))
    assert [chunk["data"] for chunk in bucket().chunks.find().sort("n")] == [
        b"\x00\xff" * 500,
        b"\x00\xff" * 200,
    ]


def test_metadata_cannot_take_the_place_of_the_storages_own():
    with pytest.raises(ValueError, match="sha256"):
        STORAGE.save("a.bin", io.BytesIO(b"abc"), metadata={"sha256": "0"})


def test_names_keep_their_folder_and_suffix_and_fit():
    name = STORAGE.save("cores/a box.tar.gz", io.BytesIO(b""), max_length=60)
    assert plain_name(name) == "cores/a box.tar.gz"
    assert len(STORAGE.save("cores/" + "x" * 99 + ".jpg", io.BytesIO(b""), max_length=60)) == 60
    again = STORAGE.get_available_name(name)
    assert (len(again), again != name) == (len(name), True)
    with pytest.raises(SuspiciousFileOperation, match="fit"):
        STORAGE.save("cores/a.jpg", io.BytesIO(b""), max_length=20)


def test_a_file_opened_for_writing_has_a_name_of_its_own():
    with STORAGE.open("a.txt", "wb") as file:
        assert (file.writable(), file.seekable()) == (True, False)
        assert (file.write(b"abc"), file.tell()) == (3, 3)
        file.flush()
    file.close()
    assert STORAGE.open(file.name).read() == b"abc"
    with pytest.raises(ValueError, match="closed"):
        file.write(b"more")
    with pytest.raises(ValueError, match="mode"):
        STORAGE.open(file.name, "r+b")


def test_a_file_opened_for_async_writing_has_a_name_of_its_own():
    async def scenario() -> str:
        async with await STORAGE.aopen("a.txt", "wb") as file:
            await file.write(b"abc")
        async with await STORAGE.aopen(file.name) as again:
            assert (again.size, again.tell()) == (3, 0)
            await again.seek(1)
            assert await again.read() == b"bc"
        with pytest.raises(ValueError, match="closed"):
            await again.read()
        return file.name

    assert STORAGE.open(asyncio.run(scenario())).read() == b"abc"


def test_asave_takes_a_file_that_is_read_with_await():
    class Source:
        name = "a.bin"

        def __init__(self) -> None:
            self._file = io.BytesIO(b"abc" * 1000)

        async def read(self, size: int) -> bytes:
            return self._file.read(size)

    name = asyncio.run(STORAGE.asave(None, Source()))
    assert STORAGE.open(name).read() == b"abc" * 1000


class Failing(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 20_000:
            raise OSError("the disk is gone")
        return super().read(size)


def test_content_that_fails_half_way_leaves_nothing(monkeypatch):
    monkeypatch.setattr(writer, "BATCH_BYTES", 5000)
    with pytest.raises(OSError, match="disk"):
        STORAGE.save("a.bin", Failing(bytes(50_000)))
    with pytest.raises(OSError, match="disk"):
        asyncio.run(STORAGE.asave("a.bin", Failing(bytes(50_000))))
    assert not stored()


def test_metadata_that_mongodb_cannot_keep_leaves_nothing():
    with pytest.raises(InvalidDocument):
        STORAGE.save("a.bin", ContentFile(b"abc"), metadata={"x": object()})
    assert not stored()


def test_a_file_that_is_never_closed_is_never_seen_and_is_leased(monkeypatch):
    monkeypatch.setattr(writer, "BATCH_BYTES", 1000)
    file = STORAGE.open("a.bin", "wb")
    file.write(bytes(3000))
    del file
    assert STORAGE.listdir("") == ([], [])
    assert bucket().leases.count_documents({}) == 1


def test_a_writer_whose_lease_was_taken_fails_and_leaves_nothing(monkeypatch):
    monkeypatch.setattr(writer, "BATCH_BYTES", 1000)
    storage = GridFSStorage(STORAGE.bucket, 1000, lease_seconds=0)
    file = storage.open("a.bin", "wb")
    file.write(bytes(3000))
    bucket().leases.delete_many({})
    with pytest.raises(FileMissing, match="lease"):
        file.close()
    assert not stored()


def test_chunks_that_could_not_be_sent_are_not_left_out_of_a_file_that_is_closed(
    monkeypatch, failing
):
    monkeypatch.setattr(writer, "BATCH_BYTES", 1000)
    file = STORAGE.open("a.bin", "wb")
    file.write(b"a" * 1000)
    with failing(0), pytest.raises(StorageUnavailable):
        file.write(b"b" * 1000)
    file.close()
    assert STORAGE.open(file.name).read() == b"a" * 1000 + b"b" * 1000


def test_while_mongodb_is_away_it_is_unavailable(failing):
    name = STORAGE.save("a.bin", ContentFile(b"abc"))
    with failing(0), pymongo.timeout(0.4):
        with pytest.raises(StorageUnavailable):
            STORAGE.save("b.bin", ContentFile(b"abc"))
        with pytest.raises(StorageUnavailable):
            STORAGE.open(name)
        with pytest.raises(StorageUnavailable):
            asyncio.run(STORAGE.aexists(name))
    assert STORAGE.open(name).read() == b"abc"


def test_a_stored_file_is_not_opened_for_writing_over_it():
    name = STORAGE.save("a.txt", ContentFile(b"first"))
    with pytest.raises(FileExistsError, match="never change"):
        STORAGE.open(name, "wb")
    assert STORAGE.open(name).read() == b"first"


def test_asave_that_is_cancelled_leaves_nothing():
    reading = threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            reading.set()
            time.sleep(0.01)
            return b"x" * 1000 if self.getbuffer().nbytes else b""

    async def scenario() -> None:
        task = asyncio.create_task(STORAGE.asave("a.bin", Slow(b"x")))
        await asyncio.to_thread(reading.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert not stored()


def test_a_file_that_is_cancelled_while_it_is_closed_leaves_nothing():
    visible, cancelled = threading.Event(), threading.Event()

    def done(_: str) -> None:
        visible.set()
        cancelled.wait(60)

    async def write() -> None:
        async with AsyncFile(STORAGE.create("a.bin", done=done)) as file:
            await file.write(b"x")

    async def scenario() -> None:
        task = asyncio.create_task(write())
        await asyncio.to_thread(visible.wait, 60)
        task.cancel()
        cancelled.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert not stored()
