"""How a file lies in its chunks: which chunks hold which bytes, and how long each must be."""

from collections.abc import Iterator


def chunk_count(length: int, chunk_size: int) -> int:
    """How many chunks a file of ``length`` bytes has."""
    return -(-length // chunk_size)


def chunk_length(number: int, length: int, chunk_size: int) -> int:
    """How many bytes chunk ``number`` holds: all but the last are full."""
    return min(chunk_size, length - number * chunk_size)


def chunks_of(start: int, end: int, chunk_size: int) -> range:
    """The numbers of the chunks that hold the bytes ``start <= position < end``."""
    return range(start // chunk_size, chunk_count(end, chunk_size)) if start < end else range(0)


class Slicer:
    """Cuts a stream of blocks of any length into full chunks, and keeps the rest for later."""

    def __init__(self, chunk_size: int) -> None:
        self._chunk_size = chunk_size
        self._rest = bytearray()

    def full_chunks(self, block: bytes) -> Iterator[bytes]:
        """The chunks that ``block`` completes, each ``chunk_size`` bytes."""
        size = self._chunk_size
        if not self._rest and len(block) == size:
            yield bytes(block)  # the usual case, not copied when it is bytes already
            return
        self._rest += block
        cut = len(self._rest) // size * size
        for start in range(0, cut, size):
            yield bytes(self._rest[start : start + size])
        del self._rest[:cut]

    def rest(self) -> bytes:
        """What is left after the last full chunk, fewer than ``chunk_size`` bytes."""
        return bytes(self._rest)
