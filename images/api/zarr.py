"""``GET /logs/<id>.zarr/…``: a log as a read-only Zarr v3 group, straight from its chunks.

The documents are small and change with what is known of the log; chunks never change. Each request
asks the catalogue, so that nothing of a deleted log is answered, and reads at most one chunk.
"""

from typing import Any

import numpy as np
import orjson
from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.request import Request

from images.api import docs
from images.api.views import ready_log
from images.errors import LogNotFound, ZarrKeyNotFound
from images.models import ImageLog, Level
from images.render.zarr import AXIS, AZIMUTH, DEPTH, VALUES, ArrayShape, ChunkKey, Hierarchy
from storage.errors import FileCorrupt, translated
from storage.reader import read_chunks
from web import caching
from web.ranges import asked_range
from web.views import FileView

DOCUMENT = "zarr.json"


@docs.ZARR
class ZarrView(FileView):
    """One document or one chunk of the group."""

    def get(self, request: Request, log_id: str, path: str) -> HttpResponse:
        log = ready_log(log_id)
        group = hierarchy(log)
        key = group.chunk_key(path)
        if key is None:
            body = _document(group, path)
            tag = caching.etag("zarr", body.decode())
            return _answer(request, body, "application/json", tag, immutable=False)
        tag = caching.etag("zarr", str(log.pk), repr(key))
        body = group.axis_chunk() if key.name == group.axis else _chunk(log, group, key)
        return _answer(request, body, "application/octet-stream", tag, immutable=True)


def hierarchy(log: ImageLog) -> Hierarchy:
    """The group of a log. Its attributes are those of the CF conventions where there are any."""
    levels = log.levels()
    axis, places, about = _columns(log)
    depth_unit = log.depth_unit or ""
    return Hierarchy(
        [ArrayShape(level.number, level.rows, level.chunk_rows) for level in levels],
        levels[0].dtype,
        axis,
        places,
        {
            "": {"well": log.well, "log": str(log.pk), "long_name": log.name},
            VALUES: {
                "units": log.unit or "",
                "long_name": log.name,
                "well": log.well,
                "azimuth_reference": log.azimuth_reference or "unknown",
                "depth_unit": depth_unit,
            },
            DEPTH: {"units": depth_unit, "long_name": "depth", "positive": "down"},
            axis: about,
        },
    )


def _columns(log: ImageLog) -> tuple[str, "np.ndarray[Any, np.dtype[np.float64]]", dict[str, str]]:
    """The dimension of the columns, their places on it, and its attributes."""
    if log.axis is not None:
        about = {"units": log.axis.unit or "", "long_name": log.axis.name}
        return AXIS, np.array(log.axis.places), about
    sense = -1 if log.clockwise is False else 1
    azimuths = (log.first_azimuth or 0) + sense * np.arange(log.width) * (360 / log.width)
    reference = log.azimuth_reference or "unknown"
    about = {"units": "degrees", "long_name": "azimuth", "reference": reference}
    return AZIMUTH, azimuths % 360, about


def _document(group: Hierarchy, path: str) -> bytes:
    name = path.removesuffix(DOCUMENT)
    found = None
    if path.endswith(DOCUMENT) and (not name or name.endswith("/")):
        found = group.document(name.rstrip("/"))
    if found is None:
        raise ZarrKeyNotFound(f"the group has no {path}")
    return orjson.dumps(found)


@translated()
def _chunk(log: ImageLog, group: Hierarchy, key: ChunkKey) -> bytes:
    """A stored chunk, filled up. Raises LogNotFound where the log was deleted meanwhile."""
    level = next(level for level in log.levels() if level.number == key.level)
    file_id = level.file_ids[0 if key.name == VALUES else 1]
    try:
        found = read_chunks(log.files(), [file_id], [key.number], level.crcs)
        return group.filled_up(key, _checked(found[file_id, key.number], level, key))
    except FileCorrupt:
        if ImageLog.objects.filter(pk=log.pk, state=ImageLog.State.READY).exists():
            raise
        raise LogNotFound(f"there is no image log {log.pk}") from None


def _checked(data: bytes, level: Level, key: ChunkKey) -> bytes:
    rows = min(level.chunk_rows, level.rows - key.number * level.chunk_rows)
    row_bytes = level.width * level.dtype.itemsize if key.name == VALUES else 8
    if len(data) != rows * row_bytes:
        raise FileCorrupt(f"chunk {key.number} of {key.name} has {len(data)} bytes")
    return data


def _answer(
    request: Request, body: bytes, media_type: str, tag: str, immutable: bool
) -> HttpResponse:
    headers = {**caching.headers(tag, immutable), "Accept-Ranges": "bytes"}
    if caching.holds(request._request, tag, any_tag=True):
        return HttpResponseNotModified(headers=headers)
    part = asked_range(request._request, tag, len(body))
    if part is None:
        return HttpResponse(body, media_type, headers=headers)
    headers["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{len(body)}"
    return HttpResponse(body[part[0] : part[-1] + 1], media_type, 206, headers=headers)
