"""Bytes of any number to slabs of whole lines."""

from collections.abc import Iterator

from images.csv_rows import MAX_LINE_BYTES

# Large enough that polars' cost for each call does not show, small enough that the slabs under way
# stay within some tens of megabytes.
SLAB_BYTES = 6 * 1024 * 1024


class LineTooLong(Exception):
    """A line does not end within MAX_LINE_BYTES."""


class SlabCutter:
    """Collects bytes and cuts them after the last line end once there are SLAB_BYTES of them."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes; give a slab when there is one. Raises LineTooLong."""
        self._parts.append(data)
        self._size += len(data)
        if self._size >= SLAB_BYTES:
            collected = b"".join(self._parts)
            end = collected.rfind(b"\n") + 1
            self._parts = [collected[end:]]
            self._size = len(collected) - end
            if end:
                yield collected[:end]
            if self._size > MAX_LINE_BYTES:
                raise LineTooLong

    def rest(self) -> bytes:
        """What has come since the last slab; its last line may lack a line end."""
        return b"".join(self._parts)
