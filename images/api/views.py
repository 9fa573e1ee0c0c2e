"""The views of image logs. Each validates the request, calls one service, and answers."""

from collections.abc import Mapping, Sequence
from contextlib import closing

from django.http import (
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from images.api import changes, docs, log_uploads
from images.api.log_uploads import LogsBodyParser, LogsFormParser
from images.api.parameters import LOG_LIST, PNG, UPLOAD_WELL, choose_representation, ready_log
from images.api.serializers import ImageLogSerializer, described, uploaded
from images.api.uploads import CsvUploadParser, FormUploadParser, receive
from images.models import ImageLog
from images.render import answering, legend, legend_request, representations, window_request
from images.render.answering import Answer, Stopwatch
from images.render.colour.colormap import colormap_infos
from images.render.representations import Representation
from images.render.window_request import WindowRequest
from images.store import journal
from images.store.progress import Progress
from images.store.window import check_window, matching_logs
from web import compression, conditions, parameters
from web.views import FileView, PageView, StrictView, WholeResponse, named


@docs.UPLOAD_CSV
class UploadCsvView(APIView):
    """``POST /upload-csv/``: ingest a CSV."""

    parser_classes = (FormUploadParser, CsvUploadParser)

    def post(self, request: Request) -> Response:
        query = parameters.read(request.query_params, (UPLOAD_WELL,))
        upload = receive(request)
        with closing(upload):
            asked = {**query, **parameters.read(upload.fields, (UPLOAD_WELL,))}
            well = asked.get("well", parameters.DEFAULT_WELL)
            log, created = upload.ingest.publish(well, upload.filename)
            warnings = log_uploads.as_json(upload.ingest.warnings)
        return Response({**uploaded(log, created), "warnings": warnings})


@docs.GET_IMAGES
class GetImagesView(FileView):
    """``GET /get-images/<min>/<max>/``: a depth range in the requested format."""

    def get(self, request: Request, top: str, base: str) -> HttpResponseBase:
        representation = choose_representation(request)
        window = window_request.read(representation, top, base, request.query_params)
        watch = Stopwatch()
        logs = matching_logs(window.top, window.base, window.well, window.log_id)
        timings = {"catalogue": watch.lap()}
        gzip = representation.compresses and compression.wanted(
            request.META.get("HTTP_ACCEPT_ENCODING", "")
        )
        tag = _etag(request, window, logs, gzip)
        headers = conditions.headers(tag, immutable=_never_changes(window, representation, logs))
        if conditions.if_none_match(request, tag):
            return HttpResponseNotModified(headers=headers)
        answering.check_logs(window, logs)
        headers = {**headers, **_filename(window, representation, logs)}
        if request.method == "HEAD":
            check_window(logs, window.top, window.base)
            media_type = representation.media_type
            return StreamingHttpResponse((), content_type=media_type, headers=headers)
        answer = answering.make_answer(window, logs)
        timing = _server_timing({**timings, **answer.timings})
        return _response(answer, gzip, {**headers, **answer.headers, "Server-Timing": timing})


def _etag(request: Request, window: WindowRequest, logs: Sequence[ImageLog], gzip: bool) -> str:
    return conditions.etag(
        conditions.made_by(*representations.LIBRARIES),
        "gzip" if gzip else "identity",
        *(changes.etag(log) for log in logs),
        repr((window.format, window.top, window.base, sorted(request.query_params.items()))),
    )


def _never_changes(
    window: WindowRequest, representation: Representation, logs: Sequence[ImageLog]
) -> bool:
    """Whether the same URL always gives the same bytes, until the log is deleted.

    This holds for pictures and arrays of one log that has its overviews. Other formats contain
    names and units, which can be changed.
    """
    return representation.lasts and window.log_id is not None and not logs[0].lacks_statistics


def _filename(
    window: WindowRequest, representation: Representation, logs: Sequence[ImageLog]
) -> dict[str, str]:
    """The header with the name of the file: well and log, if all are of one, and depths."""
    wells, names = {log.well for log in logs}, {log.name for log in logs}
    alike = [value for values in (wells, names) if len(values) == 1 for value in values]
    stem = " ".join([*alike, f"{window.top}-{window.base}"])
    suffix = representation.suffix or representation.name
    return named(stem, suffix, attached=not representation.shown)


def _server_timing(timings: Mapping[str, float]) -> str:
    return ", ".join(f"{name};dur={value:.2f}" for name, value in timings.items())


def _response(answer: Answer, gzip: bool, headers: Mapping[str, str]) -> HttpResponseBase:
    if isinstance(answer.body, bytes):
        return WholeResponse(answer.body, answer.held, answer.media_type, headers=headers)
    body = answer.body
    if gzip:
        body, headers = compression.gzipped(body), {**headers, "Content-Encoding": "gzip"}
    return StreamingHttpResponse(body, content_type=answer.media_type, headers=headers)


@docs.COLORMAPS
class ColormapListView(StrictView):
    """``GET /colormaps/``: list the colormaps."""

    def get(self, request: Request) -> Response:
        return Response({"colormaps": [info._asdict() for info in colormap_infos()]})


@docs.LEGEND
class ColormapLegendView(FileView):
    """``GET /colormaps/<name>.png``: draw the legend of a colormap, or of a log with its values."""

    def get(self, request: Request, name: str) -> HttpResponse:
        png = choose_representation(request, PNG)
        asked = legend_request.read(png, name, request.query_params)
        if asked.log_id is None:
            return HttpResponse(legend.draw_legend(asked), png.media_type)
        drawn = legend.draw_log_legend(asked, ready_log(str(asked.log_id)))
        return HttpResponse(drawn, png.media_type)


@docs.LOGS
class LogListView(PageView):
    """``GET /logs/``: list the image logs and curves; ``POST``: ingest a file of any format."""

    items = "logs"
    serializer_class = ImageLogSerializer
    parser_classes = (LogsFormParser, LogsBodyParser)

    def post(self, request: Request) -> Response:
        upload = receive(request)
        with closing(upload):
            well, options, preview = log_uploads.read(request.query_params, upload.fields)
            upload.ingest.progress = Progress(request.headers.get("Upload-ID"))
            result = upload.ingest.publish(well, upload.filename, options, preview)
        return Response(log_uploads.answer(result, preview))

    def get_queryset(self):  # type: ignore[no-untyped-def]
        query = parameters.read(self.request.query_params, LOG_LIST)
        parameters.ordered(self.request.query_params, "top", "base")
        lookups = {
            lookup: query[name]
            for name, lookup in {"top": "base__gte", "base": "top__lte"}.items()
            if name in query
        }
        exact = {name: query[name] for name in ("well", "kind", "name") if name in query}
        return ImageLog.listed(**exact, **lookups)


@docs.LOG
class LogView(StrictView):
    """``GET``, ``PATCH`` and ``DELETE /logs/<id>/``: get, change or delete a log."""

    def get(self, request: Request, log_id: str) -> Response:
        return _tagged(ready_log(log_id))

    def patch(self, request: Request, log_id: str) -> Response:
        log = ready_log(log_id)
        return _tagged(changes.change(log, changes.read(request.data), request))

    def delete(self, request: Request, log_id: str) -> Response:
        log = ready_log(log_id)
        if not journal.retire(log, changes.required(log, request)):
            raise changes.gone_or_changed(log)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _tagged(log: ImageLog) -> Response:
    return Response(described(log), headers={"ETag": changes.etag(log)})
