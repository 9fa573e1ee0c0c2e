"""The query parameters of GET /get-images/: one declaration reads, checks and documents each."""

from typing import Any

from bson import ObjectId

from images.errors import LogNotFound
from images.render.colour.colormap import CUSTOM, MAX_STOPS, MIN_STOPS
from images.render.colour.stretch import DEFAULT_PERCENTILES, STRETCHES, check_percentiles
from images.render.colour.values import SCALES
from web import parameters
from web.parameters import OBJECT_ID, TEXT, Parameter

# The largest picture in WebP.
MAX_HEIGHT = 16_383
MAX_WIDTH = 4_096
# Traces that dynamic normalisation may read for one picture.
MAX_SLIDING_TRACES = 40_000
NORMALIZATIONS = ("static", "dynamic")
EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffee00"

Parameters = tuple[Parameter[Any], ...]


def parse_log_id(text: str) -> ObjectId:
    """Parse the id of an image log. Raises LogNotFound for text that is not an id."""
    reason = f"there is no image log {text[:100]!r}: an id has 24 hexadecimal digits"
    return parameters.object_id(text, LogNotFound(reason))


WELL = Parameter.well("Only image logs of this well.")
LOG = Parameter(
    "log",
    "Only the image log with this id.",
    f"?log={EXAMPLE_ID}",
    lambda _, text: parse_log_id(text),
    OBJECT_ID,
)
SELECTION: Parameters = (WELL, LOG)

_STOPS = f"{MIN_STOPS} to {MAX_STOPS} colours `#rrggbb` between commas (`#` may be left out)"
_RANGE = "?format=png&vmin=60&vmax=200"
_SLIDING = "?format=png&stretch=minmax&normalize=dynamic&window=2.5"
COLORMAP = Parameter(
    "colormap",
    f"A colormap of matplotlib (see `/colormaps/`), or `{CUSTOM}`. Without it the picture is gray.",
    "?colormap=viridis",
    lambda _, text: text,
    TEXT,
)
STOPS = Parameter(
    "stops",
    f"For `colormap={CUSTOM}`: {_STOPS}, evenly spaced.",
    "?colormap=custom&stops=%23000000,%23c08040,%23ffffff",
    lambda _, text: text,
    TEXT,
)
VMIN = Parameter.decimal(
    "vmin",
    "The value, in the unit of the log, that gets the first colour; by default 0 for grays, the"
    " percentile 2 for values.",
    _RANGE,
)
VMAX = Parameter.decimal(
    "vmax",
    "The value that gets the last colour; by default 255 for grays, the percentile 98 for values.",
    _RANGE,
)
SCALE = Parameter.choice(
    "scale",
    "For logs of values: the scale between `vmin` and `vmax`; `linear` by default. On `log`, values"
    " of 0 or less are shown as null.",
    "?format=png&scale=linear",
    SCALES,
)
STRETCH = Parameter.choice(
    "stretch",
    "How grays are spread over the colours, from the histogram of the whole image log; `none` by"
    " default.",
    "?format=png&stretch=equalize",
    STRETCHES,
)
PERCENTILE = Parameter(
    "percentile",
    "For `stretch=percentile`: the lower and the upper percentile, from 0 to 100;"
    f" {','.join(format(p, 'g') for p in DEFAULT_PERCENTILES)} by default.",
    "?format=png&stretch=percentile&percentile=5,95",
    lambda _, text: check_percentiles(text),
    TEXT,
)
COLOUR: Parameters = (COLORMAP, STOPS, VMIN, VMAX, SCALE, STRETCH, PERCENTILE)

HEIGHT = Parameter.whole(
    "height",
    "The height of the picture in pixels. Each row of pixels shows the same length of depth."
    " Without it the picture has a row for each trace.",
    "?format=png&height=500",
    1,
    MAX_HEIGHT,
)
WIDTH = Parameter.whole(
    "width",
    "The width of the picture in pixels; by default that of the traces.",
    "?format=png&height=500&width=300",
    1,
    MAX_WIDTH,
)
NORMALIZE = Parameter.choice(
    "normalize",
    "Whether `stretch` uses the whole log (`static`, the default) or, for each row of the picture,"
    f" a window of depth around it (`dynamic`; at most {MAX_SLIDING_TRACES} traces).",
    _SLIDING,
    NORMALIZATIONS,
)
WINDOW = Parameter(
    "window",
    "For `normalize=dynamic`: the length of the sliding window, in units of depth.",
    _SLIDING,
    parameters.number,
    {**parameters.NUMBER, "minimum": 0, "exclusiveMinimum": True},
)
COLUMNS = Parameter.choice(
    "columns",
    "For `parquet` and `arrow`: the traces as one column of `lists` (the default), or as a column"
    " for each pixel (`wide`).",
    "?format=parquet&columns=wide",
    ("lists", "wide"),
)
SIZE: Parameters = (HEIGHT, WIDTH, NORMALIZE, WINDOW)
ALL: Parameters = (*SELECTION, *COLOUR, *SIZE, COLUMNS)
