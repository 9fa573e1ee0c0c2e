"""What the OpenAPI schema says of each endpoint of picks; the views take it as decorators.

The examples are requests that work once there is a well EXAMPLE_WELL with a survey, and in it the
pick EXAMPLE_ID.
"""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema_view,
)

from dips.api import parameters
from dips.api.parameters import OF_WELL
from dips.api.serializers import (
    DipForm,
    DipSerializer,
    FitSerializer,
    HistorySerializer,
    ImportSerializer,
    IntervalSerializer,
    NewDipSerializer,
    RestoredDipSerializer,
)
from web.openapi import (
    BINARY,
    JSON,
    answer,
    header,
    one_of,
    operation,
    path,
    problem_responses,
    request_header,
)
from web.parameters import OBJECT_ID, TEXT

TAG = "dips"
CSV, FORM = "text/csv", "multipart/form-data"
NOWHERE = "0" * 24
EXAMPLE_WELL = "15/9-F-4 A"
EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffdd01"
EXAMPLE_SINE = {
    "well": EXAMPLE_WELL,
    "depth": 1500.0,
    "height": 0.4,
    "azimuth": 75.0,
    "reference": "top of hole",
    "type": "bedding",
}
EXAMPLE_FILE = "depth,dip,azimuth\n1500.5,12.5,140\n1501.25,14,138.5\n"
EXAMPLE_DIP: dict[str, Any] = {
    "id": EXAMPLE_ID,
    "well": EXAMPLE_WELL,
    "log": None,
    "type": "bedding",
    "basis": "sinusoid",
    "depth": 1500.0,
    "depth_unit": "m",
    "height": 0.4,
    "apparent_dip": 61.61,
    "apparent_azimuth": 75.0,
    "hole_inclination": 44.1,
    "hole_azimuth": 65.6,
    "true_dip": 61.9,
    "true_azimuth": 187.2,
    "diameter": 8.5,
    "diameter_unit": "in",
    "diameter_source": "bit size",
    "caliper": None,
    "reference": "top of hole",
    "reason": None,
    "points": None,
    "residual": None,
    "covariance": None,
    "quality": None,
    "comment": "",
    "author": "anna",
    "editor": "anna",
    "source": "human",
    "revision": 1,
    "created_at": "2026-01-31T12:00:00Z",
    "changed_at": "2026-01-31T12:00:00Z",
    "recomputed_at": None,
}
EXAMPLE_IMPORT: dict[str, Any] = {
    "preview": False,
    "id": "665f1c2ab7e4d3a1c0ffdd02",
    "created": True,
    "well": "default",
    "count": 2,
    "basis": "plane",
    "columns": {"depth": "depth", "true_dip": "dip", "true_azimuth": "azimuth"},
    "ignored": [],
    "depth_unit": None,
    "top": 1500.5,
    "base": 1501.25,
    "differences": {},
    "warnings": [],
    "errors": [],
    "total_errors": 0,
    "dips": [],
}
NOT_FOUND = (f"/dips/{NOWHERE}/", f"there is no pick {NOWHERE}")
DIP_PATH = path("dip_id", OBJECT_ID, "The id of the pick.", EXAMPLE_ID)
FORMAT_PATH = path("format_", one_of(("svg", "png")), "The kind of picture.", "svg")
IF_MATCH = request_header("If-Match", "The ETag of the revision that is meant.", '"1"')
TAGGED = [
    header("ETag", "The revision.", 200),
    header("Cache-Control", "`no-cache`: kept, and asked for each time.", 200),
]
WRITING = (
    *("invalid-parameter", "form-too-large", "incomplete-body", "body-too-slow"),
    *("unsupported-media-type", "storage-unavailable", "points-insufficient", "log-not-found"),
)
NO_WELL = "there is no well nowhere"


def _body(example: dict[str, Any]) -> dict[str, OpenApiRequest]:
    return {JSON: OpenApiRequest(DipForm, examples=[OpenApiExample("example", example)])}


DIPS = extend_schema_view(
    get=operation(
        "dips",
        TAG,
        "Find picks. By well and depth, page by page; as `csv` all of them, which can be imported"
        " again, as `las` and `techlog` (the columns that Techlog and WellCAD import) those of a"
        " well.",
        {
            (200, JSON): answer(RestoredDipSerializer(many=True), "A page.", value=EXAMPLE_DIP),
            (200, "text/csv"): answer(BINARY, "The picks.", f"/dips/{OF_WELL}&format=csv"),
            (200, "text/plain"): answer(BINARY, "LAS 2.0.", f"/dips/{OF_WELL}&format=las"),
        },
        problem_responses(
            "storage-unavailable",
            "well-busy",
            invalid_parameter=(
                "/dips/?typ=fault",
                "typ='fault': unknown parameter; did you mean type?",
            ),
            well_not_found=("/dips/?well=nowhere&format=las", NO_WELL),
        ),
        parameters.LIST,
    ),
    post=operation(
        "add_dip",
        TAG,
        "Keep a pick. From `points` on the wall, from the sinusoid, or from a true dip alone. The"
        " dips are computed from the survey of the well, and its caliper, else its bit size, else"
        " the diameter given.",
        {(201, JSON): answer(NewDipSerializer, "The pick.", value={**EXAMPLE_DIP, "warnings": []})},
        problem_responses(*WRITING, "well-busy"),
        [header("ETag", "The revision.", 201), header("Cache-Control", "`no-cache`.", 201)],
        request=_body(EXAMPLE_SINE),
    ),
)
FIT = extend_schema_view(
    post=operation(
        "fit",
        TAG,
        "Compute a pick. Nothing is kept; whoever may read may compute. With the residuals of the"
        " points, and the trace of the plane on the wall.",
        {
            (200, JSON): answer(
                FitSerializer,
                "What the pick would be.",
                value={
                    **EXAMPLE_DIP,
                    "id": None,
                    "warnings": [],
                    "trace": [],
                    "residuals": None,
                    "weights": None,
                },
            )
        },
        problem_responses(*WRITING, "well-busy"),
        request=_body(
            {
                "well": EXAMPLE_WELL,
                "reference": "north",
                "points": [
                    {"depth": 1500.0, "azimuth": 0},
                    {"depth": 1500.2, "azimuth": 90},
                    {"depth": 1499.9, "azimuth": 200},
                ],
            }
        ),
    )
)
DIP = extend_schema_view(
    get=operation(
        "dip",
        TAG,
        "A pick. With its dips as they are now.",
        {(200, JSON): answer(DipSerializer, "The pick.", f"/dips/{EXAMPLE_ID}/")},
        problem_responses("storage-unavailable", "well-busy", dip_not_found=NOT_FOUND),
        [DIP_PATH, *TAGGED],
    ),
    patch=operation(
        "change_dip",
        TAG,
        "Change a pick. What is not sent stays as it is; with `If-Match` only that revision is"
        " changed. The version before stays in the history.",
        {(200, JSON): answer(DipSerializer, "The pick.", value=EXAMPLE_DIP)},
        problem_responses(*WRITING, "well-busy", "dip-changed", dip_not_found=NOT_FOUND),
        [DIP_PATH, IF_MATCH, *TAGGED],
        request=_body({"type": "fault", "comment": "gouge"}),
    ),
    delete=operation(
        "delete_dip",
        TAG,
        "Delete a pick. With `If-Match` only that revision; its history stays.",
        {204: OpenApiResponse(description="It is deleted.")},
        problem_responses(
            "storage-unavailable", "well-busy", "dip-changed", dip_not_found=NOT_FOUND
        ),
        [DIP_PATH, IF_MATCH],
    ),
)
HISTORY = extend_schema_view(
    get=operation(
        "dip_history",
        TAG,
        "What happened to a pick. The newest first, also when it is deleted: what people changed,"
        " and what was computed anew when its well was changed.",
        {(200, JSON): answer(HistorySerializer, "The events.", f"/dips/{EXAMPLE_ID}/history")},
        problem_responses(
            "invalid-parameter",
            "storage-unavailable",
            "well-busy",
            dip_not_found=(f"/dips/{NOWHERE}/history", NOT_FOUND[1]),
        ),
        [DIP_PATH],
    )
)
IMPORT = extend_schema_view(
    post=operation(
        "import_dips",
        TAG,
        "Import picks. All of a file or none; the same file comes in once. Columns for depth,"
        " height and azimuth on the wall, or for depth, dip and azimuth; a second line may hold the"
        " units. With `preview` nothing is kept.",
        {
            (code, JSON): answer(ImportSerializer, text, value=EXAMPLE_IMPORT)
            for code, text in ((201, "What was kept."), (200, "The preview, or what was known."))
        },
        problem_responses(
            *(
                "invalid-parameter",
                "invalid-dips",
                "units-differ",
                "upload-too-large",
                "busy",
            ),
            *("needs-too-much-memory", "incomplete-body", "body-too-slow", "well-busy"),
            *("unsupported-media-type", "storage-unavailable", "form-too-large"),
        ),
        parameters.IMPORT,
        request={
            CSV: OpenApiRequest(TEXT, examples=[OpenApiExample("example", EXAMPLE_FILE)]),
            FORM: OpenApiRequest(
                {
                    "type": "object",
                    "properties": {
                        "file": BINARY,
                        **{option.name: dict(option.schema) for option in parameters.IMPORT},
                    },
                    "required": ["file"],
                },
                examples=[OpenApiExample("example", {"file": EXAMPLE_FILE, "well": "sample"})],
            ),
        },
    )
)
READING = ("storage-unavailable", "well-busy", "too-many-dips", "busy", "needs-too-much-memory")
STATISTICS = extend_schema_view(
    get=operation(
        "dip_statistics",
        TAG,
        "The statistics of an interval. Of all picks and type by type: count, mean pole and"
        " Fisher's concentration, spacing and P10, with and without Terzaghi's weights.",
        {(200, JSON): answer(IntervalSerializer, "They.", f"/dips/statistics{OF_WELL}")},
        problem_responses(
            *READING,
            invalid_parameter=(
                "/dips/statistics",
                "well='': it is needed: A well: its name or its id.",
            ),
            well_not_found=("/dips/statistics?well=nowhere", NO_WELL),
        ),
        parameters.OF_ONE_WELL,
    )
)


def _diagram(name: str, text: str, asked: Sequence[Any], more: str = "") -> Any:
    """A diagram at ``/dips/<name>.svg`` and ``.png``."""
    needed = f"{OF_WELL}{more}"
    return extend_schema_view(
        get=operation(
            name,
            TAG,
            text,
            {
                **{
                    (200, media_type): answer(
                        BINARY, "The diagram.", f"/dips/{name}.{suffix}{needed}"
                    )
                    for suffix, media_type in (("svg", "image/svg+xml"), ("png", "image/png"))
                },
                304: OpenApiResponse(description="The client has this already."),
            },
            problem_responses(
                *READING,
                always=[
                    "bad-request",
                    "unauthorized",
                    "forbidden",
                    "too-many-requests",
                    "overloaded",
                ],
                invalid_parameter=(
                    f"/dips/{name}.svg{needed}&theme=blue",
                    "theme='blue': allowed: light, dark",
                ),
                well_not_found=(f"/dips/{name}.svg?well=nowhere{more}", NO_WELL),
            ),
            [
                FORMAT_PATH,
                *asked,
                request_header("If-None-Match", "ETags of what the client has already.", "*"),
                header("ETag", "Strong.", 200, 304),
                header("Cache-Control", "`no-cache`: kept, and asked for each time.", 200, 304),
            ],
        )
    )


ROSE = _diagram(
    "rose",
    "A rose diagram. Of dip azimuths, or, mirrored, of strikes, in the colours of the types.",
    parameters.ROSE,
)
STEREONET = _diagram(
    "stereonet",
    "A stereonet. The lower hemisphere in equal area; poles, or planes as great circles, and their"
    " density by Kamb's method.",
    parameters.STEREONET,
)
TADPOLES = _diagram(
    "tadpoles",
    "Tadpoles. True dips of a window of depth, with tails to their azimuths.",
    parameters.TADPOLES,
    "&min=1000&max=2000",
)
