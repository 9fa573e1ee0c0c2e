"""The views of picks: each validates, calls one service, and responds."""

from contextlib import closing
from typing import IO, Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dips.api import docs, lists, parameters, requests
from dips.api.serializers import DipForm
from dips.errors import DipNotFound
from dips.picks import editing, history, importing
from dips.picks.selection import reserved, select
from dips.picks.shown import one_shown
from dips.picks.summary import summary
from web import conditions
from web.errors import InvalidParameter
from web.fields import json_object
from web.parameters import object_id, only, pairs
from web.parsers import check_has_length, check_length
from web.temporary_files import received
from web.views import StrictView, author, json_response, named

MAX_FILE_BYTES = 32 * 1024**2


class PicksParser(BaseParser):
    """Reads a body that is a file of picks into a temporary file, so that a slow client takes no
    memory.
    """

    media_type = "text/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> IO[bytes]:
        return received(stream)


@docs.DIPS
class DipListView(StrictView):
    """``GET /dips/``: picks as JSON or a file; ``POST``: a new one."""

    # For the schema; ``lists`` makes the pages.
    pagination_class = LimitOffsetPagination
    with_query = ("GET", "HEAD")

    def get(self, request: Request) -> HttpResponseBase:
        query, asked = parameters.read(request.query_params, parameters.LIST)
        form = asked.get("format", "json")
        if form == "json":
            return lists.page(request, query, asked.get("structural"))
        if form in lists.OF_ONE_WELL and query.well is None:
            reason = f"{form} is of one well: its name or its id is needed"
            raise InvalidParameter("well", "", reason)
        body, media_type = lists.file(query, form)
        stem = "dips" if query.well is None else f"{query.well} dips"
        name = named(stem, "las" if form == "las" else "csv")
        return StreamingHttpResponse(body, content_type=media_type, headers=name)

    def post(self, request: Request) -> Response:
        dip, warnings = requests.add(_validated(request.data), author(request))
        answer = Response({**dip, "warnings": warnings}, status.HTTP_201_CREATED)
        return _tagged(answer, dip)


@docs.FIT
class FitView(StrictView):
    """``POST /dips/fit``: computes a pick without keeping it."""

    def post(self, request: Request) -> Response:
        return Response(requests.fit(_validated(request.data), author(request)))


@docs.DIP
class DipView(StrictView):
    """``GET``, ``PATCH`` and ``DELETE /dips/<id>/``."""

    def get(self, request: Request, dip_id: str) -> Response:
        dip = one_shown(*editing.found(_id(dip_id)))
        return _tagged(Response(dip), dip)

    def patch(self, request: Request, dip_id: str) -> Response:
        pick, _ = editing.found(_id(dip_id))
        fields = requests.changes(_validated(request.data, pick), pick)
        wanted = parameters.revisions(request._request)
        dip = editing.change(pick["_id"], fields, wanted, author(request))
        return _tagged(Response(dip), dip)

    def delete(self, request: Request, dip_id: str) -> Response:
        wanted = parameters.revisions(request._request)
        editing.delete(_id(dip_id), wanted, author(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@docs.HISTORY
class HistoryView(StrictView):
    """``GET /dips/<id>/history``: what happened to a pick."""

    def get(self, request: Request, dip_id: str) -> HttpResponseBase:
        pick = _id(dip_id)
        what = "the history of a pick"
        return json_response(history.memory(pick), what, lambda: history.history(pick))


@docs.IMPORT
class ImportView(APIView):
    """``POST /dips/import``: keeps all picks of a file, or with ``preview`` describes them."""

    parser_classes = (PicksParser, MultiPartParser)

    def post(self, request: Request) -> Response:
        check_has_length(request.META)
        check_length(request.META, MAX_FILE_BYTES)
        only(request.query_params, [parameter.name for parameter in parameters.IMPORT])
        file, fields = _file(request)
        with closing(file):
            options = parameters.import_options({**request.query_params.dict(), **fields})
            answer = importing.imported(file, options, author(request))
        code = status.HTTP_201_CREATED if answer["created"] else status.HTTP_200_OK
        return Response(answer, code)


def _file(request: Request) -> tuple[IO[bytes], dict[str, str]]:
    """The file in a body or in a form, and the other fields of the form."""
    body = request.data
    if hasattr(body, "read"):
        return body, {}
    files = [file for _, several in request.FILES.lists() for file in several]
    if len(files) != 1 or "file" not in request.FILES:
        raise ValidationError({"file": ["One file is needed, as the body or in a form."]})
    return files[0], dict(pairs(request.POST))


@docs.STATISTICS
class StatisticsView(APIView):
    """``GET /dips/statistics``: of an interval."""

    def get(self, request: Request) -> Response:
        query, asked = parameters.read(request.query_params, parameters.OF_ONE_WELL)
        with reserved(query):
            found = select(query, asked.get("structural"))
            return Response(summary(found, query.top, query.base))


# One form validates every new pick: copying its fields takes as long as computing a pick.
_new = DipForm()


def _validated(data: Any, instance: Any = None) -> dict[str, Any]:
    form = _new if instance is None else DipForm(instance, partial=True)
    return dict(form.run_validation(json_object(data, form.fields)))


def _tagged(response: Response, dip: Any) -> Response:
    """An answer with the revision of a pick as its ETag."""
    response["ETag"] = f'"{dip["revision"]}"'
    response["Cache-Control"] = conditions.REVALIDATE
    return response


def _id(text: str) -> Any:
    return object_id(text, DipNotFound(f"there is no pick {text}"))
