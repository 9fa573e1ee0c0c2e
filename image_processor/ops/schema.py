"""``/schema/``, the OpenAPI document."""

from functools import cache
from threading import Lock
from typing import Any

from django.http import HttpResponse
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

_one_at_a_time = Lock()


class SchemaView(SpectacularAPIView):
    """The OpenAPI document. It takes 130 ms to make, so each format is made once."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: Any = request.accepted_renderer
        disposition = f'inline; filename="{spectacular_settings.TITLE}.{renderer.format}"'
        return HttpResponse(
            _made_once(renderer.__class__),
            content_type=renderer.media_type,
            headers={"Content-Disposition": disposition, "Vary": "Accept"},
        )


def _made_once(renderer: Any) -> bytes:
    # drf-spectacular cannot generate two at a time.
    with _one_at_a_time:
        return _document(renderer)


@cache
def _document(renderer: Any) -> bytes:
    generator: Any = SchemaView.generator_class()
    schema = generator.get_schema(public=True)
    document: bytes = renderer().render(schema, renderer.media_type, {})
    return document
