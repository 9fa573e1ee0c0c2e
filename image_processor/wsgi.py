"""The WSGI application: Django, wrapped in admission, request ids, the access log and metrics.

A request counts as in progress until the last byte of its response is sent or the client is gone.
A request body that ends early is an error.
"""

import errno
import logging
import os
import re
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from pymongo import monitoring

from image_processor.error_pages import for_browser
from image_processor.ops import logs, metrics
from image_processor.ops.admission import AUTHORIZE, LIVENESS, PROBES, Admission
from image_processor.ops.routes import ROUTE
from web.handlers import log_fault, problem

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processor.settings")
access = logging.getLogger("access")
# Characters of a path that need no percent-encoding (RFC 3986, section 3.3).
PATH_CHARACTERS = "/:@!$&'()*+,;=~"
# As nginx allows. gunicorn allows 100 headers of 8 KiB, and joins those of one name: such an Accept
# takes Django seconds to read.
MAX_HEADER_BYTES = 32_768
_CHARSET = re.compile(r"""; *charset=("[^"]*"|[^;]*)""", re.IGNORECASE)


class ClientDisconnected(OSError):
    """The client closed the connection before it had sent the whole body."""


class WholeBody:
    """A request body of ``length`` bytes. Reading raises ClientDisconnected if it ends early.

    WSGI servers report a broken connection as the end of the input, and form parsers then accept
    the part that arrived. Django turns this OSError into UnreadablePostError.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1) -> bytes:
        # A read that returns fewer bytes than asked for has reached the end.
        wanted = self._left if size < 0 else min(size, self._left)
        data: bytes = self._stream.read(size)
        return self._received(data, ended=len(data) < wanted)

    def readline(self, size: int = -1) -> bytes:
        line: bytes = self._stream.readline(size)
        return self._received(line, ended=not line and size != 0)

    def _received(self, data: bytes, ended: bool) -> bytes:
        self._left -= len(data)
        if ended and self._left > 0:
            raise ClientDisconnected(f"the body ended {self._left} bytes early")
        return data


# Listeners must be registered before Django creates its MongoClient.
monitoring.register(metrics.CommandMetrics())
monitoring.register(metrics.PoolMetrics())
django_application = get_wsgi_application()
# Import all views now. Otherwise the first request does, which takes seconds on a busy machine and
# would exceed the deadline of a page.
import_module(settings.ROOT_URLCONF)
admission = Admission(settings.WEB_THREADS)


def application(environ: dict[str, Any], start_response: Any) -> "Exchange":
    exchange = Exchange(environ, start_response)
    try:
        exchange.answer()
    except BaseException:
        exchange.close()
        raise
    return exchange


class Exchange:
    """One request and its response: an iterator of blocks that the server sends and then closes."""

    def __init__(self, environ: dict[str, Any], start_response: Any) -> None:
        self._since = time.perf_counter()
        self._environ = environ
        # As it came: Django replaces it in the environ by its text.
        self._path = environ["PATH_INFO"]
        self._start_response = start_response
        self._id = logs.id_for(environ.get("HTTP_X_REQUEST_ID", ""))
        self._token = logs.request_id.set(self._id)
        self._release = admission.admit(self._path)
        metrics.in_progress.inc()
        self._body: Any = ()
        self._status = 0
        self._length = self._block = 0
        self._ended = False

    def answer(self) -> None:
        environ = self._environ
        if self._release is None:
            busy = "All threads are busy; try again in some seconds."
            self._body = self._refusal(503, "overloaded", busy)
        elif sum(len(text) for name, text in environ.items() if name.startswith("HTTP_")) > (
            MAX_HEADER_BYTES
        ):
            long = f"the headers have more than {MAX_HEADER_BYTES} bytes together"
            self._body = self._refusal(431, "headers-too-large", long)
        else:
            length = environ.get("CONTENT_LENGTH") or "0"
            if length.isdecimal():
                environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
            # Django would read the query in the charset of the body, and fail if that is no charset
            # of text. The parsers of bodies take UTF-8, or find out what it is.
            environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
            self._body = django_application(environ, self.start)
        self._blocks = iter(self._body)

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self._status = int(status[:3])
        headers.append(("X-Request-ID", self._id))
        return self._start_response(status, headers, exc_info)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """The next block. The server asks for it after it has sent the block before."""
        self._length += self._block
        self._block = 0
        try:
            block: bytes = next(self._blocks)
        except StopIteration:
            self._ended = True
            raise
        except Exception as error:
            log_fault(error)
            # Servers treat this like a lost client: they close the connection and log nothing.
            raise ConnectionResetError(errno.ECONNRESET, "the answer broke off") from error
        self._block = len(block)
        return block

    def close(self) -> None:
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            if self._release is not None:
                self._release()
            metrics.in_progress.dec()
            self._record(time.perf_counter() - self._since)
            logs.request_id.reset(self._token)

    def _refusal(self, status: int, name: str, detail: str) -> list[bytes]:
        """Answer without Django."""
        accept = self._environ.get("HTTP_ACCEPT", "")
        refusal = for_browser(problem(status, name, detail), accept)
        refusal["Content-Length"] = str(len(refusal.content))
        self.start(f"{status} {refusal.reason_phrase}", [*refusal.items()])
        return [refusal.content]

    def _record(self, seconds: float) -> None:
        environ, status = self._environ, self._status
        route = environ.get(ROUTE, "none")
        method = environ["REQUEST_METHOD"]
        metrics.answered(route, method, status, seconds)
        quiet = self._path in LIVENESS | PROBES | {AUTHORIZE}
        level = logging.DEBUG if quiet and status < 500 else logging.INFO
        if not access.isEnabledFor(level):
            return
        path = quote(self._path, safe=PATH_CHARACTERS, encoding="latin-1")
        milliseconds = round(seconds * 1000, 2)
        facts = {
            "method": method,
            "path": path,
            "query": environ.get("QUERY_STRING", ""),
            "route": route,
            "status": status,
            "duration_ms": milliseconds,
            "bytes": self._length,
            "whole": self._ended,
            "client": environ.get("REMOTE_ADDR", ""),
        }
        message = "%s %s %d, %d bytes in %s ms"
        access.log(
            level,
            message if self._ended else f"{message}, broken off",
            *(method, path, status, self._length, milliseconds),
            extra={"facts": facts},
        )
