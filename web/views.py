"""What views share: who asks, base classes of views, and whole bodies."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import orjson
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from rest_framework.generics import ListAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from web.budget import Reservation, budget
from web.parameters import MAX_PAGE, only
from web.parsers import check_has_length

# Memory for an item of a page with the longest names, as measured.
ITEM_BYTES = 12 * 1024
# Some file system does not take these in names.
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


class NoNegotiation(BaseContentNegotiation):
    """Content negotiation is left to the view."""

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class StrictView(APIView):
    """A view that refuses query parameters, and bodies of unknown length, before it reads the body.

    The methods ``with_query`` take some: they read the query themselves.
    """

    with_query: Collection[str] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        taking = {"OPTIONS", *self.with_query}
        if request.method in {"HEAD", *self.allowed_methods} and request.method not in taking:
            only(request.query_params, ())
        check_has_length(request.META)


class PageView(ListAPIView):
    """A list that is answered page by page, each made within the memory budget.

    ``items`` are what it lists.
    """

    items: str

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # An invalid limit is refused when the query is read.
        limit = min(LimitOffsetPagination().get_limit(request) or MAX_PAGE, MAX_PAGE)
        what = f"a page of {limit} {self.items}; ask for a smaller limit"
        return json_response(limit * ITEM_BYTES, what, lambda: self.page(request).data)

    def page(self, request: Request) -> Response:
        """A page of the items."""
        return self.list(request)


class FileView(APIView):
    """A view that answers GET and HEAD with files. It reads the Accept header itself."""

    http_method_names = ("get", "head")
    content_negotiation_class = NoNegotiation


class WholeResponse(HttpResponse):
    """A body that is in memory as a whole. Its memory stays ``held`` until the response is closed:
    a slow client may take long to read it.
    """

    def __init__(self, body: bytes, held: Reservation | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(body, *args, **kwargs)
        self._held = held

    def close(self) -> None:
        super().close()
        if self._held is not None:
            self._held.release()


def json_response(
    nbytes: int, what: str, make: Callable[[], Any], headers: Mapping[str, str] | None = None
) -> WholeResponse:
    """The JSON of what ``make`` returns, made within ``nbytes`` of the memory budget.

    Raises TooLargeForBudget, whose message begins with ``what``, BudgetExhausted, and what ``make``
    raises.
    """
    with budget.reserve(nbytes, what) as memory:
        body = orjson.dumps(make(), option=orjson.OPT_UTC_Z)
        held = memory.lasting(body)
    return WholeResponse(body, held, "application/json", headers=headers)


def named(stem: str, suffix: str, attached: bool = True) -> dict[str, str]:
    """The header with the name under which browsers save a file (RFC 6266).

    Characters of ``stem`` that file systems refuse become ``_``: names of wells hold slashes. If it
    is not ``attached``, browsers show the file.
    """
    name = f"{_UNSAFE.sub('_', stem).strip(' .') or 'file'}.{suffix}"
    return {"Content-Disposition": content_disposition_header(attached, name) or ""}


def author(request: Any) -> str:
    """The name of the user, as the author of a change; empty for an anonymous request."""
    user = request.user
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
