"""Several streams of traces to one, in ascending depth."""

import math
from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from images.arrays import Block


def merged(streams: Sequence[Iterator[Block]], tops: Sequence[float]) -> Iterator[Block]:
    """Merge streams of non-empty blocks, each ascending within and from block to block.

    ``tops`` are depths at which each stream begins, or above. A stream is not read before the merge
    has come to its top, and no more than a block of each is held at a time.
    """
    order = sorted(range(len(streams)), key=lambda number: tops[number])
    waiting = deque((tops[number], streams[number]) for number in order)
    heads: list[tuple[Block, Iterator[Block]]] = []
    while waiting or heads:
        # Up to this depth all streams that have begun have been read.
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
        yield _in_order(ready)
        heads = [
            (rest, stream)
            for (block, stream), cut in zip(heads, cuts, strict=True)
            if (rest := _after(block, cut, stream))
        ]


def _in_order(blocks: list[Block]) -> Block:
    depths = np.concatenate([block.depths for block in blocks])
    order = np.argsort(depths, kind="stable")
    return Block(depths[order], np.concatenate([block.traces for block in blocks])[order])


def _after(block: Block, cut: int, stream: Iterator[Block]) -> Block | None:
    if cut < len(block.depths):
        return Block(block.depths[cut:], block.traces[cut:])
    return next(stream, None)
