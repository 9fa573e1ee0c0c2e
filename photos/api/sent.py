"""What of a photo is sent: its bytes as they came, or a thumbnail; small ones are kept a while."""

import io
from functools import partial
from threading import Lock
from typing import IO

from cachetools import cached

from photos.api.responses import Image
from photos.decoding import LIBRARY, Decoder
from photos.examine import PREVIEW_WIDTH_PIXELS, thumbnail
from photos.models import CorePhoto
from storage.field_file import GridFSFieldFile
from storage.names import id_in, plain_name
from web import caching
from web.nameless import nameless_file, write

# Of photos that are kept; larger ones are sent while they are read.
SMALL_BYTES = 1024**2
# The fields of a row that are needed.
FIELDS = ("photo", "preview", "size_bytes", "sha256")


def original(photo: CorePhoto, whole: bool) -> Image:
    """The bytes as they came. ``whole`` is whether all will be read, so that they can be kept."""

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
    # Of the same photo, thumbnails differ where they are made of its preview, and by the library.
    etag = caching.etag(str(id_in(source.name)), str(width), LIBRARY, caching.made_by())
    return Image(etag, plain_name(photo.photo.name), partial(_opened, source, width))


def _opened(source: GridFSFieldFile, width: int | None) -> tuple[IO[bytes], int, str]:
    data, media_type = _made(source, width)
    return io.BytesIO(data), len(data), media_type


# By the name of the file, which never changes. Whether there is such a photo is asked all the same.
@cached(
    caching.lately_made(8 * 1024**2, lambda image: len(image[0])),
    key=lambda source, width: (source.name, width),
    lock=Lock(),
)
def _made(source: GridFSFieldFile, width: int | None) -> tuple[bytes, str]:
    """The bytes of a stored file, or of a thumbnail of it, and their media type."""
    if width is None:
        return source.read(), source.content_type
    with nameless_file() as copy:
        for block in source.chunks():
            write(copy, block)
        return thumbnail(Decoder(copy), width)
