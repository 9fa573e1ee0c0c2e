"""The OpenAPI description of each endpoint of picks, as decorators of the views.

The examples are requests that work once there is a well EXAMPLE_WELL with a survey, and in it the
pick EXAMPLE_ID.
"""

import json
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema_view

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
from dips.diagrams import MEDIA_TYPES
from web.conditions import REVALIDATE
from web.openapi.operations import (
    ACCESS,
    BINARY,
    CSV,
    JSON,
    UPLOAD,
    answer,
    body,
    by_id,
    deleted,
    fails,
    fields_of,
    form,
    if_match,
    invalid,
    operation,
    page,
    revalidated,
    tagged,
)
from web.openapi.parameters import one_of, path
from web.parameters import TEXT

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
EXAMPLE_DIP = {
    "id": EXAMPLE_ID,
    "well": EXAMPLE_WELL,
    **json.loads("""{
        "log": null, "type": "bedding", "basis": "sinusoid",
        "depth": 1500.0, "depth_unit": "m", "height": 0.4,
        "apparent_dip": 61.61, "apparent_azimuth": 75.0,
        "hole_inclination": 44.1, "hole_azimuth": 65.6, "true_dip": 61.9, "true_azimuth": 187.2,
        "diameter": 8.5, "diameter_unit": "in", "diameter_source": "bit size", "caliper": null,
        "reference": "top of hole", "reason": null,
        "points": null, "residual": null, "covariance": null, "quality": null, "comment": "",
        "author": "anna", "editor": "anna", "source": "human", "revision": 1,
        "created_at": "2026-01-31T12:00:00Z", "changed_at": "2026-01-31T12:00:00Z",
        "recomputed_at": null
    }"""),
}
EXAMPLE_FIT = EXAMPLE_DIP | {
    "id": None,
    "warnings": [],
    "trace": [],
    "residuals": None,
    "weights": None,
}
EXAMPLE_POINTS = {
    "well": EXAMPLE_WELL,
    "reference": "north",
    "points": [
        {"depth": 1500.0, "azimuth": 0},
        {"depth": 1500.2, "azimuth": 90},
        {"depth": 1499.9, "azimuth": 200},
    ],
}
EXAMPLE_IMPORT = json.loads("""{
    "preview": false, "id": "665f1c2ab7e4d3a1c0ffdd02", "created": true,
    "well": "default", "count": 2, "basis": "plane",
    "columns": {"depth": "depth", "true_dip": "dip", "true_azimuth": "azimuth"}, "ignored": [],
    "depth_unit": null, "top": 1500.5, "base": 1501.25,
    "differences": {}, "warnings": [], "errors": [], "total_errors": 0, "dips": []
}""")
DIP_ID = partial(by_id, "dip-not-found", "pick", EXAMPLE_ID)
BY_ID = DIP_ID("/dips/{}/")
TAGGED = tagged("The revision.", cache_control=f"`{REVALIDATE}`: kept, and asked for each time.")
CONDITIONAL = if_match("dip-changed", '"1"')
WELL_BUSY = fails("well-busy")
WRITING = WELL_BUSY | fails("points-insufficient", "log-not-found")
READING = WELL_BUSY | fails("too-many-dips", "busy", "needs-too-much-memory")
NO_WELL = "there is no well nowhere"


DIPS = extend_schema_view(
    get=operation(
        "dips",
        "Find picks. They are sorted by well and depth. JSON has them page by page. `csv` has all"
        " of them, and can be imported again. `las` and `techlog` (the columns that Techlog and"
        " WellCAD import) have those of one well.",
        *parameters.LIST,
        page(RestoredDipSerializer, EXAMPLE_DIP),
        answer(BINARY, "The picks.", f"/dips/{OF_WELL}&format=csv", media_type=CSV),
        answer(BINARY, "LAS 2.0.", f"/dips/{OF_WELL}&format=las", media_type="text/plain"),
        WELL_BUSY,
        invalid("/dips/?typ=fault", "typ='fault': unknown parameter; did you mean type?"),
        fails("busy", "needs-too-much-memory"),
        fails(well_not_found=("/dips/?well=nowhere&format=las", NO_WELL)),
    ),
    post=operation(
        "add_dip",
        "Add a pick. It is given by `points` on the wall, by its sinusoid, or by a true dip alone."
        " Its dips are computed from the survey of the well and the diameter of the hole: by the"
        " caliper, else the bit size, else as given.",
        body(JSON, DipForm, EXAMPLE_SINE),
        answer(NewDipSerializer, "The pick.", example={**EXAMPLE_DIP, "warnings": []}, status=201),
        tagged("The revision.", 201, f"`{REVALIDATE}`."),
        WRITING,
    ),
)
FIT = extend_schema_view(
    post=operation(
        "fit",
        "Compute a pick. Nothing is stored, so users who may only read may compute. The answer has"
        " the residuals of the points, and the trace of the plane on the wall.",
        body(JSON, DipForm, EXAMPLE_POINTS),
        answer(FitSerializer, "What the pick would be.", example=EXAMPLE_FIT),
        WRITING,
    )
)
DIP = extend_schema_view(
    get=operation(
        "dip",
        "Get a pick. With its dips as they are now.",
        BY_ID | TAGGED | WELL_BUSY,
        answer(DipSerializer, "The pick.", f"/dips/{EXAMPLE_ID}/"),
    ),
    patch=operation(
        "change_dip",
        "Change a pick. Fields that are not sent stay as they are. With `If-Match`, only that"
        " revision is changed. The former version stays in the history.",
        BY_ID | CONDITIONAL | TAGGED | WRITING,
        body(JSON, DipForm, {"type": "fault", "comment": "gouge"}),
        answer(DipSerializer, "The pick.", example=EXAMPLE_DIP),
    ),
    delete=operation(
        "delete_dip",
        "Delete a pick. With `If-Match`, only that revision is deleted. Its history stays.",
        BY_ID | CONDITIONAL | WELL_BUSY | deleted(),
    ),
)
HISTORY = extend_schema_view(
    get=operation(
        "dip_history",
        "Get the history of a pick. Events are changes by people, and new dips after changes of the"
        " well. The newest event is first. The history of a deleted pick stays.",
        DIP_ID("/dips/{}/history"),
        answer(HistorySerializer, "The events.", f"/dips/{EXAMPLE_ID}/history"),
        WELL_BUSY,
    )
)


IMPORT = extend_schema_view(
    post=operation(
        "import_dips",
        "Import picks. All picks of a file are kept, or none; the same file is kept once. It is CSV"
        " with any delimiter, text in columns, or LAS. It gives each plane by the sinusoid on the"
        " wall, by an apparent dip, or by a true dip with its dip azimuth or strike. With `preview`"
        " nothing is kept.",
        *parameters.IMPORT,
        body(CSV, TEXT, EXAMPLE_FILE),
        form(
            {"file": BINARY, **fields_of(parameters.IMPORT)},
            {"file": EXAMPLE_FILE, "well": "sample"},
            "file",
        ),
        answer(ImportSerializer, "What was kept.", example=EXAMPLE_IMPORT, status=201),
        answer(
            ImportSerializer,
            "The preview, or an import that was kept before.",
            example=EXAMPLE_IMPORT,
        ),
        WELL_BUSY | fails("invalid-dips", "units-differ"),
        fails(*UPLOAD, "busy", "needs-too-much-memory"),
    )
)
STATISTICS = extend_schema_view(
    get=operation(
        "dip_statistics",
        "Get the statistics of an interval. Of all picks and of each type: count, mean pole and"
        " Fisher's concentration, spacing and P10, with and without Terzaghi's weights.",
        *parameters.OF_ONE_WELL,
        answer(IntervalSerializer, "The statistics.", f"/dips/statistics{OF_WELL}"),
        READING,
        invalid("/dips/statistics", "well='': it is needed: A well: its name or its id."),
        fails(well_not_found=("/dips/statistics?well=nowhere", NO_WELL)),
    )
)


def _diagram(name: str, text: str, asked: Any, more: str = "") -> Any:
    """A diagram at ``/dips/<name>.svg`` and ``.png``."""
    needed = f"{OF_WELL}{more}"
    return extend_schema_view(
        get=operation(
            name,
            text,
            path("format_", one_of(tuple(MEDIA_TYPES)), "The kind of picture.", "svg"),
            *asked,
            *(
                answer(BINARY, "The diagram.", f"/dips/{name}.{kind}{needed}", media_type=of)
                for kind, of in MEDIA_TYPES.items()
            ),
            revalidated("Strong."),
            READING,
            invalid(f"/dips/{name}.svg{needed}&theme=blue", "theme='blue': allowed: light, dark"),
            fails(well_not_found=(f"/dips/{name}.svg?well=nowhere{more}", NO_WELL)),
            # The address decides the type of the picture, so the Accept header cannot cause a 406.
            always=("bad-request", *ACCESS, "overloaded", "storage-unavailable"),
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
