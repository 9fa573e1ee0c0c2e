"""The views of wells: each validates, calls one service, and responds."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from web import conditions
from web.fields import json_object
from web.parameters import read
from web.parsers import JSONTextParser, TextParser, json_document
from web.views import PageView, StrictView, author, json_response
from wells import listing, survey_files, surveys
from wells.api import docs, parameters
from wells.api.conditions import etag, required
from wells.api.serializers import NewWellForm, WellForm, WellSerializer
from wells.hole import Hole
from wells.models import Well, as_stored, change, well_with_id


@docs.WELLS
class WellListView(StrictView, PageView):
    """``GET /wells/``: wells in natural order of their names; ``POST``: make a well or find it."""

    items = "wells"
    serializer_class = WellSerializer
    with_query = ("GET", "HEAD")

    def page(self, request: Request) -> Response:
        asked = read(request.query_params, parameters.LIST)
        page = self.paginate_queryset(Well.listed(asked.get("search", "")))
        return self.get_paginated_response(listing.described(page))

    def post(self, request: Request) -> Response:
        form = NewWellForm(data=json_object(request.data, NewWellForm().fields))
        form.is_valid(raise_exception=True)
        fields = dict(form.validated_data)
        well, created = Well.ensure(as_stored(fields.pop("name")))
        if created and fields:
            change(well.pk, fields, author(request))
            well.refresh_from_db()
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response({**listing.described([well])[0], "created": created}, code)


@docs.WELL
class WellView(StrictView):
    """``GET`` and ``PATCH /wells/<id>/``."""

    def get(self, request: Request, well_id: str) -> Response:
        return _described(well_with_id(well_id))

    def patch(self, request: Request, well_id: str) -> Response:
        well = well_with_id(well_id)
        where = required(well, request._request)
        data = json_object(request.data, WellForm().fields)
        form = WellForm(well, data=data, partial=True)
        form.is_valid(raise_exception=True)
        change(well.pk, form.validated_data, author(request), where=where)
        well.refresh_from_db()
        return _described(well)


@docs.SURVEY
class SurveyView(StrictView):
    """``GET``, ``PUT`` and ``DELETE /wells/<id>/survey``."""

    parser_classes = (JSONTextParser, TextParser)
    with_query = ("GET", "HEAD", "PUT")

    def get(self, request: Request, well_id: str) -> HttpResponseBase:
        asked = read(request.query_params, parameters.SURVEY)
        well = well_with_id(well_id)
        hole, tag = Hole.of(Well.document(_id=well.pk) or {}), {"ETag": etag(well)}
        if "depth" in asked:
            return Response(surveys.interpolated(hole, asked["depth"]), headers=tag)
        memory = surveys.memory_to_show(hole)
        return json_response(memory, "the survey", lambda: surveys.shown(hole), tag)

    def put(self, request: Request, well_id: str) -> HttpResponseBase:
        asked = read(request.query_params, parameters.PUT_SURVEY)
        well = well_with_id(well_id)
        where = required(well, request._request)
        body = request.data or b""

        def put() -> dict[str, Any]:
            found = _survey(body, request.content_type)
            return surveys.put(well, found, asked.get("depth_unit"), author(request), where)

        return json_response(surveys.memory_to_put(body), "the survey", put)

    def delete(self, request: Request, well_id: str) -> Response:
        well = well_with_id(well_id)
        surveys.remove(well, author(request), required(well, request._request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _described(well: Well) -> Response:
    body = listing.described([well])[0]
    return Response(body, headers={"ETag": conditions.of_body(etag(well), body)})


def _survey(body: bytes, media_type: str) -> survey_files.Read:
    if media_type.lower().startswith("text/"):
        return survey_files.read_text(body)
    return survey_files.read_json(json_document(body))
