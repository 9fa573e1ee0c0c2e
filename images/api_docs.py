"""What the OpenAPI schema says of each endpoint; the views take it as decorators.

A query parameter's example carries, as its summary, a query in which it works; an answer's
example is, as its external value, the address that gives it. All of them are requests that work
once the sample image log has been uploaded to the well ``sample``.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiRequest,
    OpenApiResponse,
    extend_schema_view,
)
from rest_framework import serializers

from images import api_problems
from images.answers import MEDIA_TYPES
from images.api_builders import (
    BINARY,
    JSON,
    NUMBER,
    OBJECT_ID,
    TEXT,
    answer,
    header,
    one_of,
    operation,
    page,
    path,
    query,
    request_header,
    whole,
)
from images.caching import IMMUTABLE, REVALIDATE
from images.colormap import CUSTOM, MAX_STOPS, MIN_STOPS
from images.csv_rows import DEPTH, PIXELS
from images.parameters import DEFAULT_WELL, MAX_WELL_CHARACTERS
from images.pictures import MAX_SLIDING_TRACES
from images.recipe import MAX_HEIGHT, MAX_WIDTH, NORMALIZATIONS
from images.serializers import ImageLogSerializer
from images.stretch import DEFAULT_PERCENTILES, STRETCHES

EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffee00"
EXAMPLE_CSV = f"{','.join((DEPTH, *PIXELS))}\n9000.1{',128' * len(PIXELS)}\n"
EXAMPLE_WINDOW = "/get-images/9000.1/9010/"
EXAMPLE_LOG = {
    "id": EXAMPLE_ID,
    "well": "sample",
    "filename": "sample.csv",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "rows": 5460,
    "rows_skipped": 0,
    "duplicate_depths": 0,
    "depth_min": 9000.1,
    "depth_max": 9546.0,
    "sampling_interval": 0.1,
    "source_width": 200,
    "width": 150,
    "created_at": "2026-01-31T12:00:00Z",
    "images_url": f"/get-images/9000.1/9546.0/?log={EXAMPLE_ID}",
}
WELL = {**TEXT, "minLength": 1, "maxLength": MAX_WELL_CHARACTERS}


class UploadedLogSerializer(ImageLogSerializer):
    """An image log, and whether the upload made it."""

    created = serializers.BooleanField()

    class Meta(ImageLogSerializer.Meta):
        fields: ClassVar = [*ImageLogSerializer.Meta.fields, "created"]


class StatisticsSerializer(serializers.Serializer):
    """The grays of a whole image log."""

    histogram = serializers.ListField(
        child=serializers.IntegerField(), min_length=256, max_length=256
    )
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField()
    mean = serializers.FloatField()
    percentiles = serializers.DictField(child=serializers.IntegerField())


class SamplingSerializer(serializers.Serializer):
    """The depth steps of an image log, null for a log of one depth."""

    median = serializers.FloatField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)


class GapSerializer(serializers.Serializer):
    """The depths on both sides of a gap."""

    top = serializers.FloatField()
    base = serializers.FloatField()


class OverviewSerializer(serializers.Serializer):
    """An overview: each of its traces is the mean of 4^level of the log's."""

    level = serializers.IntegerField()
    rows = serializers.IntegerField()


class DescribedLogSerializer(ImageLogSerializer):
    """An image log and its statistics, which are null where they have not been made."""

    statistics = StatisticsSerializer(allow_null=True)
    sampling = SamplingSerializer()
    gaps = GapSerializer(many=True)
    gap_count = serializers.IntegerField()
    overviews = OverviewSerializer(many=True)

    class Meta(ImageLogSerializer.Meta):
        fields: ClassVar = [
            *ImageLogSerializer.Meta.fields,
            "statistics",
            "sampling",
            "gaps",
            "gap_count",
            "overviews",
        ]


class ColormapSerializer(serializers.Serializer):
    """A colormap of matplotlib's."""

    name = serializers.CharField()
    category = serializers.CharField()
    perceptually_uniform = serializers.BooleanField()
    reversed = serializers.CharField()


class ColormapListSerializer(serializers.Serializer):
    """All colormaps, in matplotlib's order."""

    colormaps = ColormapSerializer(many=True)


def _status(word: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"status": one_of((word,))}, "required": ["status"]}


IMAGES = {
    "type": "object",
    "properties": {
        "depth": NUMBER,
        "image": {**TEXT, "format": "byte", "description": "A PNG of one trace, in base64."},
    },
    "required": ["depth", "image"],
}
WINDOW = {
    "type": "object",
    "properties": {
        "count": whole(1),
        "width": whole(1),
        "colormap": {**TEXT, "nullable": True},
        "stretch": one_of(STRETCHES),
        "value_range": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
        "images": {"type": "array", "items": IMAGES},
    },
    "required": ["count", "width", "colormap", "images"],
}
FORMAT_NOTES: Mapping[str, tuple[Any, str]] = {
    "json": (WINDOW, "Every trace as a PNG of its own; streamed."),
    "png": (BINARY, "One picture, the top uppermost; rows in a gap are transparent."),
    "webp": (BINARY, "The same picture as a lossless WebP."),
    "npy": (BINARY, "The grays as a NumPy array, (traces, 150) uint8; streamed."),
    "npz": (BINARY, "`traces` as in npy, and `depths`, (traces,) float64; streamed."),
    "csv": (TEXT, "`depth,col1,…,col150`, a line a trace; streamed."),
    "ndjson": (TEXT, "An object with `depth` and `image` a line; streamed."),
}

COLORMAP = query(
    "colormap",
    TEXT,
    f"Any of matplotlib's colormaps, `_r` included (see `/colormaps/`), or `{CUSTOM}`; without it"
    " grays stay gray.",
    "?colormap=viridis",
)
STOPS = f"{MIN_STOPS} to {MAX_STOPS} colours `#rrggbb` between commas (`#` may be left out)"
WELL_FILTER = query("well", WELL, "Only image logs of this well.", "?well=sample")
RANGE = (
    ("vmin", "The gray that gets the first colour; 0 by default."),
    ("vmax", "The gray that gets the last colour; 255 by default."),
)
PICTURE = "For `png` and `webp`. "

WINDOW_PARAMETERS = [
    path("top", NUMBER, "The shallow end, itself included; `min` in problems.", 9000.1),
    path("base", NUMBER, "The deep end, itself included; `max` in problems.", 9010),
    query(
        "format",
        one_of(tuple(MEDIA_TYPES)),
        "The representation; it goes before the Accept header.",
        "?format=png",
    ),
    WELL_FILTER,
    query("log", OBJECT_ID, "Only the image log with this id.", f"?log={EXAMPLE_ID}"),
    COLORMAP,
    query(
        "stops",
        TEXT,
        f"For `colormap={CUSTOM}`: {STOPS}, evenly spaced.",
        "?colormap=custom&stops=%23000000,%23c08040,%23ffffff",
    ),
    *(query(*of, "?format=png&vmin=60&vmax=200") for of in ((n, NUMBER, d) for n, d in RANGE)),
    query(
        "stretch",
        one_of(STRETCHES),
        "How grays are spread over the colours, from the histogram of the whole image log; `none`"
        " by default.",
        "?format=png&stretch=equalize",
    ),
    query(
        "percentile",
        TEXT,
        "For `stretch=percentile`: the lower and the upper one;"
        f" {','.join(format(p, 'g') for p in DEFAULT_PERCENTILES)} by default.",
        "?format=png&stretch=percentile&percentile=5,95",
    ),
    query(
        "height",
        whole(1, MAX_HEIGHT),
        PICTURE + "Pixels; each then shows the same piece of depth. One a trace without it.",
        "?format=png&height=500",
    ),
    query(
        "width",
        whole(1, MAX_WIDTH),
        PICTURE + "Pixels; 150 by default.",
        "?format=png&height=500&width=300",
    ),
    query(
        "normalize",
        one_of(NORMALIZATIONS),
        PICTURE + "Whether `stretch` looks at the whole log (`static`, the default) or at a"
        f" depth window that slides along it (`dynamic`; at most {MAX_SLIDING_TRACES} traces).",
        "?format=png&stretch=minmax&normalize=dynamic&window=2.5",
    ),
    query(
        "window",
        {**NUMBER, "minimum": 0, "exclusiveMinimum": True},
        "For `normalize=dynamic`: the extent of the sliding window in units of depth.",
        "?format=png&stretch=minmax&normalize=dynamic&window=2.5",
    ),
    request_header(
        "If-None-Match",
        "ETags of what the client has already.",
        '"5d41402abc4b2a76b9719d911017c592"',
    ),
]
LOG_PATH = path("log_id", OBJECT_ID, "The id of the image log.", EXAMPLE_ID)
LOG_NOT_FOUND = (f"/logs/{'0' * 24}/", f"there is no image log {'0' * 24}")
WINDOW_HEADERS = [
    header("ETag", "Strong; from the image logs, the window and the query.", 200, 304),
    header("Cache-Control", f"`{IMMUTABLE}` where `log` is given, else `{REVALIDATE}`.", 200, 304),
    header("Vary", "`Accept, Accept-Encoding`.", 200, 304),
    header("Server-Timing", "Milliseconds: `catalogue`, `chunks`, `render`.", 200),
    header("Content-Encoding", "`gzip`, where asked for and of use.", 200, required=False),
    header("Image-Rows", "Traces; rows of the picture.", 200),
    *(
        header(name, f"{PICTURE}{description}", 200, required=False)
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
                UploadedLogSerializer, "The image log.", value={**EXAMPLE_LOG, "created": True}
            )
        },
        api_problems.responses(
            "invalid-csv",
            "no-file",
            "invalid-parameter",
            "incomplete-body",
            "length-required",
            "upload-too-large",
            "form-too-large",
            "unsupported-media-type",
            "storage-unavailable",
            "ingest-overtaken",
            "no-room-for-upload",
        ),
        [
            query(
                "well",
                {**WELL, "default": DEFAULT_WELL},
                "The well; the field `well` of a form goes before it.",
                "?well=sample",
            )
        ],
        request={
            "multipart/form-data": OpenApiRequest(
                {
                    "type": "object",
                    "properties": {"file": BINARY, "well": WELL},
                    "required": ["file"],
                },
                examples=[OpenApiExample("example", {"file": EXAMPLE_CSV, "well": "B-7"})],
                encoding={"file": {"contentType": "text/csv"}},
            ),
            "text/csv": OpenApiRequest(TEXT, examples=[OpenApiExample("example", EXAMPLE_CSV)]),
        },
    )
)

GET_IMAGES = extend_schema_view(
    get=operation(
        "get_images",
        "images",
        "A window of depth. Its traces in the form that the client reads, both ends included,"
        " coloured at retrieval. A stretch, and a picture, are of one image log only.",
        {
            **{
                (200, MEDIA_TYPES[name]): answer(
                    schema, note, external=f"{EXAMPLE_WINDOW}?format={name}"
                )
                for name, (schema, note) in FORMAT_NOTES.items()
            },
            304: OpenApiResponse(description="The client has this already."),
        },
        api_problems.responses(
            "several-logs",
            "window-too-large",
            "statistics-missing",
            "file-corrupt",
            "storage-unavailable",
            invalid_parameter=(
                "/get-images/9010/9000/",
                "min='9010': the range is reversed: max is 9000",
            ),
            unknown_colormap=(
                f"{EXAMPLE_WINDOW}?colormap=virdis",
                api_problems.KINDS["unknown-colormap"].detail,
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

COLORMAPS = extend_schema_view(
    get=operation(
        "colormaps",
        "colormaps",
        "Every colormap that a request may name. In matplotlib's order.",
        {(200, JSON): answer(ColormapListSerializer, "The colormaps.", "/colormaps/")},
        api_problems.responses(
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
        api_problems.responses(
            invalid_parameter=(
                "/colormaps/jet.png?vmin=9&vmax=1",
                "vmin='9.0': vmin must be less than vmax, 1.0",
            ),
            unknown_colormap=(
                "/colormaps/virdis.png",
                api_problems.KINDS["unknown-colormap"].detail,
            ),
        ),
        [
            path("name", TEXT, f"A colormap, or `{CUSTOM}` with `stops`.", "viridis"),
            *(query(*of, "?vmin=60&vmax=200") for of in ((n, NUMBER, d) for n, d in RANGE)),
            query(
                "stops",
                TEXT,
                f"For `{CUSTOM}`: {STOPS}.",
                "/colormaps/custom.png?stops=%23000000,%23c08040,%23ffffff",
            ),
        ],
    )
)

LOGS = extend_schema_view(
    get=operation(
        "logs",
        "image logs",
        "The catalogue. Ordered by well and depth, page by page.",
        {(200, JSON): answer(ImageLogSerializer(many=True), "A page.", value=EXAMPLE_LOG)},
        api_problems.responses(
            "storage-unavailable",
            invalid_parameter=(
                "/logs/?welll=sample",
                "welll='sample': unknown parameter; did you mean well?",
            ),
        ),
        [WELL_FILTER, *page("Image logs")],
    )
)

LOG = extend_schema_view(
    get=operation(
        "log",
        "image logs",
        "An image log. With the statistics of its grays, its depth steps, gaps and overviews.",
        {(200, JSON): answer(DescribedLogSerializer, "The image log.", f"/logs/{EXAMPLE_ID}/")},
        api_problems.responses("storage-unavailable", log_not_found=LOG_NOT_FOUND),
        [LOG_PATH],
    ),
    delete=operation(
        "delete_log",
        "image logs",
        "Delete an image log. It is out of sight at once.",
        {204: OpenApiResponse(description="It is deleted.")},
        api_problems.responses("storage-unavailable", log_not_found=LOG_NOT_FOUND),
        [LOG_PATH],
    ),
)

HEALTHZ = operation(
    "healthz",
    "health",
    "Is the process alive. It answers; nothing else is touched.",
    {(200, JSON): answer(_status("alive"), "It is.", "/healthz/")},
    api_problems.responses(),
    [NO_STORE],
)
READYZ = operation(
    "readyz",
    "health",
    "Can it do its work. MongoDB answers.",
    {(200, JSON): answer(_status("ready"), "It can.", "/readyz/")},
    api_problems.responses("storage-unavailable"),
    [NO_STORE],
)
