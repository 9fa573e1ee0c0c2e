"""The image of a photo over HTTP: the original, a part of it, or a thumbnail.

Answers have validators, ranges and explicit security headers. Small images are cached.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import IO

from cachetools import cached
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from photos.decoding import LIBRARY, Decoder
from photos.examine import PREVIEW_WIDTH_PIXELS, thumbnail
from photos.models import CorePhoto
from storage.field_file import GridFSFieldFile
from storage.files import id_in, plain_name
from web import conditions
from web.budget import bounded_cache
from web.conditions import asked_range, status_and_headers
from web.errors import PreconditionFailed
from web.temporary_files import UnnamedFile, write

BLOCK_BYTES = 1024 * 1024
# Photos up to this size are cached. Larger ones are sent while they are read.
SMALL_BYTES = 1024**2
# The fields of a row that are needed.
FIELDS = ("photo", "preview", "size_bytes", "sha256")


@dataclass(frozen=True, slots=True)
class Image:
    """An image to be sent. ``open`` is not called if the client has it already."""

    etag: str
    filename: str
    open: Callable[[], tuple[IO[bytes], int, str]]


def original(photo: CorePhoto, whole: bool) -> Image:
    """The bytes as they were uploaded. ``whole``: all will be read, so they can be cached."""

    def opened() -> tuple[IO[bytes], int, str]:
        kept = (photo.photo.name, None) in _made.cache
        if kept or (whole and photo.size_bytes <= SMALL_BYTES):
            return _opened(photo.photo, None)
        file = photo.opened()
        return file, file.size, file.info.content_type

    return Image(f'"{photo.sha256}"', plain_name(photo.photo.name), opened)


def small(photo: CorePhoto, width: int) -> Image:
    """A thumbnail of up to ``width`` pixels across."""
    source = photo.preview if width <= PREVIEW_WIDTH_PIXELS and photo.preview else photo.photo
    # A thumbnail depends on whether it is made from the preview, and on the library.
    etag = conditions.etag(str(id_in(source.name)), str(width), LIBRARY, conditions.made_by())
    return Image(etag, plain_name(photo.photo.name), partial(_opened, source, width))


def _opened(source: GridFSFieldFile, width: int | None) -> tuple[IO[bytes], int, str]:
    data, media_type = _made(source, width)
    return io.BytesIO(data), len(data), media_type


# Stored files never change, so their name is the key. Each request still reads the row first.
@cached(
    bounded_cache(8 * 1024**2, lambda image: len(image[0])),
    key=lambda source, width: (source.name, width),
    lock=Lock(),
)
def _made(source: GridFSFieldFile, width: int | None) -> tuple[bytes, str]:
    """The bytes of a stored file, or of a thumbnail of it, and their media type."""
    if width is None:
        return source.read(), source.content_type
    with UnnamedFile() as copy:
        for block in source.chunks():
            write(copy, block)
        return thumbnail(Decoder(copy), width)


def respond(request: HttpRequest, image: Image) -> HttpResponseBase:
    """The response with ``image``, or with the part that is asked for, or 304.

    Raises RangeNotSatisfiable, PreconditionFailed.
    """
    headers = _headers(image)
    checked = get_conditional_response(request, image.etag, response=HttpResponse(headers=headers))
    if checked.status_code == HTTPStatus.NOT_MODIFIED:
        return checked
    if checked.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionFailed(f"the image is {image.etag} now")
    file, length, content_type = image.open()
    part = asked_range(request, image.etag, length)
    status, about = status_and_headers(part, length)
    headers |= {"Content-Type": content_type, **about}
    response = _body(request, file, range(length) if part is None else part, headers)
    response.status_code = status
    return response


def _headers(image: Image) -> dict[str, str]:
    return {
        "ETag": image.etag,
        # A photo can be replaced under the same address, so caches must ask each time.
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
