"""A socket on which a client that is too slow is given up."""

import errno
import socket
import time
from typing import Any

# How long a request may wait for its client in all, and what earns waiting time back.
PATIENCE_SECONDS = 30.0
MIN_BYTES_PER_SECOND = 16 * 1024


class PatientSocket(socket.socket):
    """A client's socket that may be waited for PATIENCE_SECONDS during a request.

    Bytes that come or go earn time back, so that a client of MIN_BYTES_PER_SECOND may take as long
    as it needs, and one that is slower, or stalls, is cut off.
    """

    _patience = PATIENCE_SECONDS

    def setblocking(self, flag: bool) -> None:
        """gunicorn calls it with True before each request."""
        self._patience = PATIENCE_SECONDS
        timeout = PATIENCE_SECONDS if flag else 0.0
        # Whoever asks the system lets other threads go first.
        if self.gettimeout() != timeout:
            self.settimeout(timeout)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Raises TimeoutError when the patience is over; an answer must then go at once."""
        since = time.monotonic()
        try:
            data = super().recv(size, flags)
        except TimeoutError:
            self._patience = 0
            raise
        self._account(since, len(data))
        return data

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Raises ConnectionResetError when the patience is over: gunicorn expects no other."""
        rest = memoryview(data)
        try:
            while rest:
                since = time.monotonic()
                sent = super().send(rest, flags)
                self._account(since, sent)
                rest = rest[sent:]
        except TimeoutError:
            reason = "the client takes the answer too slowly"
            raise ConnectionResetError(errno.ECONNRESET, reason) from None

    def _account(self, since: float, count: int) -> None:
        earned = count / MIN_BYTES_PER_SECOND - (time.monotonic() - since)
        self._patience = min(self._patience + earned, PATIENCE_SECONDS)
        if self._patience <= 0 and earned < 0:
            raise TimeoutError("the client is too slow")
        limit = self.gettimeout()
        if limit and abs(self._patience - limit) > 1:
            self.settimeout(max(self._patience, 1))
