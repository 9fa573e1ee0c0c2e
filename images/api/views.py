"""HTTP to services and back: each view validates, calls one service, and answers."""

from collections.abc import Mapping
from contextlib import closing

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from images.api import docs, formats
from images.api.serializers import ImageLogSerializer, described, uploaded
from images.api.uploads import CsvUploadParser, FormUploadParser, Upload, check_has_length
from images.errors import LogNotFound, NoFile
from images.models import ImageLog
from images.render import raster, representations
from images.render import window_request as recipes
from images.render.colormap_catalogue import colormap_infos
from images.render.representations import MEDIA_TYPES, Answer, Stopwatch
from images.store import journal
from images.store.window import matching_logs
from web import caching, compression, parameters
from web.read_view import ReadView


@docs.UPLOAD_CSV
class UploadCsvView(APIView):
    """``POST /upload-csv/``: a CSV in, an image log out."""

    parser_classes = (FormUploadParser, CsvUploadParser)

    def post(self, request: Request) -> Response:
        parameters.only(request.query_params, {"well"})
        check_has_length(request.META)
        upload = request.data
        if not isinstance(upload, Upload):
            raise NoFile("the request has no body; send the CSV as the form field 'file'")
        with closing(upload.ingest) as ingest:
            in_query = request.query_params.get("well", parameters.DEFAULT_WELL)
            well = parameters.well(upload.fields.get("well", in_query))
            log, created = ingest.publish(well, upload.filename)
        return Response(uploaded(log, created))


@docs.GET_IMAGES
class GetImagesView(ReadView):
    """``GET /get-images/<min>/<max>/``: a depth range in, in the form the client reads, out."""

    def get(self, request: HttpRequest, top: str, base: str) -> HttpResponseBase:
        query = request.GET
        kind = formats.chosen(request)
        recipe = recipes.read(kind, top, base, query)
        zipped = compression.wanted(request.META.get("HTTP_ACCEPT_ENCODING", ""), kind)
        parts = (kind, repr(recipe.top), repr(recipe.base), repr(sorted(query.items())))
        coding = "gzip" if zipped else "identity"
        if recipe.log_id is not None:
            # A log does not change, so whoever holds this tag holds what it stands for.
            tag = caching.etag([recipe.log_id], parts, coding)
            if caching.holds(request, tag):
                return HttpResponseNotModified(headers=caching.headers(tag, immutable=True))
        watch = Stopwatch()
        logs = matching_logs(recipe.top, recipe.base, recipe.well, recipe.log_id)
        catalogue = watch.lap()
        tag = caching.etag([log.pk for log in logs], parts, coding)
        headers = caching.headers(tag, immutable=recipe.log_id is not None)
        if caching.holds(request, tag, any_tag=True):
            return HttpResponseNotModified(headers=headers)
        answer = representations.make(recipe, logs)
        if request.method == "HEAD" and not isinstance(answer.body, bytes):
            answer.body = iter(())  # nothing of it would be sent
        return _response(answer, zipped, {**headers, **answer.headers}, catalogue)


def _response(
    answer: Answer, zipped: bool, headers: Mapping[str, str], catalogue: float
) -> HttpResponseBase:
    timings = {"catalogue": catalogue, **answer.timings}
    timing = ", ".join(f"{name};dur={value:.2f}" for name, value in timings.items())
    headers = {**headers, "Server-Timing": timing}
    if isinstance(answer.body, bytes):
        return HttpResponse(answer.body, answer.media_type, headers=headers)
    if zipped:
        pieces, headers = compression.gzipped(answer.body), {**headers, "Content-Encoding": "gzip"}
        return StreamingHttpResponse(pieces, content_type=answer.media_type, headers=headers)
    return StreamingHttpResponse(answer.body, content_type=answer.media_type, headers=headers)


@docs.COLORMAPS
class ColormapListView(APIView):
    """``GET /colormaps/``: every colormap that a request may name."""

    def get(self, request: Request) -> Response:
        parameters.only(request.query_params, ())
        return Response({"colormaps": [info._asdict() for info in colormap_infos()]})


@docs.LEGEND
class ColormapLegendView(ReadView):
    """``GET /colormaps/<name>.png``: the colours from black to white, as images get them."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        formats.chosen(request, formats.PNG)
        recipe = recipes.legend(name, request.GET)
        return HttpResponse(raster.legend(recipe), MEDIA_TYPES["png"])


@docs.LOGS
class LogListView(ListAPIView):
    """``GET /logs/``: the image logs, of one well or of all."""

    serializer_class = ImageLogSerializer

    def get_queryset(self):  # type: ignore[no-untyped-def]
        query = self.request.query_params
        parameters.only(query, {"well", *parameters.PAGE})
        parameters.check_page(query)
        logs = ImageLog.objects.filter(state=ImageLog.State.READY).defer("chunk_tops")
        return logs.filter(well=parameters.well(query["well"])) if "well" in query else logs


@docs.LOG
class LogView(APIView):
    """``GET`` and ``DELETE /logs/<id>/``."""

    def get(self, request: Request, log_id: str) -> Response:
        return Response(described(_ready_log(log_id)))

    def delete(self, request: Request, log_id: str) -> Response:
        if not journal.retire(_ready_log(log_id)):
            raise LogNotFound(f"there is no image log {log_id}")
        return Response(status=status.HTTP_204_NO_CONTENT)


def _ready_log(text: str) -> ImageLog:
    log = ImageLog.objects.filter(pk=recipes.log_id(text), state=ImageLog.State.READY).first()
    if log is None:
        raise LogNotFound(f"there is no image log {text}")
    return log
