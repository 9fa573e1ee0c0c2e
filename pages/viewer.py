"""The workbench of a well: what its scripts begin with, and what it shows without them.

With scripts the page draws the tracks that its address names; without them it shows strips of the
window and a table of the picks in it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views import View

from image_processor.access.middleware import for_templates
from images.api.serializers import ImageLogSerializer
from images.models import ImageLog
from images.render.colormap_catalogue import colormap_infos
from pages.cards import COLORMAP
from web import parameters

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


class ViewerView(View):
    """``GET /view/<well>/``; ``top=`` and ``base=`` are the window, the rest is for the scripts."""

    def get(self, request: HttpRequest, well: str) -> HttpResponse:
        logs = list(ImageLog.objects.filter(state=ImageLog.State.READY, well=well))
        if not logs:
            raise Http404(f"there is no well {well}")
        top, base = _window(request.GET, logs)
        context = {
            "well": {"id": well, "name": well},
            "top": top,
            "base": base,
            "strips": [_strip(log, top, base) for log in logs[:TRACKS]],
            "addable": _addable(logs),
            "picks": [],
            "modules": MODULES,
            "data": {
                "well": {"id": well, "name": well, "depth_unit": ""},
                "logs": ImageLogSerializer(logs, many=True).data,
                "tracks": [f"image*{log.pk}" for log in logs[:TRACKS]] + ["tadpoles*"],
                "types": [],
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
    return min(log.top for log in logs), max(log.base for log in logs)


def _addable(logs: Sequence[ImageLog]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tracks that can be added: a label, and of each its words in the address and its name."""
    return [("Images", [(f"image*{log.pk}", log.filename) for log in logs])]


def _strip(log: ImageLog, top: float, base: float) -> dict[str, Any]:
    query = {"log": str(log.pk), "format": "png", "colormap": COLORMAP, **STRIP}
    window = reverse("get-images", args=[top, base])
    return {"name": log.filename, "url": f"{window}?{urlencode(query)}"}
