"""DLIS (API RP66 version 1), read by dlisio in a process of its own.

The processes are forked by a server that has dlisio loaded, as to start Python and load it takes
longer than to read most files. The server starts with the first DLIS and ends with this process.
"""

import json
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from threading import Timer
from typing import IO, Any, NamedTuple

import numpy as np

from images.errors import InvalidFile
from images.ingest.dlis import process as dlis_process
from images.ingest.layout.plan import MAX_WIDTH
from images.ingest.names.columns import column_of
from images.ingest.table import Column, Contents, Read, Rows, Table

# A process that takes longer is killed: a damaged file can make it run for ever.
SECONDS = 300
_processes = multiprocessing.get_context("forkserver")
# The server ignores a module that it does not find.
_processes.set_forkserver_preload([dlis_process.__name__, "dlisio.dlis"])


@contextmanager
def contents(file: IO[bytes]) -> Iterator[Contents]:
    """The frames in ``file``, a real file, to be read within the context. Raises InvalidFile."""
    file.flush()
    ours, theirs = socket.socketpair()
    with ours, ours.makefile("rb") as answers:
        with theirs:
            process = _processes.Process(target=dlis_process.main, args=(theirs,), daemon=True)
            process.start()
        timer = Timer(SECONDS, process.kill)
        timer.start()
        try:
            yield _contents(_Reader(ours, answers), file.fileno())
        finally:
            timer.cancel()
            process.kill()
            process.join()


class _Reader(NamedTuple):
    """The two ends by which a process is asked, and answers."""

    questions: socket.socket
    answers: IO[bytes]

    def read(self, frame: int, read: Read) -> Iterator[Rows]:
        asked = {"frame": frame, "depth": read.depth, "columns": read.columns}
        with _breakdown_told():
            self.questions.sendall(json.dumps(asked).encode() + b"\n")
            while rows := (answer := self.answer())["rows"]:
                depths = np.frombuffer(self._exactly(rows * 8), np.float64)
                values = np.frombuffer(self._exactly(rows * answer["width"] * 4), np.float32)
                yield Rows(None if read.depth is None else depths, values.reshape(rows, -1))

    def answer(self) -> dict[str, Any]:
        line = self.answers.readline()
        if not line:
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise InvalidFile(answer["error"])
        return answer

    def _exactly(self, size: int) -> bytes:
        data = self.answers.read(size)
        if len(data) < size:
            raise EOFError
        return data


@contextmanager
def _breakdown_told() -> Iterator[None]:
    """Raise InvalidFile if the process ends before it has answered."""
    try:
        yield
    except (ConnectionError, EOFError):
        raise InvalidFile("the DLIS is damaged: its reader broke down over it") from None


def _contents(reader: _Reader, file: int) -> Contents:
    with _breakdown_told():
        socket.send_fds(reader.questions, [b"\0"], [file])
        answer = reader.answer()
    frames = answer["frames"]
    if not frames:
        raise InvalidFile("the DLIS holds no frame of channels, or it is cut off before them")
    tables = [
        Table(
            frame["name"],
            tuple(_column(**channel) for channel in frame["channels"]),
            partial(reader.read, number),
            index=0 if frame["indexed"] else None,
            by_depth=frame["by_depth"],
            vertical=frame["vertical"],
            well=frame["well"],
        )
        for number, frame in enumerate(frames)
    ]
    found = Contents("DLIS", tables, next((f["well"] for f in frames if f["well"]), None))
    if answer["encoding"]:
        found.warnings.append(("encoding-assumed", answer["encoding"]))
    return found


def _column(name: str, unit: str, description: str, dimension: list[int], numbers: bool) -> Column:
    reason = None
    width = max(dimension)
    if sum(length > 1 for length in dimension) > 1:
        reason = f"it is an array of {' × '.join(map(str, dimension))} values a depth"
    elif width > MAX_WIDTH:
        reason = f"it has {width} values a depth, more than {MAX_WIDTH}"
    elif not numbers:
        reason = "it holds text, not numbers"
    about = column_of(name, unit, description)
    return replace(about, width=width, reason=reason)
