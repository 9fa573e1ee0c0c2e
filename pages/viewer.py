"""The workbench of a well: what its scripts begin with, and what it shows without them.

With scripts the page draws the tracks that its address names; without them it shows strips of the
window and a table of the picks in it.
"""

import math
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views import View
from matplotlib import colormaps
from rest_framework.request import Request

from dips.api import lists
from dips.diagrams import COLOURS
from dips.models import Query
from dips.terms import DipType
from image_processor.access.middleware import for_templates
from images.api.serializers import ImageLogSerializer, described
from images.models import ImageLog
from images.render.colormap import colormap_infos
from pages.cards import COLORMAP
from photos.models import CorePhoto
from storage.errors import translated
from web import parameters
from wells.errors import WellNotFound
from wells.models import Well, resolve

# Image logs and curves that are shown unless the address says otherwise.
IMAGES, CURVES = 2, 1
# Logs whose statistics come with the page; those of further ones are asked for.
DESCRIBED = 8
# Traces of a tile, as in tiles.js.
TILE_ROWS = 1024
# Pixels of a strip, where there are no scripts.
STRIP = {"width": 180, "height": 600}
_TRACK = re.compile(r"(?:image|curve)\*([0-9a-f]{24})\b")
_SCRIPTS = Path(__file__).parent / "static" / "pages" / "viewer"
_IMPORT = re.compile(r'^import .*?from "\./([\w.]+)";$', re.MULTILINE | re.DOTALL)


def _imported(name: str, found: dict[str, None]) -> dict[str, None]:
    """A module and all that it imports before it runs."""
    if name not in found:
        found[name] = None
        for other in _IMPORT.findall((_SCRIPTS / name).read_text()):
            _imported(other, found)
    return found


# All of them at once, else a browser would find one in the other, a round trip each.
MODULES = [f"pages/viewer/{name}" for name in _imported("main.js", {})]
# Those that are imported when such a track is shown.
OF_KIND = {kind: f"pages/viewer/{kind}track.js" for kind in ("curve", "photo")}


def _by_category() -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for colormap in colormap_infos():
        names.setdefault(colormap.category, []).append(colormap.name)
    return {category: " ".join(group) for category, group in names.items()}


COLORMAPS = _by_category()
# The colours of the map that is shown at first, 256 times RGB.
PALETTE = b64encode(colormaps[COLORMAP](range(256), bytes=True)[:, :3].tobytes()).decode()
# The keys are the numbers of the types.
TYPES = [
    {"name": kind, "label": kind.value.capitalize(), "key": str(number), "colour": COLOURS[kind]}
    for number, kind in enumerate(DipType, 1)
]
ALWAYS = {"types": TYPES, "colormap": COLORMAP, "palette": PALETTE, "colormaps": COLORMAPS}


class ViewerView(View):
    """``GET /view/<well>/``; ``top=`` and ``base=`` are the window, ``track=`` what is shown."""

    def get(self, request: HttpRequest, well: str) -> HttpResponse:
        name = resolve(well)
        known = Well.objects.filter(name=name).first()
        logs = _logs(name)
        if known is None and not logs:
            raise WellNotFound(f"there is no well {well}")
        ids = list(_asked(request.GET, logs))
        images = [logs[log_id] for log_id in ids if logs[log_id].kind == ImageLog.Kind.IMAGE]
        photos = _ends_of_photos(name)
        whole = _extent(name, [*logs.values()], photos)
        top, base = _window(request.GET, whole)
        tracks = _tracks([logs[log_id] for log_id in ids], bool(photos))
        about = {
            "id": name if known is None else str(known.pk),
            "name": name,
            "depth_unit": known and known.depth_unit,
            "top": whole[0],
            "base": whole[1],
        }
        context = {
            "well": about,
            "top": top,
            "base": base,
            "strips": [_strip(log, top, base) for log in images[:IMAGES]],
            "addable": _addable([*logs.values()]),
            "picks": _picks(request, name, top, base),
            "modules": _modules(request.GET.getlist("track") or tracks),
            "first_tile": images and _first_tile(images[0]),
            "data": {
                **ALWAYS,
                "well": about,
                "logs": [*_facts(logs, ids[:DESCRIBED])],
                "tracks": tracks,
                "may_write": for_templates(request)["may_write"](),
            },
        }
        page = render(request, "pages/viewer.html", context)
        add_never_cache_headers(page)
        return page


@translated()
def _logs(well: str) -> dict[str, ImageLog]:
    """The logs of a well by their ids, the shallow first. Raises StorageUnavailable."""
    found = ImageLog.find({"state": ImageLog.State.READY, "well": well})
    return {str(log.pk): log for log in sorted(found, key=lambda log: (log.top, log.pk))}


def _modules(tracks: Sequence[str]) -> list[str]:
    """What the page imports at once when it shows these tracks."""
    kinds = [kind for kind in OF_KIND if any(track.startswith(kind) for track in tracks)]
    return [*MODULES, *(OF_KIND[kind] for kind in kinds)]


def _asked(query: QueryDict, logs: Mapping[str, ImageLog]) -> Iterator[str]:
    """The ids of the logs that are shown, the first of the well where none are named."""
    found = [match[1] for track in query.getlist("track") if (match := _TRACK.match(track))]
    named = [log_id for log_id in dict.fromkeys(found) if log_id in logs]
    if "track" in query:
        yield from named
    else:
        for kind, most in ((ImageLog.Kind.IMAGE, IMAGES), (ImageLog.Kind.CURVE, CURVES)):
            yield from [log_id for log_id, log in logs.items() if log.kind == kind][:most]


def _tracks(shown: Sequence[ImageLog], photos: bool) -> list[str]:
    """The tracks that are shown unless the address says otherwise, as address.js has them."""
    of_logs = [f"{log.kind}*{log.pk}" for log in shown]
    return [*of_logs, *(["photos*"] if photos else []), "tadpoles*"]


def _facts(logs: Mapping[str, ImageLog], shown: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """All logs as the API lists them, and those that are shown with their statistics."""
    for log_id, log in logs.items():
        yield described(log) if log_id in shown else ImageLogSerializer(log).data


@translated()
def _ends_of_photos(well: str) -> list[float]:
    """The top and the base of the photos of a well, where it has any. Raises StorageUnavailable."""
    ends = {"top": {"$min": "$top_depth"}, "base": {"$max": "$base_depth"}}
    stages: list[dict[str, Any]] = [{"$match": {"well": well}}, {"$group": {"_id": None, **ends}}]
    photos = connection.database[CorePhoto._meta.db_table].aggregate(stages)
    return [found[end] for found in photos for end in ends]


def _extent(well: str, logs: Sequence[ImageLog], photos: Sequence[float]) -> tuple[float, float]:
    """From the shallowest to the deepest of logs and photos; of picks where there are neither."""
    ends = [*photos, *(end for log in logs for end in (log.top, log.base))]
    ends = ends or [end for end in Query(well=well).ends() if not math.isnan(end)]
    return min(ends, default=0.0), max(ends, default=1.0)


def _window(query: Mapping[str, str], whole: tuple[float, float]) -> tuple[float, float]:
    """The depths asked for; of the whole well where there are none. Raises InvalidParameter."""
    if "top" in query and "base" in query:
        return parameters.depth_range(query["top"], query["base"])
    return whole


def _picks(request: HttpRequest, well: str, top: float, base: float) -> Sequence[Mapping[str, Any]]:
    """The first picks of the window, with their dips. Raises StorageUnavailable."""
    query = Query(well=well, top=top, base=base)
    shown: Sequence[Mapping[str, Any]] = lists.page(Request(request), query)["results"]
    return shown


def _addable(logs: Sequence[ImageLog]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tracks that can be added: a label, and of each its words in the address and its name,
    with the name of its file where several have the name."""
    times = Counter(log.name for log in logs)
    labels = {ImageLog.Kind.IMAGE: "Images", ImageLog.Kind.CURVE: "Curves"}

    def named(log: ImageLog) -> str:
        return log.name if times[log.name] == 1 else f"{log.name} · {log.filename}"

    return [
        (label, [(f"{kind}*{log.pk}", named(log)) for log in logs if log.kind == kind])
        for kind, label in labels.items()
    ]


def _strip(log: ImageLog, top: float, base: float) -> dict[str, Any]:
    query = {"log": str(log.pk), "format": "png", "colormap": COLORMAP, **STRIP}
    window = reverse("get-images", args=[top, base])
    return {"name": log.name, "url": f"{window}?{urlencode(query)}"}


def _first_tile(log: ImageLog) -> str:
    """The address of the tile of a whole log, which the scripts ask for first; as tiles.js has it.

    A browser begins to fetch it while it reads the scripts.
    """
    interval = log.sampling_interval or 0.1
    rows = (log.base - log.top) / interval + 1
    cells = 2 ** max(0, math.ceil(math.log2(rows / TILE_ROWS)))
    height = max(1, math.ceil(round(rows, 6) / cells - 1e-6))
    top = log.top - interval / 2
    ends = [f"{end:.9f}".rstrip("0").rstrip(".") for end in (top, top + height * interval * cells)]
    form = "npy" if log.values == ImageLog.Values.PHYSICAL else "png"
    query = {"log": str(log.pk), "format": form, "height": height}
    return f"/get-images/{ends[0]}/{ends[1]}/?{urlencode(query)}"
