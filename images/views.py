"""HTTP to services and back: each view validates, calls one service, and answers."""

from contextlib import closing

from django.http import StreamingHttpResponse
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from images import journal, parameters
from images.colormap import color_table
from images.errors import LogNotFound, NoFile
from images.json_images import json_answer
from images.models import ImageLog
from images.serializers import ImageLogSerializer, uploaded
from images.uploads import CsvUploadParser, FormUploadParser, Upload, check_has_length
from images.window import open_window


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
            well = parameters.well(in_query if upload.well is None else upload.well)
            log, created = ingest.publish(well, upload.filename)
        return Response(uploaded(log, created))


class GetImagesView(APIView):
    """``GET /get-images/<min>/<max>/``: a depth range in, coloured images out."""

    def get(self, request: Request, top: str, base: str) -> StreamingHttpResponse:
        query = request.query_params
        parameters.only(query, {"colormap", "well", "log"})
        low, high = parameters.depth_range(top, base)
        name = query.get("colormap")
        colors = color_table(name) if name is not None else None
        well = parameters.well(query["well"]) if "well" in query else None
        log_id = parameters.log_id(query["log"]) if "log" in query else None
        window = open_window(low, high, well, log_id)
        answer = json_answer(window.count, window.width, name, colors, window.blocks)
        return StreamingHttpResponse(answer, content_type="application/json")


class LogListView(ListAPIView):
    """``GET /logs/``: the image logs, of one well or of all."""

    serializer_class = ImageLogSerializer

    def get_queryset(self):  # type: ignore[no-untyped-def]
        query = self.request.query_params
        parameters.only(query, {"well", "limit", "offset"})
        logs = ImageLog.objects.filter(state=ImageLog.State.READY).defer("chunk_tops")
        return logs.filter(well=parameters.well(query["well"])) if "well" in query else logs


class LogView(APIView):
    """``GET`` and ``DELETE /logs/<id>/``."""

    def get(self, request: Request, log_id: str) -> Response:
        return Response(ImageLogSerializer(_ready_log(log_id)).data)

    def delete(self, request: Request, log_id: str) -> Response:
        if not journal.retire(_ready_log(log_id)):
            raise LogNotFound(f"there is no image log {log_id}")
        return Response(status=status.HTTP_204_NO_CONTENT)


def _ready_log(text: str) -> ImageLog:
    log_id = parameters.log_id(text)
    log = ImageLog.objects.filter(pk=log_id, state=ImageLog.State.READY).first()
    if log is None:
        raise LogNotFound(f"there is no image log {text}")
    return log
