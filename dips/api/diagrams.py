"""Diagrams over HTTP. What was drawn lately is kept in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from cachetools import cached
from django.http import HttpResponse, HttpResponseNotModified
from rest_framework.request import Request

from dips import diagrams
from dips.api import docs, parameters
from dips.diagrams import LIBRARIES, MEDIA_TYPES, Style
from dips.picks.selection import Selection, reserved, select
from web import conditions
from web.budget import bounded_cache
from web.parameters import Parameter, read
from web.views import FileView

KEPT_BYTES = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class Diagram:
    """A kind of diagram: what can be asked of it, its usual size in pixels, and how it is drawn."""

    name: str
    parameters: tuple[Parameter[Any], ...]
    width: int
    height: int
    draw: Callable[[Selection, Style, Mapping[str, Any]], bytes]


ROSE = Diagram(
    "rose",
    parameters.ROSE,
    480,
    520,
    lambda picks, style, asked: diagrams.rose(
        picks,
        style,
        mirrored=asked.get("mirrored") == "true",
        by=asked.get("by", "count"),
        sectors=int(asked.get("sectors", 36)),
    ),
)
STEREONET = Diagram(
    "stereonet",
    parameters.STEREONET,
    480,
    520,
    lambda picks, style, asked: diagrams.stereonet(
        picks, style, planes=asked.get("show") == "planes", density=asked.get("density") == "true"
    ),
)
TADPOLES = Diagram(
    "tadpoles",
    parameters.TADPOLES,
    300,
    800,
    lambda picks, style, asked: diagrams.tadpoles(picks, style, *parameters.window(asked)),
)


class DiagramView(FileView):
    """A ``diagram`` of the picks of a well, as SVG or PNG."""

    diagram: Diagram

    def get(self, request: Request, format_: str) -> HttpResponse:
        asked = read(request.query_params, self.diagram.parameters)
        query = parameters.query(asked)
        style = parameters.style(asked, format_, self.diagram.width, self.diagram.height)
        with reserved(query, style.width * style.height):
            picks = select(query, asked.get("structural"))
            what = repr((self.diagram.name, style, sorted(asked.items())))
            tag = conditions.etag(what, picks.version, conditions.made_by(*LIBRARIES))
            headers = {"ETag": tag, "Cache-Control": conditions.REVALIDATE}
            if conditions.if_none_match(request._request, tag):
                return HttpResponseNotModified(headers=headers)
            body = _drawn(tag, lambda: self.diagram.draw(picks, style, asked))
        return HttpResponse(body, MEDIA_TYPES[format_], headers=headers)


@cached(bounded_cache(KEPT_BYTES, len), key=lambda tag, draw: tag, lock=Lock())
def _drawn(tag: str, draw: Callable[[], bytes]) -> bytes:
    """The bytes with this ETag, which depends on the picks and on all parameters."""
    return draw()


@docs.ROSE
class RoseView(DiagramView):
    """``GET /dips/rose.svg`` and ``.png``."""

    diagram = ROSE


@docs.STEREONET
class StereonetView(DiagramView):
    """``GET /dips/stereonet.svg`` and ``.png``."""

    diagram = STEREONET


@docs.TADPOLES
class TadpolesView(DiagramView):
    """``GET /dips/tadpoles.svg`` and ``.png``."""

    diagram = TADPOLES
