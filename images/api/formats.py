"""The representations of a window: chosen by ``?format=``, else by the Accept header."""

from collections.abc import Sequence

from django.http import HttpRequest
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from images.render.representations import MEDIA_TYPES
from web.errors import InvalidParameter


def _format(name: str, type_: str) -> BaseRenderer:
    """What DRF negotiates with; the answer is made elsewhere."""
    members = {"format": name, "media_type": type_, "render_style": "binary"}
    renderer: BaseRenderer = type(f"{name.title()}Format", (BaseRenderer,), members)()
    return renderer


FORMATS = [_format(name, media_type) for name, media_type in MEDIA_TYPES.items()]
PNG = [renderer for renderer in FORMATS if renderer.format == "png"]


def chosen(request: HttpRequest, formats: Sequence[BaseRenderer] = FORMATS) -> str:
    """The name of one of the ``formats``.

    Raises InvalidParameter for an unknown one in the URL, NotAcceptable for one in the header.
    """
    name = request.GET.get("format")
    if name is None:
        found, _ = DefaultContentNegotiation().select_renderer(Request(request), formats)
        return str(found.format)
    names = [renderer.format for renderer in formats]
    if name not in names:
        raise InvalidParameter("format", name, f"allowed: {', '.join(names)}")
    return name
