"""The representations of a window: chosen by ``?format=``, else by the Accept header."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from images.answers import MEDIA_TYPES
from images.errors import InvalidParameter


def _format(name: str, type_: str) -> type[BaseRenderer]:
    """What DRF negotiates with; the answer is made elsewhere."""
    members = {"format": name, "media_type": type_, "render_style": "binary"}
    return type(f"{name.title()}Format", (BaseRenderer,), members)


# What only DRF would answer, as it does OPTIONS, has no place among them.
METHODS = ("get", "head")
FORMATS = [_format(name, media_type) for name, media_type in MEDIA_TYPES.items()]
PNG = [renderer for renderer in FORMATS if renderer.format == "png"]


class FormatNegotiation(DefaultContentNegotiation):
    """An unknown format in the URL is a bad request; one in the Accept header not acceptable."""

    def select_renderer(
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> Any:
        name = request.query_params.get("format")
        if name is None:
            return super().select_renderer(request, renderers)
        for renderer in renderers:
            if renderer.format == name:
                return renderer, renderer.media_type
        allowed = ", ".join(renderer.format for renderer in renderers)
        raise InvalidParameter("format", name, f"allowed: {allowed}")
