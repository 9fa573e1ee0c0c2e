"""The OpenAPI descriptions of the endpoints of image logs, as decorators of the views.

The examples of answers are URLs. They work once the sample log has been uploaded to the well
``sample``.
"""

import json
from functools import partial
from typing import Any

from drf_spectacular.utils import extend_schema_view

from images.api.changes import LogChange
from images.api.parameters import FORMAT, LOG_LIST, OPTIONS, UPLOAD_WELL
from images.api.schemas import (
    WINDOW,
    ColormapListSerializer,
    DescribedLogSerializer,
    UploadedLogSerializer,
    UploadedLogsSerializer,
)
from images.api.serializers import ImageLogSerializer
from images.ingest.contract.header import DEPTH, PIXELS
from images.render.colour.colormap import CUSTOM
from images.render.legend_request import LEGEND_QUERY
from images.render.representations import REPRESENTATIONS
from images.render.window_parameters import ALL, EXAMPLE_ID
from web.conditions import IMMUTABLE, REVALIDATE
from web.openapi.operations import (
    BINARY,
    BYTES,
    CSV,
    JSON,
    NOWHERE,
    UPLOAD,
    answer,
    body,
    by_id,
    deleted,
    fails,
    fields_of,
    file_in_parts,
    form,
    if_match,
    invalid,
    operation,
    page,
    revalidated,
    tagged,
)
from web.openapi.parameters import header, path, request_header
from web.parameters import DEFAULT_WELL, NUMBER, TEXT, WELL_NAME, Parameter

log_operation = partial(operation, tag="image logs")
WINDOW_PATH = "/get-images/9000.1/9010/"
EXAMPLE_CSV = f"{','.join((DEPTH, *PIXELS))}\n9000.1{',128' * len(PIXELS)}\n"
EXAMPLE_LOG = {
    "id": EXAMPLE_ID,
    **json.loads("""{
        "well": "sample", "name": "image", "kind": "image", "unit": null, "values": "uint8",
        "filename": "sample.csv",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "rows": 5460, "rows_skipped": 0, "duplicate_depths": 0,
        "depth_min": 9000.1, "depth_max": 9546.0, "sampling_interval": 0.1, "depth_unit": null,
        "source_width": 200, "width": 150, "nulls": 0,
        "first_azimuth": null, "clockwise": null, "azimuth_reference": null,
        "created_at": "2026-01-31T12:00:00Z"
    }"""),
    "images_url": f"/get-images/9000.1/9546.0/?log={EXAMPLE_ID}",
}
EXAMPLE_DESCRIBED = {
    **EXAMPLE_LOG,
    "statistics": None,
    "sampling": {"median": 0.1, "minimum": 0.1, "maximum": 0.1},
    "gaps": [],
    "gap_count": 0,
    "axis": None,
    "overviews": [{"level": 1, "rows": 1365}],
}
EXAMPLE_UPLOADED = {
    "format": "LAS 2.0",
    "preview": False,
    "logs": [{**EXAMPLE_LOG, "created": True}],
    "curves": [],
    "warnings": [{"code": "nulls-assumed", "detail": "-999.25 (3 times) …"}],
    "ignored": [{"column": "time", "reason": "it holds text, not numbers"}],
}
LOG_ID = by_id("log-not-found", "image log", EXAMPLE_ID, "/logs/{}/")
UPLOAD_ID = request_header(
    "Upload-ID",
    "An id that the client chooses, 16 to 64 letters, digits and `-`. While the file is read,"
    " `GET /new-log/<id>` answers how many rows of it have been read.",
    "5f1c2ab7-e4d3-a1c0-ffee",
)
INGEST = fails(*UPLOAD, "no-file", "ingest-overtaken", "too-many-ingests")


def _form(*options: Parameter[Any], **media_types: str) -> Any:
    """Describe a form with a file and options."""
    well = {**WELL_NAME, "default": DEFAULT_WELL}
    fields = {"file": BINARY, "well": well, **fields_of(options)}
    return form(fields, {"file": EXAMPLE_CSV, "well": "B-7"}, "file", **media_types)


UPLOAD_CSV = extend_schema_view(
    post=log_operation(
        "upload_csv",
        "Ingest a CSV. The whole file is stored, or nothing of it. The columns are `depth` and"
        " `col1` to `col200`, in any order; pixels are from 0 to 255. If the well already has a log"
        " of the same file, the answer is that log, with `created` false.",
        UPLOAD_WELL,
        _form(file=CSV),
        body(CSV, TEXT, EXAMPLE_CSV),
        answer(
            UploadedLogSerializer,
            "The image log.",
            example={**EXAMPLE_LOG, "created": True, "warnings": []},
        ),
        INGEST | fails("invalid-csv", "invalid-file"),
    )
)

WINDOW_HEADERS = [
    header("Vary", "`Accept, Accept-Encoding`.", 200, 304),
    header("Server-Timing", "Milliseconds: `catalogue`, `chunks`, `render`.", 200),
    header("Content-Encoding", "`gzip`, where asked for and of use.", 200, required=False),
    header("Content-Disposition", "The name of the file: well, log and depths.", 200),
    header("Image-Rows", "The number of traces, or of the rows of a picture.", 200),
    *(
        header(name, f"For pictures. {description}", 200, required=False)
        for name, description in (
            ("Image-First-Depth", "The depth of the first trace shown."),
            ("Image-Last-Depth", "The depth of the last trace shown."),
            ("Image-Level", "The overview that the picture was drawn from; 0 is the log itself."),
            ("Image-Value-Range", "The values of the first and the last colour, or `sliding`."),
            ("Image-Colormap", "The colormap, or `none`."),
            ("Image-Log", "The id of the image log."),
        )
    ),
]


def _schema(media_type: str) -> dict[str, Any]:
    if media_type == JSON:
        return WINDOW
    return TEXT if media_type in {CSV, "application/x-ndjson"} else BINARY


GET_IMAGES = extend_schema_view(
    get=operation(
        "get_images",
        "Get a depth range. The traces from `top` to `base` in the format that the client asks for,"
        " both ends included. Colours are applied at retrieval. A picture or a stretch needs"
        " exactly one image log.",
        path("top", NUMBER, "The shallow end, included; problems call it `min`.", 9000.1),
        path("base", NUMBER, "The deep end, included; problems call it `max`.", 9010),
        FORMAT,
        *ALL,
        *(
            answer(
                _schema(each.media_type),
                each.note,
                f"{WINDOW_PATH}?format={each.name}",
                media_type=each.media_type,
            )
            for each in REPRESENTATIONS.values()
        ),
        revalidated(
            "Strong; from everything that determines the bytes.",
            f"`{IMMUTABLE}` for a picture or an array with `log`, else `{REVALIDATE}`.",
        ),
        *WINDOW_HEADERS,
        fails("several-logs", "window-too-large", "statistics-missing", "file-corrupt", "busy"),
        invalid("/get-images/9010/9000/", "min='9010': the range is reversed: max is 9000"),
        fails(
            "needs-too-much-memory",
            unknown_colormap=f"{WINDOW_PATH}?colormap=virdis",
            log_not_found=f"{WINDOW_PATH}?log={NOWHERE}",
            nothing_in_range="/get-images/1/2/",
        ),
        tag="images",
    )
)

ZARR = extend_schema_view(
    get=log_operation(
        "log_zarr",
        "Read a log as Zarr v3. A read-only group with the arrays `values` [depth, azimuth],"
        " `depth` and `azimuth`, and each overview as a group `overviews/<level>`."
        " `xarray.open_zarr` opens the URL that ends with `.zarr`. Nulls are NaN, the fill value.",
        LOG_ID,
        path("path", TEXT, "The key of a document or a chunk, or a group.", "values/c/0/0"),
        file_in_parts(
            {
                BYTES: f"/logs/{EXAMPLE_ID}.zarr/values/c/0/0",
                JSON: f"/logs/{EXAMPLE_ID}.zarr/zarr.json",
                "text/html": f"/logs/{EXAMPLE_ID}.zarr/values/",
            },
            "Strong; for a document from its bytes, for a chunk from its key.",
            f"`{IMMUTABLE}` for a chunk, `{REVALIDATE}` for a document or a list of links.",
        ),
        fails("busy", "zarr-key-not-found", log_gone=f"/logs/{NOWHERE}.zarr/values/c/0/0"),
    )
)

COLORMAPS = extend_schema_view(
    get=operation(
        "colormaps",
        "List the colormaps. All names for `colormap`, in matplotlib's order.",
        answer(ColormapListSerializer, "The colormaps.", "/colormaps/"),
        invalid("/colormaps/?name=jet", "name='jet': unknown parameter; allowed: none"),
    )
)

LEGEND = extend_schema_view(
    get=operation(
        "colormap_legend",
        "Draw a legend. The 256 grays from left to right, with the colours of a colormap; with"
        " `log`, the values of a log, with its name and unit.",
        path("name", TEXT, f"A colormap, or `{CUSTOM}` with `stops`.", "viridis"),
        *LEGEND_QUERY,
        answer(
            BINARY,
            "256 x 24 pixels; 400 x 80 with a log.",
            "/colormaps/viridis.png",
            media_type="image/png",
        ),
        invalid("/colormaps/jet.png?vmin=9&vmax=1", "vmin='9.0': vmin must be less than vmax, 1.0"),
        fails(
            unknown_colormap="/colormaps/virdis.png",
            log_not_found=f"/colormaps/viridis.png?log={NOWHERE}",
        ),
    )
)

LOGS = extend_schema_view(
    get=log_operation(
        "logs",
        "List the logs. By well and depth, page by page.",
        *LOG_LIST,
        page(ImageLogSerializer, EXAMPLE_LOG),
        invalid("/logs/?welll=sample", "welll='sample': unknown parameter; did you mean well?"),
    ),
    post=log_operation(
        "upload_logs",
        "Ingest a file of any format. Delimited text, Techlog's long form, LAS 1.2, 2.0 and 3.0,"
        " DLIS and WellCAD's ASCII, also as gzip or as the only file of a zip. The format is"
        " recognised by content. All logs of the file are stored, or none. The options can also be"
        " fields of the form.",
        *OPTIONS,
        UPLOAD_ID,
        _form(*OPTIONS),
        body(BYTES, BINARY, EXAMPLE_CSV),
        answer(UploadedLogsSerializer, "The logs, and ignored columns.", example=EXAMPLE_UPLOADED),
        INGEST | fails("invalid-file", "several-wells"),
        invalid("/logs/?step=0", "step='0': a step other than 0 is needed"),
    ),
)

LOG_TAG = tagged("Strong; for `If-Match` in a change.")
LOG = extend_schema_view(
    get=log_operation(
        "log",
        "Get a log. With its statistics, depth steps, gaps and overviews.",
        LOG_ID | LOG_TAG,
        answer(DescribedLogSerializer, "The image log.", f"/logs/{EXAMPLE_ID}/"),
    ),
    patch=log_operation(
        "change_log",
        "Change a log. Its well, name, units, the azimuth of its first column, the direction of the"
        " columns and the reference of azimuths. Fields that are not sent stay as they are.",
        LOG_ID | LOG_TAG | if_match("precondition-failed"),
        body(
            JSON,
            LogChange(partial=True),
            {"name": "FMI", "first_azimuth": 0, "azimuth_reference": "north"},
        ),
        answer(DescribedLogSerializer, "The log as it is now.", example=EXAMPLE_DESCRIBED),
        fails("log-exists"),
    ),
    delete=log_operation(
        "delete_log",
        "Delete a log. It disappears at once. Picks that were made on it stay: they belong to the"
        " well.",
        LOG_ID | deleted() | if_match("precondition-failed"),
    ),
)
