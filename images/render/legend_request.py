"""The query parameters of GET /colormaps/<name>.png, most of which are those of a window."""

from collections.abc import Mapping
from dataclasses import replace

from images.render import window_request
from images.render.window_parameters import (
    EXAMPLE_ID,
    LOG,
    PERCENTILE,
    SCALE,
    STOPS,
    STRETCH,
    VMAX,
    VMIN,
    Parameters,
)
from images.render.window_request import Format, WindowRequest
from web import parameters
from web.errors import InvalidParameter

_EXAMPLE = f"/colormaps/viridis.png?log={EXAMPLE_ID}"
# What a legend is told of a log whose values stand below the colours.
_OF_LOG: Parameters = (SCALE, STRETCH, PERCENTILE)
LEGEND_QUERY: Parameters = (
    replace(
        LOG,
        description="The image log whose values, name and unit stand below the colours.",
        example=_EXAMPLE,
    ),
    replace(VMIN, example="?vmin=60&vmax=200"),
    replace(VMAX, example="?vmin=60&vmax=200"),
    replace(STOPS, example="/colormaps/custom.png?stops=%23000000,%23c08040,%23ffffff"),
    *(
        replace(parameter, example=f"?log={EXAMPLE_ID}&{rest}")
        for parameter, rest in (
            (SCALE, "scale=linear"),
            (STRETCH, "stretch=equalize"),
            (PERCENTILE, "stretch=percentile&percentile=5,95"),
        )
    ),
)


def read(form: Format, name: str, query: Mapping[str, str]) -> WindowRequest:
    """Parse and validate the query of GET /colormaps/<name>.png.

    Raises InvalidParameter, UnknownColormap.
    """
    parameters.only(query, {parameter.name for parameter in LEGEND_QUERY})
    for parameter in () if "log" in query else _OF_LOG:
        if parameter.name in query:
            raise InvalidParameter(parameter.name, query[parameter.name], "it belongs to log=")
    asked = window_request.read(form, "0", "0", {**dict(query.items()), "colormap": name})
    for end, value in (("vmin", asked.low), ("vmax", asked.high)):
        parameters.on_axis(end, value)
    return asked
