"""Traces to JSON answers, in pieces."""

from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from images.arrays import Block, Depths
from images.render.colormap import ColorTable
from images.render.png import trace_images


def json_answer(
    facts: Mapping[str, Any], colors: ColorTable | None, blocks: Iterable[Block]
) -> Iterator[bytes]:
    """``{…facts, "images": [{"depth", "image"}, …]}`` as UTF-8 JSON.

    ``image`` is a PNG of one trace in base64, coloured by ``colors``, (256, 3) uint8, or gray. A
    piece holds the images of one block; the first piece is there before the second block is read.
    """
    head = orjson.dumps(facts)
    separator = head[:-1] + b',"images":['
    for block in blocks:
        yield separator + b",".join(_entries(block, colors))
        separator = b","
    yield b"]}"


def ndjson_answer(colors: ColorTable | None, blocks: Iterable[Block]) -> Iterator[bytes]:
    """The same images, each an object on a line of its own."""
    for block in blocks:
        yield b"\n".join(_entries(block, colors)) + b"\n"


def _entries(block: Block, colors: ColorTable | None) -> list[bytes]:
    images = trace_images(block.traces, colors)
    flat, length = images.reshape(-1).data, images.shape[1]
    encoded = (b2a_base64(flat[i : i + length], newline=False) for i in range(0, len(flat), length))
    pairs = zip(numbers(block.depths), encoded, strict=True)
    return [b'{"depth":%b,"image":"%b"}' % pair for pair in pairs]


def numbers(depths: Depths) -> list[bytes]:
    """Each depth as the shortest decimal that reads back as the same float64."""
    return orjson.dumps(depths, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
