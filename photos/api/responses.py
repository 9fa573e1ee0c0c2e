"""An image as an HTTP response: validators, ranges, and headers that leave nothing to guess."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from web.errors import PreconditionFailed
from web.ranges import asked_range

BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Image:
    """What is to be sent; ``open`` is not called where the client has it already."""

    etag: str
    filename: str
    open: Callable[[], tuple[IO[bytes], int, str]]


def respond(request: HttpRequest, image: Image) -> HttpResponseBase:
    """``image``, or the part of it that is asked for, or 304.

    Raises RangeNotSatisfiable and PreconditionFailed.
    """
    headers = _headers(image)
    checked = get_conditional_response(request, image.etag, response=HttpResponse(headers=headers))
    if checked.status_code == HTTPStatus.NOT_MODIFIED:
        return checked
    if checked.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionFailed(f"the image is {image.etag} now")
    file, length, content_type = image.open()
    part = asked_range(request, image.etag, length)
    positions = range(length) if part is None else part
    headers |= {
        "Content-Type": content_type,
        "Content-Length": str(len(positions)),
        "Accept-Ranges": "bytes",
    }
    response = _body(request, file, positions, headers)
    if part is not None:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{length}"
    return response


def _headers(image: Image) -> dict[str, str]:
    return {
        "ETag": image.etag,
        # A photo can be replaced under its address: kept, and asked for each time.
        "Cache-Control": "no-cache",
        "Content-Disposition": content_disposition_header(False, image.filename),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _body(
    request: HttpRequest, file: IO[bytes], part: range, headers: dict[str, str]
) -> HttpResponseBase:
    """The bytes of ``part``; the first block is read before anything is answered."""
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    file.seek(part.start)
    first = file.read(min(len(part), BLOCK_BYTES))
    if len(first) == len(part):
        return HttpResponse(first, headers=headers)
    return StreamingHttpResponse(_blocks(first, file, len(part) - len(first)), headers=headers)


def _blocks(first: bytes, file: IO[bytes], left: int) -> Iterator[bytes]:
    yield first
    while left:
        block = file.read(min(left, BLOCK_BYTES))
        left -= len(block)
        yield block
