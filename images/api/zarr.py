"""``GET /logs/<id>.zarr/…``: serve a log as a read-only Zarr v3 group.

Metadata documents change when the log is changed; chunks of ``values`` and ``depth`` never change.
Each request reads the catalogue, so nothing of a deleted log is served, and at most one chunk.

For Zarr, status 404 is a chunk of nulls. So the chunks of a deleted log are answered with 410, and
a reader that opened the log before gets an error.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
from django.http import (
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.html import format_html, format_html_join
from rest_framework.request import Request

from images.api import docs
from images.api.parameters import ready_log
from images.errors import LogGone, LogNotFound, ZarrKeyNotFound
from images.models import ImageLog, Level
from images.render.writers.labels import azimuths
from images.render.writers.zarr import (
    AXIS,
    AZIMUTH,
    DEPTH,
    DOCUMENT,
    VALUES,
    ArrayShape,
    ChunkKey,
    Hierarchy,
    is_chunk,
)
from storage.errors import FileCorrupt, translated
from storage.reader import read_chunks
from web import conditions
from web.budget import reserved
from web.conditions import asked_range, status_and_headers
from web.views import FileView, StrictView

BYTES = "application/octet-stream"
BLOCK_BYTES = 256 * 1024


@docs.ZARR
class ZarrView(StrictView, FileView):
    """A metadata document, a chunk, or a list of the members of a group."""

    def get(self, request: Request, log_id: str, path: str) -> HttpResponseBase:
        try:
            log = ready_log(log_id)
            group = hierarchy(log)
            if (key := group.chunk_key(path)) is None:
                members = group.members(path.rstrip("/"))
                if members is not None:
                    return _answer_small(request, _listed(request, members), "text/html")
                return _answer_small(request, _document(group, path), "application/json")
            if key.name == group.axis:
                # Unlike other chunks it changes: the azimuths of a log can be changed.
                return _answer_small(request, group.axis_chunk(), BYTES)
            return _answer_chunk(request, log, group, key)
        except LogNotFound as error:
            raise LogGone(str(error)) if is_chunk(path) else error from None


def hierarchy(log: ImageLog) -> Hierarchy:
    """Return the group of a log. Its attributes follow the CF conventions where they apply."""
    levels = log.levels()
    axis, places, about = _columns(log)
    return Hierarchy(
        [ArrayShape(level.number, level.rows, level.chunk_rows) for level in levels],
        levels[0].dtype,
        axis,
        places,
        {
            "": {
                "Conventions": "CF-1.11",
                "title": f"{log.name} of {log.well}",
                "source": log.filename,
                "well": log.well,
                "log": str(log.pk),
            },
            VALUES: {
                **_known(units=log.unit),
                "long_name": log.name,
                "well": log.well,
                "azimuth_reference": log.azimuth_reference or "unknown",
                **_known(depth_unit=log.depth_unit),
            },
            DEPTH: {
                **_known(units=log.depth_unit),
                "long_name": "depth along the hole",
                "positive": "down",
                "axis": "Z",
            },
            axis: about,
        },
    )


def _known(**attributes: str | None) -> dict[str, str]:
    """The attributes that are known. In CF, an empty unit would mean dimensionless."""
    return {name: text for name, text in attributes.items() if text}


def _columns(log: ImageLog) -> tuple[str, "np.ndarray[Any, np.dtype[np.float64]]", dict[str, str]]:
    """The dimension of the columns, their coordinates on it, and its attributes."""
    if log.axis is not None:
        about = {**_known(units=log.axis.unit), "long_name": log.axis.name}
        return AXIS, np.array(log.axis.places), about
    reference = log.azimuth_reference or "unknown"
    about = {"units": "degrees", "long_name": "azimuth", "reference": reference}
    return AZIMUTH, azimuths(log.width, log.first_azimuth, log.clockwise), about


def _answer_small(request: Request, body: bytes, media_type: str) -> HttpResponseBase:
    """Answer with a body whose ETag is made from its bytes."""
    headers = conditions.headers(conditions.etag("zarr", body.hex()), immutable=False)
    if conditions.if_none_match(request, headers["ETag"]):
        return HttpResponseNotModified(headers=headers)
    part = asked_range(request, headers["ETag"], len(body))
    status, about = status_and_headers(part, len(body))
    shown = body if part is None else body[part.start : part.stop]
    return HttpResponse(shown, media_type, status, headers={**headers, **about})


def _answer_chunk(
    request: Request, log: ImageLog, group: Hierarchy, key: ChunkKey
) -> HttpResponseBase:
    tag = conditions.etag("zarr", str(log.pk), repr(key))
    headers = conditions.headers(tag, immutable=True)
    if conditions.if_none_match(request, tag):
        return HttpResponseNotModified(headers=headers)
    length = key.rows * group.row_bytes(key.name)
    part = asked_range(request, tag, length)

    def blocks() -> Iterator[bytes]:
        pieces = _chunk(log, group, key)
        return _blocks(pieces) if part is None else iter([b"".join(pieces)[part.start : part.stop]])

    # The reply of MongoDB, its chunks, and the body.
    body = reserved(3 * length, "a chunk of a Zarr array", blocks)
    status, about = status_and_headers(part, length)
    return StreamingHttpResponse(
        body, status=status, content_type=BYTES, headers={**headers, **about}
    )


def _listed(request: Request, members: list[str]) -> bytes:
    """An HTML list of links, for people and for readers that do not use consolidated metadata."""
    at = request.path.rstrip("/")
    links = format_html_join("", '<li><a href="{}/{}">{}</a></li>', ((at, n, n) for n in members))
    return format_html("<!doctype html><title>{}</title><ul>{}</ul>", at, links).encode()


def _document(group: Hierarchy, path: str) -> bytes:
    name = path.removesuffix(DOCUMENT)
    found = None
    if path.endswith(DOCUMENT) and (not name or name.endswith("/")):
        found = group.document(name.rstrip("/"))
    if found is None:
        raise ZarrKeyNotFound(f"the group has no {path}")
    return orjson.dumps(found)


@translated()
def _chunk(log: ImageLog, group: Hierarchy, key: ChunkKey) -> list[bytes]:
    """Read a chunk of the group, in pieces. Raises LogNotFound if the log was deleted meanwhile."""
    level = next(level for level in log.levels() if level.number == key.level)
    file_id = level.file_ids[0 if key.name == VALUES else 1]
    try:
        found = read_chunks(log.files(), {file_id: key.stored}, level.crcs)
        row_bytes = group.row_bytes(key.name)
        stored = [_checked(found[file_id, n], level, n, row_bytes) for n in key.stored]
        return group.filled_up(key, stored)
    except FileCorrupt:
        if log.is_still_ready():
            raise
        raise LogNotFound(f"there is no image log {log.pk}") from None


def _checked(data: bytes, level: Level, number: int, row_bytes: int) -> bytes:
    rows = min(level.chunk_rows, level.rows - number * level.chunk_rows)
    if len(data) != rows * row_bytes:
        raise FileCorrupt(f"chunk {number} has {len(data)} bytes instead of {rows * row_bytes}")
    return data


def _blocks(pieces: list[bytes]) -> Iterator[bytes]:
    """Join pieces into blocks of about BLOCK_BYTES.

    Joining all pieces would take as long as reading them. Sending a thousand small ones takes
    longer than joining them.
    """
    per_block = max(BLOCK_BYTES // len(pieces[0]), 1)
    for start in range(0, len(pieces), per_block):
        yield b"".join(pieces[start : start + per_block])
