"""DLIS (API RP66 version 1), read by dlisio in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np

from images.errors import InvalidFile
from images.ingest import layout, names
from images.ingest.table import Column, Contents, Read, Rows, Table

PROCESS = Path(__file__).with_name("dlis_process.py")
# After which a process is taken to be lost in a damaged file.
SECONDS = 300


@contextmanager
def contents(file: IO[bytes]) -> Iterator[Contents]:
    """The frames in ``file``, a real file, to be read within the context. Raises InvalidFile."""
    file.flush()
    number = file.fileno()
    with subprocess.Popen(
        [sys.executable, str(PROCESS), f"/dev/fd/{number}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(number,),
    ) as process:
        timer = Timer(SECONDS, process.kill)
        timer.start()
        try:
            yield _contents(process, _answer(process)["frames"])
        finally:
            timer.cancel()
            process.kill()


def _contents(process: Any, frames: list[dict[str, Any]]) -> Contents:
    if not frames:
        raise InvalidFile("the DLIS holds no frame of channels, or it is cut off before them")
    tables = [
        Table(
            frame["name"],
            tuple(_column(**channel) for channel in frame["channels"]),
            partial(_rows, process, number),
            index=0 if frame["indexed"] else None,
            by_depth=frame["by_depth"],
        )
        for number, frame in enumerate(frames)
    ]
    return Contents("DLIS", tables, next((f["well"] for f in frames if f["well"]), None))


def _column(name: str, unit: str, description: str, dimension: list[int], numbers: bool) -> Column:
    reason = None
    width = max(dimension)
    if sum(length > 1 for length in dimension) > 1:
        reason = f"it is an array of {' × '.join(map(str, dimension))} values a depth"
    elif width > layout.MAX_WIDTH:
        reason = f"it has {width} values a depth, more than {layout.MAX_WIDTH}"
    elif not numbers:
        reason = "it holds text, not numbers"
    about = names.column(name, unit, description)
    return replace(about, width=width, reason=reason)


def _rows(process: Any, frame: int, read: Read) -> Iterator[Rows]:
    asked = {"frame": frame, "read": {"depth": read.depth, "columns": read.columns}}
    try:
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        raise _broken() from None
    while rows := (answer := _answer(process))["rows"]:
        depths = np.frombuffer(_exactly(process, rows * 8), np.float64)
        values = np.frombuffer(_exactly(process, rows * answer["width"] * 4), np.float32)
        yield Rows(None if read.depth is None else depths, values.reshape(rows, -1))


def _answer(process: Any) -> dict[str, Any]:
    line = process.stdout.readline()
    if not line:
        raise _broken()
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise InvalidFile(answer["error"])
    return answer


def _exactly(process: Any, size: int) -> bytes:
    data: bytes = process.stdout.read(size)
    if len(data) < size:
        raise _broken()
    return data


def _broken() -> InvalidFile:
    return InvalidFile("the DLIS is damaged: its reader broke down over it")
