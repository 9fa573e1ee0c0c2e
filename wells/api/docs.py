"""The OpenAPI description of each endpoint of wells, as decorators of the views.

The examples are requests that work once there is a well EXAMPLE_ID with a survey.
"""

import json
from functools import partial
from typing import ClassVar

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_view
from rest_framework import serializers

from tables.units import DEPTH_UNITS
from web.openapi.operations import (
    CSV,
    JSON,
    answer,
    body,
    by_id,
    deleted,
    fails,
    if_match,
    invalid,
    made_or_found,
    operation,
    page,
    tagged,
)
from web.openapi.parameters import one_of
from web.parameters import NUMBER, TEXT
from wells.api import parameters
from wells.api.serializers import (
    NewWellForm,
    PlaceSerializer,
    PutSurveySerializer,
    SurveySerializer,
    WellForm,
    WellSerializer,
)
from wells.survey import MIN_STATIONS
from wells.survey_files import LIMITS, MAX_STATIONS

EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffde01"
EXAMPLE_NAME = "15/9-F-4 A"
EXAMPLE_WELL = {
    "id": EXAMPLE_ID,
    "name": EXAMPLE_NAME,
    **json.loads("""{
        "depth_unit": "m", "bit_size": 8.5, "bit_size_unit": "in",
        "declination": null, "grid_convergence": null, "has_survey": true,
        "changed_at": "2026-01-31T12:00:00Z",
        "logs": 2, "curves": 14, "photos": 31, "dips": 412, "top": 2900.0, "base": 3450.0
    }"""),
}
EXAMPLE_SURVEY = {
    "well": EXAMPLE_NAME,
    **json.loads("""{
        "depth_unit": "m", "count": 2, "top": 0.0, "base": 1000.0, "warnings": [],
        "stations": [
            {"depth": 1000.0, "inclination": 30.0, "azimuth": 40.0,
             "vertical": 954.9, "north": 196.0, "east": 164.5}
        ]
    }"""),
}
STATION = {
    "type": "object",
    "properties": {
        name: {**NUMBER, "minimum": low, "maximum": high} for name, (low, high) in LIMITS.items()
    },
    "required": [*LIMITS],
}
STATIONS = {
    "type": "object",
    "properties": {
        "stations": {
            "type": "array",
            "items": STATION,
            "minItems": MIN_STATIONS,
            "maxItems": MAX_STATIONS,
            "description": "Angles in degrees, azimuths clockwise from north.",
        },
        "depth_unit": one_of(DEPTH_UNITS),
    },
    "required": ["stations"],
}
EXAMPLE_STATIONS = {
    "stations": [
        {"depth": 0, "inclination": 0, "azimuth": 0},
        {"depth": 1000, "inclination": 30, "azimuth": 40},
    ]
}
EXAMPLE_CSV = "depth,inclination,azimuth\n0,0,0\n1000,30,40\n"


class CreatedWellSerializer(WellSerializer):
    """A well, and whether the request made it."""

    created = serializers.BooleanField()

    class Meta(WellSerializer.Meta):
        fields: ClassVar = [*WellSerializer.Meta.fields, "created"]


WELL_ID = partial(by_id, "well-not-found", "well", EXAMPLE_ID)
TAGGED = tagged(
    "Strong. `If-Match` compares what can be changed of a well and its survey, which is the part"
    " before the point; the counts and depths of a well are after it."
)
IF_MATCH = if_match("precondition-failed")
BY_ID, BY_ID_OF_SURVEY = WELL_ID("/wells/{}/"), WELL_ID("/wells/{}/survey")

WELLS = extend_schema_view(
    get=operation(
        "wells",
        "List the wells. They are sorted by name, F-4 before F-10, page by page. A well is made by"
        " the first upload that names it.",
        *parameters.LIST,
        page(WellSerializer, EXAMPLE_WELL),
        invalid("/wells/?sarch=F", "sarch='F': unknown parameter; did you mean search?"),
    ),
    post=operation(
        "add_well",
        "Make a well. If there is one with this name, it stays as it is, and `created` is false.",
        body(JSON, NewWellForm, {"name": "15/9-F-5", "depth_unit": "m"}),
        made_or_found(CreatedWellSerializer, "well", EXAMPLE_WELL),
        fails("well-busy"),
    ),
)
WELL = extend_schema_view(
    get=operation(
        "well",
        "Get a well. With the counts and the depths of what it has.",
        BY_ID | TAGGED,
        answer(WellSerializer, "The well.", f"/wells/{EXAMPLE_ID}/"),
    ),
    patch=operation(
        "change_well",
        "Change a well. Fields that are not sent stay as they are. All its dips change at the same"
        " moment.",
        BY_ID | TAGGED | IF_MATCH,
        body(JSON, WellForm, {"bit_size": 8.5, "bit_size_unit": "in"}),
        answer(WellSerializer, "The well.", example=EXAMPLE_WELL),
        fails("well-busy"),
    ),
)
SURVEY = extend_schema_view(
    get=operation(
        "survey",
        "Get the survey. Its stations and their positions by minimum curvature; with `depth`, the"
        " direction and the position there.",
        BY_ID_OF_SURVEY | TAGGED,
        *parameters.SURVEY,
        answer(
            PolymorphicProxySerializer(
                "SurveyOrPlace", [SurveySerializer, PlaceSerializer], None, many=False
            ),
            "The survey, or the place.",
            f"/wells/{EXAMPLE_ID}/survey",
        ),
        fails("survey-missing"),
        invalid(
            f"/wells/{EXAMPLE_ID}/survey?depth=x", "depth='x': a depth is a finite decimal number"
        ),
    ),
    put=operation(
        "put_survey",
        "Replace the survey. All of it is stored, or nothing. All dips of the well change at the"
        " same moment. A survey has two stations or more, with ascending depths. Its columns are"
        " `depth`, `inclination`, `azimuth`, or usual names of them, such as `MD`, `DEVI`, `AZIM`.",
        BY_ID_OF_SURVEY | IF_MATCH,
        *parameters.PUT_SURVEY,
        body(JSON, STATIONS, EXAMPLE_STATIONS),
        body(CSV, TEXT, EXAMPLE_CSV),
        answer(PutSurveySerializer, "The survey.", example=EXAMPLE_SURVEY),
        fails("well-busy", "invalid-survey", "units-differ"),
    ),
    delete=operation(
        "delete_survey",
        "Delete the survey. Then true dips are not known any more.",
        BY_ID_OF_SURVEY | IF_MATCH | deleted() | fails("survey-missing", "well-busy"),
    ),
)
