"""Parameters and headers, as the OpenAPI schema has them.

The example of a query's parameter is a whole query in which it works, once the sample image log
has been uploaded to the well ``sample``.
"""

from images.api.schemas import WELL
from images.render.colormap import CUSTOM, MAX_STOPS, MIN_STOPS
from images.render.raster import MAX_SLIDING_TRACES
from images.render.representations import MEDIA_TYPES
from images.render.stretch import DEFAULT_PERCENTILES, STRETCHES
from images.render.window_request import MAX_HEIGHT, MAX_WIDTH, NORMALIZATIONS
from web.caching import IMMUTABLE, REVALIDATE
from web.openapi import (
    NUMBER,
    OBJECT_ID,
    TEXT,
    header,
    one_of,
    path,
    query,
    request_header,
    whole,
)

EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffee00"
EXAMPLE_TAG = '"5d41402abc4b2a76b9719d911017c592"'

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
    request_header("If-None-Match", "ETags of what the client has already.", EXAMPLE_TAG),
]
LOG_PATH = path("log_id", OBJECT_ID, "The id of the image log.", EXAMPLE_ID)
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
