"""Forms that anybody may send, such as a login: they are small and read within a deadline."""

import socket
import time
from contextlib import suppress
from threading import BoundedSemaphore, Timer
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from rest_framework.exceptions import UnsupportedMediaType

from web.errors import BodyTooSlow, LengthRequired, Overloaded

MEDIA_TYPE = "application/x-www-form-urlencoded"
MAX_BYTES = 65_536
SECONDS = 5.0
# So many threads of a process may wait for slow senders.
_turns = BoundedSemaphore(2)


def read_form(request: HttpRequest) -> None:
    """Read the whole body into ``request.body``.

    Raises LengthRequired, RequestDataTooBig and UnsupportedMediaType before anything is read,
    Overloaded, BodyTooSlow, UnreadablePostError.
    """
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise LengthRequired("a form has to say its length; send it with Content-Length")
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > MAX_BYTES:
        raise RequestDataTooBig(f"a form of at most {MAX_BYTES} bytes is taken here")
    if length and request.content_type != MEDIA_TYPE:
        raise UnsupportedMediaType(request.content_type or "", f"only {MEDIA_TYPE} is taken here")
    # WSGI has no deadline for a body. gunicorn passes its socket; other servers have no deadline.
    connection = request.META.get("gunicorn.socket")
    if not _turns.acquire(blocking=False):
        _end_body(connection)  # otherwise gunicorn would wait for the rest
        raise Overloaded("others send forms just now; try again in some seconds")
    deadline = time.monotonic() + SECONDS
    timer = Timer(SECONDS, _end_body, [connection])
    timer.start()
    try:
        _ = request.body
    except UnreadablePostError as error:
        if time.monotonic() >= deadline:
            raise BodyTooSlow("the form comes too slowly") from error
        raise
    finally:
        timer.cancel()
        _turns.release()


def _end_body(connection: Any) -> None:
    """Shut the socket down for reading, so that a thread that reads the body stops."""
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
