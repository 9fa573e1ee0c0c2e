"""The WSGI application, which refuses to take half a request body for a whole one."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processor.settings")


class ClientDisconnected(OSError):
    """The client hung up before it had sent the whole body."""


class WholeBody:
    """A request body of ``length`` bytes that raises ClientDisconnected where it ends early.

    WSGI servers report a connection that broke as the plain end of the input, and parsers of
    forms take what came so far for the whole. Django turns the OSError into UnreadablePostError.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1) -> bytes:
        return self._received(self._stream.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self._received(self._stream.readline(size), size)

    def _received(self, data: bytes, asked: int) -> bytes:
        self._left -= len(data)
        if not data and asked and self._left > 0:
            raise ClientDisconnected(f"the body ended {self._left} bytes early")
        return data


django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    length = environ.get("CONTENT_LENGTH") or "0"
    if length.isdecimal():
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
    return django_application(environ, start_response)
