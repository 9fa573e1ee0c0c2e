"""A file that collects what is written, so that it can be sent in pieces."""

import io


class Sink(io.RawIOBase):
    """Keeps what is written to it until it is taken; for writers that never seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts = []
        return data
