"""The workbench of a well: what its scripts begin with, and what it shows without them.

With scripts the page draws the tracks that its address names; without them it shows strips of the
window and a table of the picks in it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views import View
from rest_framework.request import Request

from dips.api import lists
from dips.diagrams import COLOURS
from dips.formats.names import DipType
from dips.models import Query
from image_processor.access.middleware import for_templates
from images.api.serializers import ImageLogSerializer
from images.models import ImageLog
from images.render.colormap_catalogue import colormap_infos
from pages.cards import COLORMAP
from web import parameters
from wells.errors import WellNotFound
from wells.models import Well, resolve

# Image logs that are shown unless the address says otherwise.
TRACKS = 2
# Pixels of a strip, where there are no scripts.
STRIP = {"width": 180, "height": 600}
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


# The keys are the numbers of the types.
TYPES = [
    {"name": kind, "label": kind.value.capitalize(), "key": str(number), "colour": COLOURS[kind]}
    for number, kind in enumerate(DipType, 1)
]


class ViewerView(View):
    """``GET /view/<well>/``; ``top=`` and ``base=`` are the window, the rest is for the scripts."""

    def get(self, request: HttpRequest, well: str) -> HttpResponse:
        name = resolve(well)
        known = Well.objects.filter(name=name).first()
        logs = list(ImageLog.objects.filter(state=ImageLog.State.READY, well=name))
        if known is None and not logs:
            raise WellNotFound(f"there is no well {well}")
        shown = [log for log in logs if log.kind == ImageLog.Kind.IMAGE][:TRACKS]
        top, base = _window(request.GET, logs)
        about = {
            "id": name if known is None else str(known.pk),
            "name": name,
            "depth_unit": known and known.depth_unit,
        }
        context = {
            "well": about,
            "top": top,
            "base": base,
            "strips": [_strip(log, top, base) for log in shown],
            "addable": _addable(logs),
            "picks": _picks(request, name, top, base),
            "modules": MODULES,
            "data": {
                "well": about,
                "logs": ImageLogSerializer(logs, many=True).data,
                "tracks": [f"image*{log.pk}" for log in shown] + ["tadpoles*"],
                "types": TYPES,
                "colormap": COLORMAP,
                "colormaps": [{"name": i.name, "category": i.category} for i in colormap_infos()],
                "may_write": for_templates(request)["may_write"](),
            },
        }
        page = render(request, "pages/viewer.html", context)
        add_never_cache_headers(page)
        return page


def _window(query: Mapping[str, str], logs: Sequence[ImageLog]) -> tuple[float, float]:
    """The depths asked for; of the whole well where there are none. Raises InvalidParameter."""
    if "top" in query and "base" in query:
        return parameters.depth_range(query["top"], query["base"])
    tops, bases = [log.top for log in logs], [log.base for log in logs]
    return min(tops, default=0.0), max(bases, default=1.0)


def _picks(request: HttpRequest, well: str, top: float, base: float) -> Sequence[Mapping[str, Any]]:
    """The first picks of the window, with their dips. Raises StorageUnavailable."""
    query = Query(well=well, top=top, base=base)
    shown: Sequence[Mapping[str, Any]] = lists.page(Request(request), query, {})["results"]
    return shown


def _addable(logs: Sequence[ImageLog]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tracks that can be added: a label, and of each its words in the address and its name."""
    labels = {ImageLog.Kind.IMAGE: "Images", ImageLog.Kind.CURVE: "Curves"}
    return [
        (label, [(f"{kind}*{log.pk}", log.name) for log in logs if log.kind == kind])
        for kind, label in labels.items()
    ]


def _strip(log: ImageLog, top: float, base: float) -> dict[str, Any]:
    query = {"log": str(log.pk), "format": "png", "colormap": COLORMAP, **STRIP}
    window = reverse("get-images", args=[top, base])
    return {"name": log.name, "url": f"{window}?{urlencode(query)}"}
