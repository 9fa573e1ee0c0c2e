"""The library against pymongo's bare GridFSBucket: what, ratio of the times, bar."""

import io
import os
import statistics
import time
from collections.abc import Callable

from django.db import connection
from gridfs import GridFSBucket

from storage.gridfs import GridFSStorage

MIB = 1024**2


def interleaved(*tasks: Callable[[], object], rounds: int) -> list[float]:
    """The median seconds of each task, all run in turn so that each meets the same machine."""
    times: list[list[float]] = [[] for _ in tasks]
    for _ in range(rounds):
        for task, seconds in zip(tasks, times, strict=True):
            start = time.perf_counter()
            task()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in times]


def ten_megabytes() -> list[tuple[str, float, float]]:
    storage = GridFSStorage("bench", chunk_size_bytes=255 * 1024)
    bare = GridFSBucket(connection.database, "bare")
    data = os.urandom(10 * MIB)
    name = storage.save("warm.bin", io.BytesIO(data))
    file_id = bare.upload_from_stream("warm.bin", io.BytesIO(data))
    save, bare_save = interleaved(
        lambda: storage.save("a.bin", io.BytesIO(data)),
        lambda: bare.upload_from_stream("a.bin", io.BytesIO(data)),
        rounds=15,
    )
    read, bare_read = interleaved(
        lambda: storage.open(name).read(),
        lambda: bare.open_download_stream(file_id).read(),
        rounds=15,
    )
    print(save, bare_save, read, bare_read)
    return [
        ("save 10 MB, SHA-256 included", save / bare_save, 1.15),
        ("open().read() 10 MB, SHA-256 checked", read / bare_read, 1.15),
    ]
