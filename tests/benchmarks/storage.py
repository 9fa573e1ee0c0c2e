"""Stored files: against pymongo's bare bucket, large against small, many at once, over HTTP."""

import hashlib
import io
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from django.core.management import call_command
from django.db import connection
from gridfs import GridFSBucket
from PIL import Image

from photos import editing
from photos.folder import by_name
from storage.gridfs import GridFSStorage
from tests.benchmarks.load import Target, in_turn
from tests.benchmarks.measure import Result, at_least, at_most, seconds, side_by_side
from tests.server import Server

MIB = 1024**2
PHOTOS = 1000
PHOTO_BYTES = 200_000


class Zeros(io.RawIOBase):
    """A file of so many zeros."""

    name = "zeros.bin"

    def __init__(self, length: int) -> None:
        self._left = length

    def read(self, size: int = -1) -> bytes:
        data = bytes(min(size, self._left))
        self._left -= len(data)
        return data


def results(directory: Path, server: Server) -> Iterator[Result]:
    yield from ten_megabytes()
    yield last_bytes()
    yield memory_of_a_gigabyte()
    yield many_photos(directory / "photos")
    yield over_http(directory / "http", server)
    for bucket in ("benchmark", "bare", "photos"):
        for part in ("files", "chunks", "leases"):
            connection.database[bucket][part].drop()


def ten_megabytes() -> Iterator[Result]:
    """Reads come first: MongoDB goes on writing for a while after so many saves."""
    data = os.urandom(10 * MIB)
    yield at_most("read of 10 MB, SHA-256 checked : GridFSBucket", _read(data), 1.4)
    with _no_digest():
        yield at_most("read of 10 MB, SHA-256 left out : GridFSBucket", _read(data), 1.15)
    yield at_most("save of 10 MB, with SHA-256 : GridFSBucket", _save(data), 1.4)
    with _no_digest():
        yield at_most("save of 10 MB, SHA-256 left out : GridFSBucket", _save(data), 1.15)
    alone = statistics.median(seconds(lambda: hashlib.sha256(data)) for _ in range(31))
    print(f"SHA-256 of 10 MB alone takes {alone * 1000:.0f} ms", file=sys.stderr)


@contextmanager
def _no_digest() -> Iterator[None]:
    """The code has no switch for this, and needs none but here."""
    with patch("storage.writer.sha256", NoDigest):
        yield


class NoDigest:
    """In place of SHA-256: costs nothing, and finds nothing wrong."""

    def update(self, data: bytes) -> None:
        pass

    def hexdigest(self) -> str:
        return "0" * 64


def _read(data: bytes) -> float:
    """The time of reading ``data``, against that of pymongo's bucket."""
    storage, bare = GridFSStorage("benchmark"), GridFSBucket(connection.database, "bare")
    name = storage.save("a.bin", io.BytesIO(data))
    file_id = bare.upload_from_stream("a.bin", io.BytesIO(data))
    return _ratio(
        lambda: storage.open(name).read(), lambda: bare.open_download_stream(file_id).read()
    )


def _save(data: bytes) -> float:
    """The time of saving ``data``, against that of pymongo's bucket."""
    storage, bare = GridFSStorage("benchmark"), GridFSBucket(connection.database, "bare")
    return _ratio(
        lambda: storage.save("b.bin", io.BytesIO(data)),
        lambda: bare.upload_from_stream("b.bin", io.BytesIO(data)),
    )


def _ratio(ours: Callable[[], Any], bare: Callable[[], Any]) -> float:
    # So often because a disk takes its time now and then.
    our_time, bare_time = side_by_side(ours, bare, rounds=61)
    print(f"the bare bucket takes {bare_time * 1000:.0f} ms", file=sys.stderr)
    return our_time / bare_time


def last_bytes() -> Result:
    storage = GridFSStorage("benchmark")
    large, small = (storage.save(None, Zeros(length)) for length in (1024 * MIB, MIB))

    def tail(name: str) -> None:
        file = storage.open(name)
        file.seek(-64 * 1024, os.SEEK_END)
        file.read()

    of_large, of_small = side_by_side(lambda: tail(large), lambda: tail(small), rounds=31, calls=20)
    return at_most("last 64 KiB of 1 GB : of 1 MB", of_large / of_small, 1.5)


def memory_of_a_gigabyte() -> Result:
    command = [sys.executable, "-m", "tests.storage.large", "1024"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    connection.database.client.drop_database("large")
    return at_most(
        "memory of a process that saves and reads 1 GB", int(said.split()[0]), 100, " MB"
    )


def make_photos(folder: Path, count: int) -> Path:
    """JPEGs, 1200 pixels across, of some 200 kB, no two the same."""
    folder.mkdir()
    slopes = np.add.outer(np.arange(900), np.arange(1200))[..., None] // [7, 9, 11]
    noise = np.random.default_rng(0).normal(0, 9, (900, 1200, 3))
    out = io.BytesIO()
    Image.fromarray((slopes + noise).clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=72)
    for number in range(count):
        comment = hashlib.sha256(str(number).encode()).digest()
        data = out.getvalue()
        marked = data[:2] + b"\xff\xfe\x00\x22" + comment + data[2:]
        folder.joinpath(f"box_{number}.0-{number + 1}.0.jpg").write_bytes(marked)
    return folder


def many_photos(folder: Path) -> Result:
    """Both in turn, a hundred photos at a time, so that both meet the same machine."""
    paths = sorted(make_photos(folder, PHOTOS).iterdir())
    at_once = one_by_one = 0.0
    for start in range(0, PHOTOS, 100):
        part = folder / f"part {start}"
        part.mkdir()
        for path in paths[start : start + 100]:
            shutil.move(path, part)
        at_once += seconds(partial(import_folder, part, f"at once {start}"))
        one_by_one += seconds(partial(import_in_turn, part, f"in turn {start}"))
    return at_most("1 000 photos through import_photos : in turn", at_once / one_by_one, 0.8)


def import_folder(folder: Path, well: str) -> None:
    quiet: dict[str, Any] = {"stdout": io.StringIO(), "stderr": io.StringIO()}
    call_command("import_photos", str(folder), "--well", well, **quiet)


def import_in_turn(folder: Path, well: str) -> None:
    for found in by_name(folder):
        with found.path.open("rb") as file:
            depths = {"top_depth": found.top_depth, "base_depth": found.base_depth}
            editing.add(file, well=well, **depths)


def over_http(folder: Path, server: Server) -> Result:
    [path] = make_photos(folder, 1).iterdir()
    with path.open("rb") as file:
        photo, _ = editing.add(file, well="http", top_depth=0, base_depth=1)
    image = Target(server.port, repeat(f"/photos/{photo.pk}/image"))
    nothing = Target(server.port, repeat("/healthz"))
    in_turn(image, nothing, rounds=9)
    what = "200 kB photo over HTTP : a view of nothing"
    return at_least(what, image.rate / nothing.rate, 1 / 3)
