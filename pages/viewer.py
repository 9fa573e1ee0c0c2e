"""The workbench of a well.

With JavaScript, the page draws the tracks that its URL names, from the data that are made here.
Without it, the page shows pictures of the window and a table of its picks.
"""

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views import View
from matplotlib import colormaps

from dips.diagrams import COLOURS
from dips.models import Query
from dips.picks import holes
from dips.picks.shown import shown
from dips.terms import MAX_COMMENT_CHARACTERS, MAX_QUALITY_CHARACTERS, DipType
from image_processor.access.middleware import for_templates
from images.models import ImageLog
from images.render.colour.colormap import colormap_infos
from pages import scripts, tracks
from pages.cards import COLORMAP
from photos.models import CorePhoto
from storage.documents import collection
from storage.errors import translated
from web import parameters
from web.budget import budget
from web.text import counted
from web.views import WholeResponse
from wells.errors import WellNotFound
from wells.models import Well, resolve

# Logs whose statistics are part of the page. The scripts request those of other logs.
DESCRIBED = 8
# Memory for the page of a well without logs, and for each log, as measured.
PAGE_BYTES, LOG_BYTES = 256 * 1024, 16 * 1024
# The picks in the table, for browsers without JavaScript.
PICKS = 100
# Depth on the screen to depth in the hole, as for paper logs.
RATIOS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
# The size of a picture in pixels, for browsers without JavaScript.
PLAIN_SIZE = {"width": 180, "height": 600}
Document = Mapping[str, Any]


def _by_category() -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for colormap in colormap_infos():
        names.setdefault(colormap.category, []).append(colormap.name)
    return {category: " ".join(group) for category, group in names.items()}


COLORMAPS = _by_category()
# The colours of COLORMAP: 256 times RGB in base64.
PALETTE = b64encode(colormaps[COLORMAP](range(256), bytes=True)[:, :3].tobytes()).decode()
# The key of a type is its number.
TYPES = [
    {"name": kind, "label": kind.value.capitalize(), "key": str(number), "colour": COLOURS[kind]}
    for number, kind in enumerate(DipType, 1)
]
ALWAYS = {"types": TYPES, "colormap": COLORMAP, "palette": PALETTE, "colormaps": COLORMAPS}


class ViewerView(View):
    """``GET /view/<well>/``: the parameters are ``top``, ``base`` and ``track``, repeatable."""

    def get(self, request: HttpRequest, well: str) -> HttpResponse:
        name = resolve(well)
        what = f"the workbench of a well with {counted(count := _count(name), 'log')}"
        with budget.reserve(PAGE_BYTES + count * LOG_BYTES, what) as memory:
            known, logs = _document(name), tracks.logs(name)
            if known is None and not logs:
                raise WellNotFound(f"there is no well {well}")
            shown = {log_id: log for log_id, log in logs.items() if tracks.on_axis(log)}
            context = _context(request, name, known, shown)
            context["left_out"] = len(logs) - len(shown)
            body = render_to_string("pages/viewer.html", context, request).encode()
            page = WholeResponse(body, memory.lasting(body))
        add_never_cache_headers(page)
        return page


def _context(
    request: HttpRequest, name: str, known: Document | None, logs: Mapping[str, ImageLog]
) -> dict[str, Any]:
    """The context of the template; ``data`` is what the scripts get."""
    shown = [logs[log_id] for log_id in tracks.asked(request.GET, logs)]
    images = [log for log in shown if log.kind == ImageLog.Kind.IMAGE]
    photos = _ends_of_photos(name)
    picks = Query(well=name)
    of_picks = _ends_of_picks(picks)
    whole = _extent([*logs.values()], photos, of_picks)
    top, base = _window(request.GET, whole)
    named = tracks.named(shown, bool(photos))
    well = _well_facts(name, known, whole)
    return {
        "well": well,
        "has_page": known is not None,
        "ratios": RATIOS,
        "top": top,
        "base": base,
        "pictures": [_plain_picture(log, top, base) for log in images[: tracks.IMAGES]],
        "addable": tracks.addable([*logs.values()]),
        "picks": _shown(picks.within(top, base), name) if of_picks else [],
        "modules": scripts.modules(request.GET.getlist("track") or named),
        "max_quality": MAX_QUALITY_CHARACTERS,
        "max_comment": MAX_COMMENT_CHARACTERS,
        "first_tile": images and tracks.first_tile(images[0]),
        "data": {
            **ALWAYS,
            "well": well,
            "logs": [tracks.facts(log, log in shown[:DESCRIBED]) for log in logs.values()],
            "tracks": named,
            "may_write": for_templates(request)["may_write"](),
        },
    }


def _well_facts(name: str, known: Document | None, whole: tuple[float, float]) -> dict[str, Any]:
    """The facts of a well; logs of early versions may name a well that has no document."""
    return {
        "id": name if known is None else str(known["_id"]),
        "name": name,
        "depth_unit": known and known["depth_unit"],
        "top": whole[0],
        "base": whole[1],
    }


@translated()
def _document(well: str) -> Document | None:
    """The well of this name as MongoDB has it. Raises StorageUnavailable."""
    return Well.document(name=well)


@translated()
def _count(well: str) -> int:
    """Return the number of logs of a well. Raises StorageUnavailable."""
    return collection(ImageLog).count_documents({"state": ImageLog.State.READY, "well": well})


@translated()
def _ends_of_photos(well: str) -> list[float]:
    """Return top and base of the photos of a well; an empty list if it has none.

    Raises StorageUnavailable.
    """
    ends = {"top": {"$min": "$top_depth"}, "base": {"$max": "$base_depth"}}
    stages: list[dict[str, Any]] = [{"$match": {"well": well}}, {"$group": {"_id": None, **ends}}]
    photos = connection.database[CorePhoto._meta.db_table].aggregate(stages)
    return [found[end] for found in photos for end in ends]


@translated()
def _ends_of_picks(picks: Query) -> list[float]:
    """The first and last depth of picks; an empty list if there are none.

    Raises StorageUnavailable.
    """
    return [end for end in picks.ends() if not math.isnan(end)]


def _extent(logs: Sequence[ImageLog], *others: Sequence[float]) -> tuple[float, float]:
    """The depth range of logs and of the ``others``, which are ends of photos and picks."""
    ends = [*chain(*others), *(end for log in logs for end in (log.top, log.base))]
    ends = [end for end in ends if abs(end) <= parameters.MAX_ON_AXIS]
    return min(ends, default=0.0), max(ends, default=1.0)


def _window(query: Mapping[str, str], whole: tuple[float, float]) -> tuple[float, float]:
    """The depth range in the query, else the ``whole`` well. Raises InvalidParameter."""
    if "top" in query and "base" in query:
        ends = parameters.depth_range(query["top"], query["base"])
        for name, end in zip(("top", "base"), ends, strict=True):
            parameters.on_axis(name, end)
        return ends
    return whole


@translated()
def _shown(picks: Query, well: str) -> Sequence[Mapping[str, Any]]:
    """Return the first picks of a well, with their dips. Raises StorageUnavailable."""
    found = picks.without_points(PICKS)
    return shown(found, holes.hole(well)) if found else []


def _plain_picture(log: ImageLog, top: float, base: float) -> dict[str, Any]:
    query = {"log": str(log.pk), "format": "png", "colormap": COLORMAP, **PLAIN_SIZE}
    if tracks.scale(log) == "log":
        query["scale"] = "log"
    window = reverse("get-images", args=[top, base])
    return {"name": log.name, "url": f"{window}?{urlencode(query)}"}
