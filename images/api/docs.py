"""The OpenAPI description of each endpoint; the views take them as decorators.

The example of an answer is, as its external value, the address that gives it once the sample image
log has been uploaded to the well ``sample``.
"""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema_view,
)

from images.api.changes import LogChange
from images.api.log_uploads import OPTIONS
from images.api.parameters import FORMAT, LOG_LIST, UPLOAD_WELL
from images.api.schemas import (
    READY,
    WINDOW,
    ColormapListSerializer,
    DescribedLogSerializer,
    UploadedLogSerializer,
    UploadedLogsSerializer,
    status,
)
from images.api.serializers import ImageLogSerializer
from images.ingest.csv_rows import DEPTH, PIXELS
from images.render.colormap import CUSTOM
from images.render.representations import REPRESENTATIONS
from images.render.window_request import COLOUR, EXAMPLE_ID, LEGEND_QUERY, SELECTION, SIZE
from web.caching import IMMUTABLE, REVALIDATE
from web.openapi import (
    BINARY,
    JSON,
    PUBLIC,
    answer,
    header,
    operation,
    path,
    problem_responses,
    request_header,
)
from web.parameters import DEFAULT_WELL, NUMBER, OBJECT_ID, TEXT, WELL_NAME, Parameter
from web.problems import BY_NAME

EXAMPLE_CSV = f"{','.join((DEPTH, *PIXELS))}\n9000.1{',128' * len(PIXELS)}\n"
# Swagger UI fills in the default, or else the word "string".
FORM_WELL = {**WELL_NAME, "default": DEFAULT_WELL}
EXAMPLE_WINDOW = "/get-images/9000.1/9010/"
EXAMPLE_LOG = {
    "id": EXAMPLE_ID,
    "well": "sample",
    "name": "image",
    "kind": "image",
    "unit": None,
    "values": "uint8",
    "filename": "sample.csv",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "rows": 5460,
    "rows_skipped": 0,
    "duplicate_depths": 0,
    "depth_min": 9000.1,
    "depth_max": 9546.0,
    "sampling_interval": 0.1,
    "depth_unit": None,
    "source_width": 200,
    "width": 150,
    "nulls": 0,
    "first_azimuth": None,
    "clockwise": None,
    "azimuth_reference": None,
    "created_at": "2026-01-31T12:00:00Z",
    "images_url": f"/get-images/9000.1/9546.0/?log={EXAMPLE_ID}",
}
EXAMPLE_TAG = '"5d41402abc4b2a76b9719d911017c592"'
EXAMPLE_CHUNK = f"/logs/{EXAMPLE_ID}.zarr/values/c/0/0"
LOG_NOT_FOUND = (f"/logs/{'0' * 24}/", f"there is no image log {'0' * 24}")


NO_STORE = OpenApiParameter(
    "Cache-Control", {**TEXT, "enum": ["no-store"]}, "header", required=True, response=[200]
)


UPLOAD_CSV = extend_schema_view(
    post=operation(
        "upload_csv",
        "image logs",
        "Ingest a CSV. All of it or nothing. The columns are `depth` and `col1` to `col200`, in any"
        " order; pixels from 0 to 255. The same bytes sent again to the same well give the image"
        " log that is there already, with `created` false.",
        {
            (200, JSON): answer(
                UploadedLogSerializer,
                "The image log.",
                value={**EXAMPLE_LOG, "created": True, "warnings": []},
            )
        },
        problem_responses(
            "invalid-csv",
            "no-file",
            "invalid-parameter",
            "incomplete-body",
            "body-too-slow",
            "length-required",
            "upload-too-large",
            "form-too-large",
            "unsupported-media-type",
            "storage-unavailable",
            "ingest-overtaken",
            "too-many-ingests",
            "no-room-for-upload",
        ),
        [UPLOAD_WELL],
        request={
            "multipart/form-data": OpenApiRequest(
                {
                    "type": "object",
                    "properties": {"file": BINARY, "well": FORM_WELL},
                    "required": ["file"],
                },
                examples=[OpenApiExample("example", {"file": EXAMPLE_CSV, "well": "B-7"})],
                encoding={"file": {"contentType": "text/csv"}},
            ),
            "text/csv": OpenApiRequest(TEXT, examples=[OpenApiExample("example", EXAMPLE_CSV)]),
        },
    )
)

LOG_PATH = path("log_id", OBJECT_ID, "The id of the image log.", EXAMPLE_ID)
WINDOW_PARAMETERS: list[Parameter[Any] | OpenApiParameter] = [
    path("top", NUMBER, "The shallow end, itself included; `min` in problems.", 9000.1),
    path("base", NUMBER, "The deep end, itself included; `max` in problems.", 9010),
    FORMAT,
    *SELECTION,
    *COLOUR,
    *SIZE,
    request_header(
        "If-None-Match",
        "ETags of what the client has already.",
        EXAMPLE_TAG,
    ),
]
WINDOW_HEADERS = [
    header("ETag", "Strong; from all that determines the bytes.", 200, 304),
    header(
        "Cache-Control", f"`{IMMUTABLE}` for a picture with `log`, else `{REVALIDATE}`.", 200, 304
    ),
    header("Vary", "`Accept, Accept-Encoding`.", 200, 304),
    header("Server-Timing", "Milliseconds: `catalogue`, `chunks`, `render`.", 200),
    header("Content-Encoding", "`gzip`, where asked for and of use.", 200, required=False),
    header("Image-Rows", "Traces; rows of the picture.", 200),
    *(
        header(name, f"Of a picture. {description}", 200, required=False)
        for name, description in (
            ("Image-First-Depth", "The depth of the first trace shown."),
            ("Image-Last-Depth", "The depth of the last trace shown."),
            ("Image-Level", "The overview that it was drawn from; 0 is the log itself."),
            ("Image-Value-Range", "The grays of the first and the last colour, or `sliding`."),
            ("Image-Colormap", "The colormap, or `none`."),
            ("Image-Log", "The id of the image log."),
        )
    ),
]


def _schema(media_type: str) -> dict[str, Any]:
    if media_type == JSON:
        return WINDOW
    return TEXT if media_type in {"text/csv", "application/x-ndjson"} else BINARY


GET_IMAGES = extend_schema_view(
    get=operation(
        "get_images",
        "images",
        "A window of depth. Its traces in the form that the client reads, both ends included,"
        " coloured at retrieval. A stretch, and a picture, are of one image log only.",
        {
            **{
                (200, each.media_type): answer(
                    _schema(each.media_type),
                    each.note,
                    external=f"{EXAMPLE_WINDOW}?format={each.name}",
                )
                for each in REPRESENTATIONS.values()
            },
            304: OpenApiResponse(description="The client has this already."),
        },
        problem_responses(
            "several-logs",
            "window-too-large",
            "statistics-missing",
            "file-corrupt",
            "storage-unavailable",
            "busy",
            "needs-too-much-memory",
            invalid_parameter=(
                "/get-images/9010/9000/",
                "min='9010': the range is reversed: max is 9000",
            ),
            unknown_colormap=(
                f"{EXAMPLE_WINDOW}?colormap=virdis",
                BY_NAME["unknown-colormap"].example,
            ),
            log_not_found=(
                f"{EXAMPLE_WINDOW}?log={'0' * 24}",
                f"there is no image log {'0' * 24}",
            ),
            nothing_in_range=("/get-images/1/2/", "there is no trace from 1.0 to 2.0"),
        ),
        [*WINDOW_PARAMETERS, *WINDOW_HEADERS],
    )
)

ZARR = extend_schema_view(
    get=operation(
        "log_zarr",
        "image logs",
        "A log as Zarr v3. A read-only group of `values` [depth, azimuth], `depth`, `azimuth` and"
        " each overview as `overviews/<level>`; `xarray.open_zarr` opens the address that ends with"
        " `.zarr` as it is. Nulls are NaN, the fill value.",
        {
            (200, "application/octet-stream"): answer(BINARY, "A chunk.", EXAMPLE_CHUNK),
            (200, JSON): answer(
                {"type": "object"}, "A document.", f"/logs/{EXAMPLE_ID}.zarr/zarr.json"
            ),
            (206, "application/octet-stream"): answer(BINARY, "A part of a chunk.", EXAMPLE_CHUNK),
            304: OpenApiResponse(description="The client has this already."),
        },
        problem_responses(
            "file-corrupt",
            "range-not-satisfiable",
            "storage-unavailable",
            "zarr-key-not-found",
            log_not_found=LOG_NOT_FOUND,
        ),
        [
            LOG_PATH,
            path("path", TEXT, "The key of a document or a chunk.", "values/c/0/0"),
            request_header("Range", "One range of bytes.", "bytes=0-149"),
            request_header("If-None-Match", "ETags of what the client has already.", EXAMPLE_TAG),
        ],
    )
)

COLORMAPS = extend_schema_view(
    get=operation(
        "colormaps",
        "colormaps",
        "Every colormap that a request may name. In matplotlib's order.",
        {(200, JSON): answer(ColormapListSerializer, "The colormaps.", "/colormaps/")},
        problem_responses(
            invalid_parameter=(
                "/colormaps/?name=jet",
                "name='jet': unknown parameter; allowed: none",
            )
        ),
    )
)

LEGEND = extend_schema_view(
    get=operation(
        "colormap_legend",
        "colormaps",
        "A legend. All grays from left to right, coloured as images get them.",
        {(200, "image/png"): answer(BINARY, "256 x 24 pixels.", "/colormaps/viridis.png")},
        problem_responses(
            invalid_parameter=(
                "/colormaps/jet.png?vmin=9&vmax=1",
                "vmin='9.0': vmin must be less than vmax, 1.0",
            ),
            unknown_colormap=(
                "/colormaps/virdis.png",
                BY_NAME["unknown-colormap"].example,
            ),
        ),
        [
            path("name", TEXT, f"A colormap, or `{CUSTOM}` with `stops`.", "viridis"),
            *LEGEND_QUERY,
        ],
    )
)

LOG_TAG = header("ETag", "Strong; for `If-Match` in a change.", 200)
EXAMPLE_FULL = {
    **EXAMPLE_LOG,
    "statistics": None,
    "sampling": {"median": 0.1, "minimum": 0.1, "maximum": 0.1},
    "gaps": [],
    "gap_count": 0,
    "axis": None,
    "overviews": [{"level": 1, "rows": 1365}],
}
LOGS = extend_schema_view(
    get=operation(
        "logs",
        "image logs",
        "The catalogue. Ordered by well and depth, page by page.",
        {(200, JSON): answer(ImageLogSerializer(many=True), "A page.", value=EXAMPLE_LOG)},
        problem_responses(
            "storage-unavailable",
            invalid_parameter=(
                "/logs/?welll=sample",
                "welll='sample': unknown parameter; did you mean well?",
            ),
        ),
        LOG_LIST,
    ),
    post=operation(
        "upload_logs",
        "image logs",
        "Ingest a file of any kind. Delimited text, Techlog's long form, LAS 1.2, 2.0 and 3.0, DLIS"
        " and WellCAD's ASCII, also in gzip or as the one file of a zip, recognised by content. All"
        " logs in it are kept, or none. The options may also be fields of the form.",
        {
            (200, JSON): answer(
                UploadedLogsSerializer,
                "The logs, and what was not taken.",
                value={
                    "format": "LAS 2.0",
                    "preview": False,
                    "logs": [{**EXAMPLE_LOG, "created": True}],
                    "curves": [],
                    "warnings": [{"code": "nulls-assumed", "detail": "-999.25 (3 times) …"}],
                    "ignored": [{"column": "time", "reason": "it holds text, not numbers"}],
                },
            )
        },
        problem_responses(
            "invalid-file",
            "no-file",
            "incomplete-body",
            "body-too-slow",
            "length-required",
            "upload-too-large",
            "form-too-large",
            "storage-unavailable",
            "ingest-overtaken",
            "too-many-ingests",
            "no-room-for-upload",
            invalid_parameter=("/logs/?step=0", "step='0': a step other than 0 is needed"),
        ),
        OPTIONS,
        request={
            "multipart/form-data": OpenApiRequest(
                {
                    "type": "object",
                    "properties": {"file": BINARY, "well": FORM_WELL},
                    "required": ["file"],
                },
                examples=[OpenApiExample("example", {"file": EXAMPLE_CSV, "well": "B-7"})],
            ),
            "application/octet-stream": OpenApiRequest(
                BINARY, examples=[OpenApiExample("example", EXAMPLE_CSV)]
            ),
        },
    ),
)

LOG = extend_schema_view(
    get=operation(
        "log",
        "image logs",
        "An image log. With the statistics of its grays, its depth steps, gaps and overviews.",
        {(200, JSON): answer(DescribedLogSerializer, "The image log.", f"/logs/{EXAMPLE_ID}/")},
        problem_responses("storage-unavailable", log_not_found=LOG_NOT_FOUND),
        [LOG_PATH, LOG_TAG],
    ),
    patch=operation(
        "change_log",
        "image logs",
        "Change what a log says of itself. Its names and units, the azimuth of its first column,"
        " the sense of the columns and what azimuths are measured from. What is not sent stays.",
        {(200, JSON): answer(DescribedLogSerializer, "The log as it is now.", value=EXAMPLE_FULL)},
        problem_responses(
            "storage-unavailable",
            "invalid-parameter",
            "unsupported-media-type",
            "form-too-large",
            "incomplete-body",
            "body-too-slow",
            "log-exists",
            "precondition-failed",
            log_not_found=LOG_NOT_FOUND,
        ),
        [
            LOG_PATH,
            request_header("If-Match", "ETags of which the log must have one.", "*"),
            LOG_TAG,
        ],
        request={
            JSON: OpenApiRequest(
                LogChange(partial=True),
                examples=[
                    OpenApiExample(
                        "example",
                        {"name": "FMI", "first_azimuth": 0, "azimuth_reference": "north"},
                    )
                ],
            )
        },
    ),
    delete=operation(
        "delete_log",
        "image logs",
        "Delete an image log. It is out of sight at once. Picks that were made on it stay: they"
        " are of the well.",
        {204: OpenApiResponse(description="It is deleted.")},
        problem_responses("storage-unavailable", log_not_found=LOG_NOT_FOUND),
        [LOG_PATH],
    ),
)

HEALTHZ = operation(
    "healthz",
    "health",
    "Is the process alive. It answers; nothing else is touched.",
    {(200, JSON): answer(status("alive"), "It is.", "/healthz/")},
    problem_responses(always=PUBLIC),
    [NO_STORE],
    auth=[],
)
READYZ = operation(
    "readyz",
    "health",
    "Can it do its work. MongoDB has a primary that answers, all migrations are applied, and there"
    " is room for temporary files.",
    {(200, JSON): answer(READY, "It can.", "/readyz/")},
    problem_responses("not-ready", always=(*PUBLIC, "overloaded")),
    [NO_STORE],
    auth=[],
)
