"""Merge the traces of several logs in ascending depth."""

import math
from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from images.arrays import Block, joined


def merged(streams: Sequence[Iterator[Block]], tops: Sequence[float]) -> Iterator[Block]:
    """Merge streams of non-empty blocks. The depths of each stream ascend, also across blocks.

    ``tops[i]`` is the first depth of stream i, or any depth above it. A stream is first read when
    the merge reaches its top. At most one block of each stream is in memory.
    """
    order = sorted(range(len(streams)), key=lambda number: tops[number])
    waiting = deque((tops[number], streams[number]) for number in order)
    heads: list[tuple[Block, Iterator[Block]]] = []
    while waiting or heads:
        # All traces of the open streams down to this depth are in ``heads``.
        horizon = min((float(block.depths[-1]) for block, _ in heads), default=math.inf)
        if waiting and waiting[0][0] <= horizon:
            _, stream = waiting.popleft()
            if block := next(stream, None):
                heads.append((block, stream))
            continue
        cuts = [int(np.searchsorted(block.depths, horizon, "right")) for block, _ in heads]
        ready = [
            Block(block.depths[:cut], block.traces[:cut])
            for (block, _), cut in zip(heads, cuts, strict=True)
        ]
        yield _sorted(ready)
        heads = [
            (rest, stream)
            for (block, stream), cut in zip(heads, cuts, strict=True)
            if (rest := _rest_or_next(block, cut, stream))
        ]


def _sorted(blocks: list[Block]) -> Block:
    depths, traces = joined(blocks)
    order = np.argsort(depths, kind="stable")
    return Block(depths[order], traces[order])


def _rest_or_next(block: Block, cut: int, stream: Iterator[Block]) -> Block | None:
    """The traces of ``block`` from index ``cut`` on, else the next block, else None."""
    if cut < len(block.depths):
        return Block(block.depths[cut:], block.traces[cut:])
    return next(stream, None)
