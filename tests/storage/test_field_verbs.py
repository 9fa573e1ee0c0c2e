"""Every verb of the field, blocking and asynchronous."""

import asyncio
import io

import pytest
from django.core.files.base import ContentFile

from storage.errors import FileExists, FileMissing
from storage.writer import BATCH_BYTES
from tests.storage.rows.models import SMALL_CHUNKS, Sample
from tests.storage.stored import reopened, stored

BYTES = bytes(range(256)) * 12  # four chunks


@pytest.fixture
def sample() -> Sample:
    sample = Sample(label="a")
    sample.photo.put(io.BytesIO(BYTES), content_type="image/jpeg", depth=9000.5)
    sample.save()
    return reopened(sample)


def test_put_stores_a_file_and_read_gives_it_back(sample):
    assert sample.photo.read() == BYTES


def test_put_takes_bytes_and_a_name():
    sample = Sample(label="b")
    sample.photo.put(b"abc", filename="../../etc/x.txt")
    sample.save()
    assert sample.photo.name.startswith("samples/x_")
    assert sample.photo.content_type == "text/plain"


def test_put_does_not_overwrite(sample):
    with pytest.raises(FileExists):
        sample.photo.put(b"other")
    with pytest.raises(FileExists):
        sample.photo.new_file()
    assert reopened(sample).photo.read() == BYTES


def test_content_type_and_metadata_are_kept(sample):
    assert sample.photo.content_type == "image/jpeg"
    assert sample.photo.metadata == {"depth": 9000.5}
    assert sample.photo.size == len(BYTES)


def test_reading_twice_gives_the_same_bytes(sample):
    assert sample.photo.read() == sample.photo.read() == BYTES


def test_reads_of_some_bytes_go_on_where_the_last_one_ended(sample):
    assert sample.photo.read(10) + sample.photo.read(5) == BYTES[:15]
    assert sample.photo.read() == BYTES[15:]


def test_seek_moves_the_next_read(sample):
    sample.photo.read()
    assert sample.photo.seek(0) == 0
    assert sample.photo.read(3) == BYTES[:3]
    sample.photo.seek(-4, io.SEEK_END)
    assert sample.photo.read() == BYTES[-4:]


def test_a_new_file_is_written_in_pieces():
    sample = Sample(label="c")
    sample.photo.new_file(content_type="text/plain", box=7)
    for _ in range(3):
        sample.photo.write(BYTES)
    assert not sample.photo
    sample.photo.close()
    with pytest.raises(ValueError, match="closed"):
        sample.photo.write(b"more")
    sample.save()
    again = reopened(sample)
    assert (again.photo.read(), again.photo.metadata) == (BYTES * 3, {"box": 7})


def test_a_new_file_in_a_block_is_the_rows_once_closed():
    sample = Sample(label="d")
    with sample.photo.new_file(content_type="text/plain") as file:
        file.write(b"one ")
        file.write(b"two")
        assert SMALL_CHUNKS.listdir("samples") == ([], [])
    sample.save()
    assert reopened(sample).photo.read() == b"one two"


def test_a_block_left_by_an_exception_leaves_nothing():
    sample = Sample(label="e")

    def write_and_fail() -> None:
        with sample.photo.new_file() as file:
            file.write(bytes(BATCH_BYTES + 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert not sample.photo
    assert not stored()


def test_write_without_a_new_file_is_refused(sample):
    with pytest.raises(ValueError, match="no new file"):
        sample.photo.write(b"x")


def test_delete_removes_the_file_and_the_row_knows(sample):
    sample.photo.delete()
    assert not reopened(sample).photo
    assert not stored()
    with pytest.raises(FileMissing):
        sample.photo.read()


def test_delete_without_save_waits_for_the_row(sample):
    sample.photo.delete(save=False)
    assert reopened(sample).photo.read() == BYTES
    sample.save()
    assert not reopened(sample).photo
    assert not stored()


def test_delete_of_a_file_whose_row_was_never_saved_removes_it():
    sample = Sample(label="f")
    sample.photo.put(b"abc")
    sample.photo.delete()
    assert not stored()


def test_replace_changes_row_and_file_and_removes_the_old_one(sample):
    sample.photo.replace(b"new", content_type="text/plain", box=8)
    again = reopened(sample)
    assert (again.photo.read(), again.photo.metadata) == (b"new", {"box": 8})
    assert len(stored()) == 1
    assert sample.photo.read() == b"new"


def test_replace_where_there_is_no_file_puts_one():
    sample = Sample.objects.create(label="g")
    sample.photo.replace(b"first")
    assert reopened(sample).photo.read() == b"first"


def test_assigning_an_upload_replaces_the_file_when_the_row_is_saved(sample):
    sample.photo = ContentFile(b"assigned", name="x.txt")
    assert reopened(sample).photo.read() == BYTES
    sample.save()
    assert reopened(sample).photo.read() == b"assigned"
    assert len(stored()) == 1


def test_saving_other_fields_leaves_an_assigned_file_for_later(sample):
    old = sample.photo.name
    sample.photo.delete(save=False)
    sample.save(update_fields=["label"])
    assert SMALL_CHUNKS.exists(old)


def test_aput_and_aread():
    async def scenario() -> None:
        sample = Sample(label="h")
        await sample.photo.aput(io.BytesIO(BYTES), content_type="image/png", depth=1)
        await sample.asave()
        again = await Sample.objects.aget(pk=sample.pk)
        assert await again.photo.aread() == await again.photo.aread() == BYTES
        with pytest.raises(FileExists):
            await again.photo.aput(b"other")

    asyncio.run(scenario())
    again = Sample.objects.get()
    assert (again.photo.content_type, again.photo.metadata) == ("image/png", {"depth": 1})


def test_anew_file_is_written_in_pieces():
    async def scenario() -> None:
        sample = Sample(label="i")
        async with sample.photo.anew_file(content_type="text/plain") as file:
            await file.write(b"one ")
            await file.write(b"two")
        await sample.asave()
        assert await sample.photo.aread() == b"one two"

    asyncio.run(scenario())


def test_an_async_block_left_by_an_exception_leaves_nothing():
    async def scenario() -> None:
        async with Sample(label="j").photo.anew_file() as file:
            await file.write(bytes(BATCH_BYTES + 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(scenario())
    assert not stored()


def test_an_async_block_that_is_cancelled_leaves_nothing():
    async def write_and_wait(written: asyncio.Event) -> None:
        async with Sample(label="k").photo.anew_file() as file:
            await file.write(bytes(BATCH_BYTES + 1))
            written.set()
            await asyncio.Event().wait()

    async def scenario() -> None:
        written = asyncio.Event()
        task = asyncio.create_task(write_and_wait(written))
        await written.wait()
        assert await asyncio.to_thread(stored)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert not stored()


def test_areplace_and_adelete(sample):
    async def scenario() -> None:
        await sample.photo.areplace(b"new", content_type="text/plain")
        assert len(await asyncio.to_thread(stored)) == 1
        assert await sample.photo.aread() == b"new"
        await sample.photo.adelete()

    asyncio.run(scenario())
    assert not reopened(sample).photo
    assert not stored()
