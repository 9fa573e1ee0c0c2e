"""One contract, kept by GridFSStorage, blocking and asynchronous, and by Django's own storage."""

import asyncio
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from storage.gridfs import GridFSStorage

BYTES = bytes(range(256)) * 20


class Awaited:
    """The async methods of a storage, awaited on one event loop."""

    def __init__(self, target: Any, runner: asyncio.Runner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        twin = getattr(self._target, f"a{name}", None) or getattr(self._target, name)

        def call(*args: Any) -> Any:
            result = twin(*args)
            awaited = self._runner.run(_result(result)) if asyncio.iscoroutine(result) else result
            return Awaited(awaited, self._runner) if hasattr(awaited, "seek") else awaited

        return call


async def _result(coroutine: Any) -> Any:
    return await coroutine


@pytest.fixture(params=["blocking", "asynchronous", "in memory"])
def storage(request: pytest.FixtureRequest) -> Iterator[Any]:
    gridfs = GridFSStorage("contract", chunk_size_bytes=1000, base_url="/media/")
    if request.param == "asynchronous":
        with asyncio.Runner() as runner:
            yield Awaited(gridfs, runner)
    else:
        yield gridfs if request.param == "blocking" else InMemoryStorage(base_url="/media/")


def test_what_is_saved_is_read_back(storage):
    name = storage.save("a.bin", ContentFile(BYTES))
    assert storage.open(name).read() == BYTES


def test_text_is_saved_as_utf8(storage):
    name = storage.save("a.txt", ContentFile("Bohrkern Nº 7"))
    assert storage.open(name, "rb").read() == "Bohrkern Nº 7".encode()


def test_an_empty_file_is_a_file(storage):
    name = storage.save("empty.bin", ContentFile(b""))
    assert (storage.size(name), storage.open(name).read()) == (0, b"")


def test_content_is_saved_from_its_start(storage):
    content = io.BytesIO(BYTES)
    content.read(100)
    assert storage.size(storage.save("a.bin", content)) == len(BYTES)


def test_two_files_saved_under_one_name_are_both_kept(storage):
    first, second = (storage.save("same.bin", ContentFile(data)) for data in (b"one", b"two"))
    assert first != second
    assert (storage.open(first).read(), storage.open(second).read()) == (b"one", b"two")


def test_reads_continue_and_seeks_move(storage):
    file = storage.open(storage.save("a.bin", ContentFile(BYTES)))
    assert file.read(1500) == BYTES[:1500]
    assert file.read(700) == BYTES[1500:2200]
    file.seek(-10, io.SEEK_END)
    assert file.read() == BYTES[-10:]
    file.seek(999)
    assert file.read(2) == BYTES[999:1001]
    assert file.tell() == 1001
    file.seek(10_000)
    assert file.read() == b""


def test_a_deleted_file_is_gone(storage):
    name = storage.save("a.bin", ContentFile(BYTES))
    assert storage.exists(name)
    storage.delete(name)
    assert not storage.exists(name)
    with pytest.raises(FileNotFoundError):
        storage.open(name)
    with pytest.raises(FileNotFoundError):
        storage.size(name)


def test_what_was_never_saved_does_not_exist(storage):
    assert not storage.exists("nothing.bin")
    with pytest.raises(FileNotFoundError):
        storage.open("nothing.bin")


def test_folders_are_listed_one_level_deep(storage):
    names = [
        storage.save(name, ContentFile(b"x")) for name in ("cores/a.jpg", "cores/deep/b.jpg", "c")
    ]
    assert storage.listdir("") == (["cores"], [names[2]])
    assert storage.listdir("cores") == (["deep"], [names[0].removeprefix("cores/")])


def test_sizes_and_times_are_told(storage):
    name = storage.save("a.bin", ContentFile(BYTES))
    assert storage.size(name) == len(BYTES)
    for time in (storage.get_created_time(name), storage.get_modified_time(name)):
        assert abs(datetime.now(UTC) - time) < timedelta(minutes=1)


def test_the_url_is_below_the_base(storage):
    name = storage.save("core box.bin", ContentFile(BYTES))
    assert storage.url(name).startswith("/media/core")
    assert " " not in storage.url(name)


def test_paths_that_lead_elsewhere_are_refused(storage):
    from django.core.exceptions import SuspiciousFileOperation

    for name in ("../up.bin", "/root.bin", "a/../../up.bin", "."):
        with pytest.raises(SuspiciousFileOperation):
            storage.save(name, ContentFile(b"x"))
