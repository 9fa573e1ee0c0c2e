"""Write traces as JSON or NDJSON: each trace is a PNG in base64."""

from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson

from images.arrays import Block, Depths
from images.render.colour.colormap import ColorTable
from images.render.png import trace_images

# Traces of a block that is merged with those of other logs. Entries are much larger than traces,
# and the merge holds a block of each log.
MERGED_TRACES = 128


def make_entries(
    blocks: Iterable[Block], colors: ColorTable | None, log: str | None = None
) -> Iterator[Block]:
    """Replace the traces of each block by entries ``{"depth", "image"}`` in UTF-8 JSON.

    ``image`` is a PNG of one trace in base64. ``colors`` is (256, 3) or (256, 4) uint8, None for
    gray. If ``log`` is given, each entry names it as the id of its log.
    """
    named = b"" if log is None else b'"log":"%b",' % log.encode()
    for block in blocks if log is None else _pieces(blocks):
        images = trace_images(block.traces, colors)
        flat, length = images.reshape(-1).data, images.shape[1]
        starts = range(0, len(flat), length)
        encoded = (b2a_base64(flat[i : i + length], newline=False) for i in starts)
        made = np.empty(len(block.depths), object)
        made[:] = [
            b'{%b"depth":%b,"image":"%b"}' % (named, depth, image)
            for depth, image in zip(_format_depths(block.depths), encoded, strict=True)
        ]
        yield Block(block.depths, made)


def _pieces(blocks: Iterable[Block]) -> Iterator[Block]:
    """Split blocks into blocks of at most MERGED_TRACES traces."""
    for block in blocks:
        for start in range(0, len(block.depths), MERGED_TRACES):
            piece = slice(start, start + MERGED_TRACES)
            yield Block(block.depths[piece], block.traces[piece])


def write_json(facts: Mapping[str, Any], blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield ``{…facts, "images": [{"depth", "image"}, …]}`` as UTF-8 JSON.

    ``blocks`` come from ``make_entries``. Each piece has the entries of one block and is yielded
    before the next block is read.
    """
    head = orjson.dumps(facts)
    separator = head[:-1] + b',"images":['
    for block in blocks:
        yield separator + b",".join(block.traces)
        separator = b","
    yield b"]}"


def write_ndjson(blocks: Iterable[Block]) -> Iterator[bytes]:
    """Yield the entries of ``blocks`` from ``make_entries``, one on each line."""
    for block in blocks:
        yield b"\n".join(block.traces) + b"\n"


def _format_depths(depths: Depths) -> list[bytes]:
    """Each depth as the shortest decimal that reads back as the same float64."""
    return orjson.dumps(depths, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
