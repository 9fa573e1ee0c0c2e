"""Cuts bytes, however many come at once, into slabs of whole lines."""

from images.ingest.text.lines import MAX_LINE_BYTES

# Large enough that polars' cost for each call does not show, small enough that the slabs under way
# stay within some tens of megabytes.
SLAB_BYTES = 4 * 1024 * 1024


class LineTooLong(Exception):
    """A line does not end within MAX_LINE_BYTES."""


class SlabCutter:
    """Collects bytes and cuts them after a line end once there are SLAB_BYTES of them."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes; give a slab when there is one. Raises LineTooLong."""
        self._parts.append(data)
        self._size += len(data)
        if self._size < SLAB_BYTES:
            return None
        # Only the newest bytes are looked at, so that a slab is copied once.
        end = data.rfind(b"\n") + 1
        if not end:
            if self._size > SLAB_BYTES + MAX_LINE_BYTES:
                raise LineTooLong
            return None
        self._parts[-1] = data[:end]
        slab = b"".join(self._parts)
        self._parts = [data[end:]]
        self._size = len(data) - end
        return slab

    def rest(self) -> bytes:
        """What has come since the last slab; its last line may lack a line end."""
        return b"".join(self._parts)
