"""HTTP to picks and back: each view validates, calls one service, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dips.api import diagrams, docs, lists, parameters, requests
from dips.api.serializers import DipForm
from dips.diagrams import LIBRARIES
from dips.errors import DipNotFound
from dips.picks import editing, history, importing
from dips.picks.selection import reserved, select, summary
from dips.picks.shown import one_shown
from web import caching
from web.errors import InvalidParameter, UploadTooLarge
from web.parameters import object_id, only, read
from web.people import author
from web.views import FileView

NOT_KNOWN = "there is no pick {}"
MAX_FILE_BYTES = 32 * 1024**2
FORM_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class DipFile:
    """A file that has arrived whole, and what the form held besides."""

    data: bytes
    fields: Mapping[str, str]


class FileParser(BaseParser):
    """A body that is the file itself."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> DipFile:
        _check_length(parser_context["request"].META, MAX_FILE_BYTES)
        return DipFile(stream.read(), {})


class FormFileParser(MultiPartParser):
    """A form with ``file`` and options."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_length(parser_context["request"].META, MAX_FILE_BYTES + FORM_BYTES)
        form = super().parse(stream, media_type, parser_context)
        file = form.files.get("file")
        return None if file is None else DipFile(file.read(), form.data.dict())


def _check_length(meta: Mapping[str, Any], limit: int) -> None:
    if int(meta.get("CONTENT_LENGTH") or 0) > limit:
        raise UploadTooLarge(MAX_FILE_BYTES)


@docs.DIPS
class DipListView(APIView):
    """``GET /dips/``: picks as JSON or a file; ``POST``: a new one."""

    # What the schema says of pages; they are made by ``lists``.
    pagination_class = LimitOffsetPagination

    def get(self, request: Request) -> HttpResponseBase:
        asked = read(request.query_params, parameters.LIST)
        query, form = parameters.query(asked), asked.get("format", "json")
        if form == "json":
            return Response(lists.page(request, query, asked))
        if form in lists.OF_ONE_WELL and query.well is None:
            reason = f"{form} is of one well: its name or its id is needed"
            raise InvalidParameter("well", "", reason)
        body, media_type = lists.file(query, form)
        suffix = "las" if form == "las" else "csv"
        name = {"Content-Disposition": f'attachment; filename="dips.{suffix}"'}
        return StreamingHttpResponse(body, content_type=media_type, headers=name)

    def post(self, request: Request) -> Response:
        dip, warnings = requests.add(_validated(request.data), author(request))
        answer = Response({**dip, "warnings": warnings}, status.HTTP_201_CREATED)
        return _tagged(answer, dip)


@docs.FIT
class FitView(APIView):
    """``POST /dips/fit``: what a pick would be, nothing kept."""

    def post(self, request: Request) -> Response:
        return Response(requests.fit(_validated(request.data), author(request)))


@docs.DIP
class DipView(APIView):
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
class HistoryView(APIView):
    """``GET /dips/<id>/history``: what happened to a pick."""

    def get(self, request: Request, dip_id: str) -> Response:
        only(request.query_params, ())
        return Response(history.history(_id(dip_id)))


@docs.IMPORT
class ImportView(APIView):
    """``POST /dips/import``: the picks of a file, all or none; with ``preview``, what they are."""

    parser_classes = (FileParser, FormFileParser)

    def post(self, request: Request) -> Response:
        file = request.data
        if not isinstance(file, DipFile):
            raise ValidationError({"file": ["A file is needed, as the body or in a form."]})
        only(request.query_params, [parameter.name for parameter in parameters.IMPORT])
        options = parameters.import_options({**request.query_params.dict(), **file.fields})
        answer = importing.imported(file.data, options, author(request))
        code = status.HTTP_201_CREATED if answer["created"] else status.HTTP_200_OK
        return Response(answer, code)


@docs.STATISTICS
class StatisticsView(APIView):
    """``GET /dips/statistics``: of an interval."""

    def get(self, request: Request) -> Response:
        asked = read(request.query_params, parameters.OF_ONE_WELL)
        query = parameters.query(asked)
        with reserved(query):
            found = select(query, asked.get("structural"))
            return Response(summary(found, query.top, query.base))


class DiagramView(FileView):
    """A diagram of the picks of a well, as SVG or PNG."""

    def get(self, request: Request, format_: str) -> HttpResponse:
        recipe = self.recipe(request.query_params, format_)
        with reserved(recipe.query, recipe.style.width * recipe.style.height):
            selection = select(recipe.query, recipe.structural)
            made_by = caching.made_by(*LIBRARIES)
            tag = caching.etag(recipe.name, selection.version, made_by)
            headers = {"ETag": tag, "Cache-Control": caching.REVALIDATE}
            if caching.holds(request._request, tag, any_tag=True):
                return HttpResponseNotModified(headers=headers)
            body, media_type = recipe.drawn(selection, tag)
        return HttpResponse(body, media_type, headers=headers)

    def recipe(self, query: Any, format_: str) -> diagrams.Recipe:
        raise NotImplementedError


@docs.ROSE
class RoseView(DiagramView):
    """``GET /dips/rose.svg`` and ``.png``."""

    def recipe(self, query: Any, format_: str) -> diagrams.Recipe:
        return diagrams.rose(query, format_)


@docs.STEREONET
class StereonetView(DiagramView):
    """``GET /dips/stereonet.svg`` and ``.png``."""

    def recipe(self, query: Any, format_: str) -> diagrams.Recipe:
        return diagrams.stereonet(query, format_)


@docs.TADPOLES
class TadpolesView(DiagramView):
    """``GET /dips/tadpoles.svg`` and ``.png``."""

    def recipe(self, query: Any, format_: str) -> diagrams.Recipe:
        return diagrams.tadpoles(query, format_)


# Validates every new pick: to copy its fields for each takes as long as to compute the pick.
_new = DipForm()


def _validated(data: Any, instance: Any = None) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValidationError({"body": ["A JSON object is needed."]})
    form = _new if instance is None else DipForm(instance, partial=True)
    only({name: str(value) for name, value in data.items()}, form.fields)
    return dict(form.run_validation(data))


def _tagged(response: Response, dip: Any) -> Response:
    response["ETag"] = f'"{dip["revision"]}"'
    response["Cache-Control"] = caching.REVALIDATE
    return response


def _id(text: str) -> Any:
    return object_id(text, DipNotFound(NOT_KNOWN.format(text)))
