"""The process that reads DLIS with dlisio, which breaks down over some damaged files.

It is given a socket, and the file through it. It says what the file holds in one line of JSON;
then, for each line of JSON that asks for columns of a frame, it writes blocks: a line with the
number of rows, then their depths as float64 and their values as float32, in the machine's order.
A block of no rows is the last one.
"""

import json
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import BufferedRWPair
from itertools import islice
from typing import Any

import numpy as np

from tables.encodings import assumption, encoding_of, is_utf8

BLOCK_ROWS = 4096
MAX_FRAMES = 200
MAX_CHANNELS = 5000
# Representation codes of text, dates and references (RP66 version 1, appendix B).
_NOT_NUMBERS = {19, 20, 21, 23, 24, 25, 27}


def main(connection: socket.socket) -> None:
    """Answer what is asked through ``connection``, which first passes the file."""
    # Messages of a library that crashes do not belong in the log of the server.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    _, [file, *_], _, _ = socket.recv_fds(connection, 1, 1)
    with connection.makefile("rwb") as pipe:
        _answer(f"/dev/fd/{file}", pipe)


def _answer(path: str, pipe: BufferedRWPair) -> None:
    try:
        from dlisio import common, dlis
    except ImportError:
        return _say(pipe, error="DLIS is not read here: install dlisio, or export the log as LAS")
    # dlisio has no exception class of its own.
    try:
        # Any byte is a letter in Latin-1: names that cannot be read are not found.
        common.set_encodings(["latin1"])
        with ExitStack() as stack:
            frames = _frames(stack.enter_context(dlis.load(path)))
            letters = b"\n".join(_letters(frames))
            encoding = encoding_of(letters)
            if letters:
                common.set_encodings([encoding, "latin1"])
                frames = _frames(stack.enter_context(dlis.load(path)))
            told = [_described(file, frame) for file, frame in frames]
            _say(pipe, frames=told, encoding=assumption(letters, encoding))
            for line in pipe:
                asked = json.loads(line)
                _read(pipe, frames[asked["frame"]][1], asked["depth"], asked["columns"])
    except ConnectionError:
        return None
    except Exception as error:
        lines = (line.strip().removeprefix("Problem:").lstrip() for line in str(error).split("\n"))
        words = next((line for line in lines if line), type(error).__name__)
        _say(pipe, error=f"the DLIS is damaged or cut off: {words[:200]}")


def _say(pipe: BufferedRWPair, **message: Any) -> None:
    pipe.write(json.dumps(message).encode() + b"\n")
    pipe.flush()


def _frames(files: Iterable[Any]) -> list[tuple[Any, Any]]:
    """The first frames with channels, each with its logical file."""
    frames = ((file, frame) for file in files for frame in file.frames if frame.channels)
    return [*islice(frames, MAX_FRAMES)]


def _letters(frames: Iterable[tuple[Any, Any]]) -> Iterator[bytes]:
    """The names, units and descriptions that are not UTF-8, read as Latin-1."""
    for file, frame in frames:
        texts = [frame.name, *(origin.well_name for origin in file.origins)]
        for channel in frame.channels[:MAX_CHANNELS]:
            if channel is None:
                raise ValueError(f"the frame {frame.name} names a channel that is not in the file")
            texts += [channel.name, channel.units, channel.long_name]
        for text in texts:
            if isinstance(text, str) and not is_utf8(data := text.encode("latin1", "ignore")):
                yield data


def _described(file: Any, frame: Any) -> dict[str, Any]:
    wells = [str(origin.well_name).strip() for origin in file.origins if origin.well_name]
    return {
        "name": str(frame.name),
        "well": wells[0] if wells else None,
        "indexed": bool(frame.index),
        "by_depth": frame.index_type == "BOREHOLE-DEPTH",
        "vertical": frame.index_type == "VERTICAL-DEPTH",
        "channels": [
            {
                "name": str(channel.name),
                "unit": str(channel.units or "").strip(),
                "description": str(channel.long_name or "")[:200],
                "dimension": [int(length) for length in channel.dimension] or [1],
                "numbers": channel.reprc not in _NOT_NUMBERS,
            }
            for channel in frame.channels[:MAX_CHANNELS]
        ],
    }


def _read(pipe: BufferedRWPair, frame: Any, depth: int | None, columns: list[int]) -> None:
    for depths, values in _blocks(frame.curves(), depth, columns):
        _say(pipe, rows=len(values), width=values.shape[1])
        pipe.write(depths.data)
        pipe.write(values.data)
    _say(pipe, rows=0, width=0)


def _blocks(curves: Any, depth: int | None, columns: list[int]) -> Iterator[tuple[Any, Any]]:
    # The first field is the number of the row.
    fields = curves.dtype.names[1:]
    for start in range(0, len(curves), BLOCK_ROWS):
        part = curves[start : start + BLOCK_ROWS]
        depths = np.zeros(len(part)) if depth is None else part[fields[depth]].reshape(len(part))
        values = [part[fields[i]].reshape(len(part), -1) for i in columns]
        with np.errstate(over="ignore"):
            together = np.concatenate(values, axis=1, dtype=np.float32, casting="unsafe")
        yield np.ascontiguousarray(depths, np.float64), np.ascontiguousarray(together)
