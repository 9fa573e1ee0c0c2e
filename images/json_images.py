"""Traces to the JSON answer, in pieces."""

from binascii import b2a_base64
from collections.abc import Iterable, Iterator

import orjson

from images.chunks import Block
from images.colormap import ColorTable
from images.csv_rows import Depths
from images.png import trace_images


def json_answer(
    count: int, width: int, colormap: str | None, colors: ColorTable | None, blocks: Iterable[Block]
) -> Iterator[bytes]:
    """``{"count", "width", "colormap", "images": [{"depth", "image"}, …]}`` as UTF-8 JSON.

    ``image`` is a PNG of one trace in base64. A piece holds the images of one block; the first
    piece is there before the second block has been read.
    """
    head = orjson.dumps({"count": count, "width": width, "colormap": colormap})
    separator = head[:-1] + b',"images":['
    for block in blocks:
        yield separator + _entries(block, colors)
        separator = b","
    yield b"]}"


def _entries(block: Block, colors: ColorTable | None) -> bytes:
    images = trace_images(block.traces, colors)
    flat, length = images.reshape(-1).data, images.shape[1]
    encoded = (b2a_base64(flat[i : i + length], newline=False) for i in range(0, len(flat), length))
    pairs = zip(_numbers(block.depths), encoded, strict=True)
    return b",".join([b'{"depth":%b,"image":"%b"}' % pair for pair in pairs])


def _numbers(depths: Depths) -> list[bytes]:
    """Each depth as the shortest decimal that reads back as the same float64."""
    return orjson.dumps(depths, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
