"""The views of image logs: each validates, calls one service, and answers."""

from collections.abc import Mapping, Sequence
from contextlib import closing

from django.http import (
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

from images.api import changes, docs, log_uploads
from images.api.log_uploads import LogsBodyParser, LogsFormParser
from images.api.parameters import LOG_LIST, PNG, UPLOAD_WELL, chosen, ready_log
from images.api.serializers import ImageLogSerializer, described, uploaded
from images.api.uploads import CsvUploadParser, FormUploadParser, Upload
from images.errors import NoFile
from images.models import ImageLog
from images.render import answering, legend, representations, window_request
from images.render.answering import Answer, Stopwatch
from images.render.colormap import colormap_infos
from images.render.representations import Representation
from images.render.window_request import WindowRequest
from images.store import journal
from images.store.progress import Progress
from images.store.window import matching_logs
from web import caching, compression, parameters
from web.parsers import check_has_length
from web.views import FileView


@docs.UPLOAD_CSV
class UploadCsvView(APIView):
    """``POST /upload-csv/``: a CSV in, an image log out."""

    parser_classes = (FormUploadParser, CsvUploadParser)

    def post(self, request: Request) -> Response:
        asked = parameters.read(request.query_params, (UPLOAD_WELL,))
        check_has_length(request.META)
        upload = request.data
        if not isinstance(upload, Upload):
            raise NoFile("the request has no body; send the CSV as the form field 'file'")
        with closing(upload.ingest) as ingest:
            in_query = asked.get("well", parameters.DEFAULT_WELL)
            well = parameters.well(upload.fields.get("well", in_query))
            log, created = ingest.publish(well, upload.filename)
            warnings = log_uploads.coded(ingest.warnings)
        return Response({**uploaded(log, created), "warnings": warnings})


@docs.GET_IMAGES
class GetImagesView(FileView):
    """``GET /get-images/<min>/<max>/``: a window of depth in the format asked for."""

    def get(self, request: Request, top: str, base: str) -> HttpResponseBase:
        query = request.query_params
        representation = chosen(request)
        asked = window_request.read(representation, top, base, query)
        watch = Stopwatch()
        logs = matching_logs(asked.top, asked.base, asked.well, asked.log_id)
        catalogue = watch.lap()
        zipped = representation.compresses and compression.wanted(
            request.META.get("HTTP_ACCEPT_ENCODING", "")
        )
        tag = caching.etag(
            caching.made_by(*representations.LIBRARIES),
            "gzip" if zipped else "identity",
            *(changes.etag(log) for log in logs),
            repr((representation.name, asked.top, asked.base, sorted(query.items()))),
        )
        headers = caching.headers(tag, immutable=_never_changes(asked, representation, logs))
        if caching.holds(request, tag, any_tag=True):
            return HttpResponseNotModified(headers=headers)
        answering.check_logs(asked, logs)
        if request.method == "HEAD":
            return StreamingHttpResponse(
                (), content_type=representation.media_type, headers=headers
            )
        answer = answering.make_answer(asked, logs)
        return _response(answer, zipped, {**headers, **answer.headers}, catalogue)


def _never_changes(
    asked: WindowRequest, representation: Representation, logs: Sequence[ImageLog]
) -> bool:
    """Whether the same address is always answered with the same bytes: pictures of one log that
    has its overviews. Tables and JSON tell names and units, which people change."""
    is_picture = representation.write is None
    return is_picture and asked.log_id is not None and not logs[0].lacks_statistics


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
        parameters.read(request.query_params, ())
        return Response({"colormaps": [info._asdict() for info in colormap_infos()]})


@docs.LEGEND
class ColormapLegendView(FileView):
    """``GET /colormaps/<name>.png``: the colours from black to white, as images get them; those of
    a log with its values and unit."""

    def get(self, request: Request, name: str) -> HttpResponse:
        png = chosen(request, PNG)
        asked = window_request.read_legend(png, name, request.query_params)
        if asked.log_id is None:
            return HttpResponse(legend.draw_legend(asked), png.media_type)
        drawn = legend.draw_log_legend(asked, ready_log(str(asked.log_id)))
        return HttpResponse(drawn, png.media_type)


@docs.LOGS
class LogListView(ListAPIView):
    """``GET /logs/``: the image logs and curves, all or those that are asked for; ``POST``: a file
    of any kind in, its logs out."""

    serializer_class = ImageLogSerializer
    parser_classes = (LogsFormParser, LogsBodyParser)

    def post(self, request: Request) -> Response:
        check_has_length(request.META)
        upload = request.data
        if not isinstance(upload, Upload):
            raise NoFile("the request has no body; send the file as the form field 'file'")
        with closing(upload.ingest) as ingest:
            well, options, preview = log_uploads.read(request.query_params, upload.fields)
            ingest.progress = Progress(request.headers.get("Upload-ID"))
            result = ingest.publish(well, upload.filename, options, preview)
        return Response(log_uploads.answer(result, preview))

    def get_queryset(self):  # type: ignore[no-untyped-def]
        asked = parameters.read(self.request.query_params, LOG_LIST)
        if "top" in asked and "base" in asked:
            parameters.ordered("top", asked["top"], "base", asked["base"])
        lookups = {
            lookup: asked[name]
            for name, lookup in {"top": "base__gte", "base": "top__lte"}.items()
            if name in asked
        }
        exact = {name: asked[name] for name in ("well", "kind", "name") if name in asked}
        logs = ImageLog.objects.filter(state=ImageLog.State.READY, **exact, **lookups)
        return logs.defer("chunk_tops", "crcs", "histogram", "statistics")


@docs.LOG
class LogView(APIView):
    """``GET``, ``PATCH`` (names, units, azimuths) and ``DELETE /logs/<id>/``."""

    def get(self, request: Request, log_id: str) -> Response:
        log = ready_log(log_id)
        return Response(described(log), headers={"ETag": changes.etag(log)})

    def patch(self, request: Request, log_id: str) -> Response:
        log = ready_log(log_id)
        changes.change(log, changes.read(request.data), request)
        return self.get(request, log_id)

    def delete(self, request: Request, log_id: str) -> Response:
        log = ready_log(log_id)
        if not journal.retire(log, changes.required(log, request)):
            raise changes.gone_or_changed(log)
        return Response(status=status.HTTP_204_NO_CONTENT)
