"""Several streams of traces to one, in ascending depth."""

from collections.abc import Iterator, Sequence

import numpy as np

from images.arrays import Block


def merged(streams: Sequence[Iterator[Block]]) -> Iterator[Block]:
    """Merge streams of non-empty blocks, each ascending within and from block to block.

    No more than a block of each stream is held at a time.
    """
    if len(streams) == 1:
        yield from streams[0]
        return
    heads = [(block, stream) for stream in streams if (block := next(stream, None))]
    while heads:
        # Up to here every stream has said all it will say.
        horizon = min(block.depths[-1] for block, _ in heads)
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
