"""What the OpenAPI schema says of each endpoint of wells; the views take it as decorators.

The examples are requests that work once there is a well EXAMPLE_ID with a survey.
"""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiRequest,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema_view,
)
from rest_framework import serializers

from web.openapi import JSON, answer, operation, path, problem_responses
from web.parameters import OBJECT_ID, TEXT
from wells.api import parameters
from wells.api.serializers import (
    NewWellForm,
    PlaceSerializer,
    PutSurveySerializer,
    SurveySerializer,
    WellForm,
    WellSerializer,
)

TAG = "wells"
CSV = "text/csv"
EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffde01"
EXAMPLE_NAME = "15/9-F-4 A"
EXAMPLE_WELL = {
    "id": EXAMPLE_ID,
    "name": EXAMPLE_NAME,
    "depth_unit": "m",
    "bit_size": 8.5,
    "bit_size_unit": "in",
    "declination": None,
    "grid_convergence": None,
    "has_survey": True,
    "changed_at": "2026-01-31T12:00:00Z",
    "logs": 2,
    "curves": 14,
    "photos": 31,
    "dips": 412,
    "top": 2900.0,
    "base": 3450.0,
}
STATION = {
    "depth": 1000.0,
    "inclination": 30.0,
    "azimuth": 40.0,
    "vertical": 954.9,
    "north": 196.0,
    "east": 164.5,
}
EXAMPLE_SURVEY: dict[str, Any] = {
    "well": EXAMPLE_NAME,
    "depth_unit": "m",
    "count": 2,
    "top": 0.0,
    "base": 1000.0,
    "stations": [STATION],
}
EXAMPLE_STATIONS = {
    "stations": [
        {"depth": 0, "inclination": 0, "azimuth": 0},
        {"depth": 1000, "inclination": 30, "azimuth": 40},
    ]
}
EXAMPLE_CSV = "depth,inclination,azimuth\n0,0,0\n1000,30,40\n"
NOWHERE = "0" * 24
NOT_FOUND = (f"/wells/{NOWHERE}/", f"there is no well {NOWHERE}")
WELL_PATH = path("well_id", OBJECT_ID, "The id of the well.", EXAMPLE_ID)
WRITING = (
    *("invalid-parameter", "form-too-large", "incomplete-body", "body-too-slow"),
    *("unsupported-media-type", "storage-unavailable", "well-busy"),
)


class CreatedWellSerializer(WellSerializer):
    """A well, and whether the request made it."""

    created = serializers.BooleanField()


def _json(form: Any, example: dict[str, Any]) -> dict[str, OpenApiRequest]:
    return {JSON: OpenApiRequest(form, examples=[OpenApiExample("example", example)])}


WELLS = extend_schema_view(
    get=operation(
        "wells",
        TAG,
        "The wells. In the order of their names, F-4 before F-10, page by page. A well is made by"
        " the first upload that names it.",
        {(200, JSON): answer(WellSerializer(many=True), "A page.", value=EXAMPLE_WELL)},
        problem_responses(
            "storage-unavailable",
            invalid_parameter=(
                "/wells/?sarch=F",
                "sarch='F': unknown parameter; did you mean search?",
            ),
        ),
        parameters.LIST,
    ),
    post=operation(
        "add_well",
        TAG,
        "Make a well. One that is there stays as it is, and `created` is false.",
        {
            (code, JSON): answer(
                CreatedWellSerializer, text, value={**EXAMPLE_WELL, "created": code == 201}
            )
            for code, text in ((201, "The new well."), (200, "The well that was there."))
        },
        problem_responses(*WRITING),
        request=_json(NewWellForm, {"name": "15/9-F-5", "depth_unit": "m"}),
    ),
)
WELL = extend_schema_view(
    get=operation(
        "well",
        TAG,
        "A well. With what there is of it.",
        {(200, JSON): answer(WellSerializer, "The well.", f"/wells/{EXAMPLE_ID}/")},
        problem_responses("invalid-parameter", "storage-unavailable", well_not_found=NOT_FOUND),
        [WELL_PATH],
    ),
    patch=operation(
        "change_well",
        TAG,
        "Change a well. What is not sent stays as it is. All dips are computed anew, in one act.",
        {(200, JSON): answer(WellSerializer, "The well.", value=EXAMPLE_WELL)},
        problem_responses(*WRITING, well_not_found=NOT_FOUND),
        [WELL_PATH],
        request=_json(WellForm, {"bit_size": 8.5, "bit_size_unit": "in"}),
    ),
)
SURVEY = extend_schema_view(
    get=operation(
        "survey",
        TAG,
        "The survey. Its stations and their positions by minimum curvature; with `depth`, the"
        " direction and the position there.",
        {
            (200, JSON): answer(
                PolymorphicProxySerializer(
                    "SurveyOrPlace", [SurveySerializer, PlaceSerializer], None, many=False
                ),
                "The survey, or the place.",
                f"/wells/{EXAMPLE_ID}/survey",
            )
        },
        problem_responses(
            "survey-missing",
            "storage-unavailable",
            invalid_parameter=(
                f"/wells/{EXAMPLE_ID}/survey?depth=x",
                "depth='x': a depth is a finite decimal number",
            ),
            well_not_found=(f"/wells/{NOWHERE}/survey", f"there is no well {NOWHERE}"),
        ),
        [WELL_PATH, *parameters.SURVEY],
    ),
    put=operation(
        "put_survey",
        TAG,
        "Replace the survey. All of it or nothing; all dips are computed anew, in one act. Two"
        " stations or more, depths ascending; columns `depth`, `inclination`, `azimuth` by any of"
        " their usual names, such as `MD`, `DEVI`, `AZIM`.",
        {
            (200, JSON): answer(
                PutSurveySerializer,
                "The survey.",
                value={**EXAMPLE_SURVEY, "warnings": []},
            )
        },
        problem_responses(*WRITING, "invalid-survey", "units-differ", well_not_found=NOT_FOUND),
        [WELL_PATH, *parameters.PUT_SURVEY],
        request={
            **_json({"type": "object"}, EXAMPLE_STATIONS),
            CSV: OpenApiRequest(TEXT, examples=[OpenApiExample("example", EXAMPLE_CSV)]),
        },
    ),
    delete=operation(
        "delete_survey",
        TAG,
        "Delete the survey. True dips are not known any more then.",
        {204: OpenApiResponse(description="It is deleted.")},
        problem_responses(
            "survey-missing", "storage-unavailable", "well-busy", well_not_found=NOT_FOUND
        ),
        [WELL_PATH],
    ),
)
