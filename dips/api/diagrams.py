"""Diagrams over HTTP. What was drawn lately is kept in memory."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
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
from web.parameters import Parameter
from web.views import FileView, WholeResponse

KEPT_BYTES = 8 * 1024**2


class DiagramView(FileView):
    """A diagram of the picks of a well, as SVG or PNG.

    ``declared`` are its query parameters; ``size`` is its usual width and height in pixels.
    """

    declared: tuple[Parameter[Any], ...]
    size = (480, 520)

    @abstractmethod
    def draw(self, picks: Selection, style: Style, asked: Mapping[str, Any]) -> bytes:
        """The bytes of the diagram."""

    def get(self, request: Request, format_: str) -> HttpResponse:
        query, asked = parameters.read(request.query_params, self.declared)
        style = parameters.style(asked, format_, *self.size)
        with reserved(query, style.width * style.height) as memory:
            picks = select(query, asked.get("structural"))
            what = repr((type(self).__name__, style, sorted(asked.items())))
            tag = conditions.etag(what, picks.version, conditions.made_by(*LIBRARIES))
            headers = {"ETag": tag, "Cache-Control": conditions.REVALIDATE}
            if conditions.if_none_match(request._request, tag):
                return HttpResponseNotModified(headers=headers)
            body = _drawn(tag, lambda: self.draw(picks, style, asked))
            held = memory.lasting(body)
        return WholeResponse(body, held, MEDIA_TYPES[format_], headers=headers)


@cached(bounded_cache(KEPT_BYTES, len), key=lambda tag, draw: tag, lock=Lock())
def _drawn(tag: str, draw: Callable[[], bytes]) -> bytes:
    """The bytes with this ETag, which depends on the picks and on all parameters."""
    return draw()


@docs.ROSE
class RoseView(DiagramView):
    """``GET /dips/rose.svg`` and ``.png``."""

    declared = parameters.ROSE

    def draw(self, picks: Selection, style: Style, asked: Mapping[str, Any]) -> bytes:
        mirrored, by = asked.get("mirrored", False), asked.get("by", "count")
        sectors = int(asked.get("sectors", 36))
        return diagrams.rose(picks, style, mirrored=mirrored, by=by, sectors=sectors)


@docs.STEREONET
class StereonetView(DiagramView):
    """``GET /dips/stereonet.svg`` and ``.png``."""

    declared = parameters.STEREONET

    def draw(self, picks: Selection, style: Style, asked: Mapping[str, Any]) -> bytes:
        planes, density = asked.get("show") == "planes", asked.get("density", False)
        return diagrams.stereonet(picks, style, planes=planes, density=density)


@docs.TADPOLES
class TadpolesView(DiagramView):
    """``GET /dips/tadpoles.svg`` and ``.png``."""

    declared = parameters.TADPOLES
    size = (300, 800)

    def draw(self, picks: Selection, style: Style, asked: Mapping[str, Any]) -> bytes:
        return diagrams.tadpoles(picks, style, *parameters.window(asked))
