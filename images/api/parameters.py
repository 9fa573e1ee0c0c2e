"""The query parameters of the endpoints, and which representation of a window a client gets."""

from collections.abc import Mapping

from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from images.render.representations import REPRESENTATIONS, Representation
from images.render.window_request import WELL
from web.parameters import DEFAULT_WELL, PAGE, Parameter

FORMAT = Parameter.choice(
    "format",
    "The representation; it goes before the Accept header.",
    "?format=png",
    REPRESENTATIONS,
)
PNG = {"png": REPRESENTATIONS["png"]}
LOG_LIST = (WELL, *PAGE)
UPLOAD_WELL = Parameter.well(
    f"The well, `{DEFAULT_WELL}` by default; the field `well` of a form goes before it."
)


def chosen(
    request: Request, among: Mapping[str, Representation] = REPRESENTATIONS
) -> Representation:
    """The representation that a client asks for, by ``?format=`` or else by Accept.

    Raises InvalidParameter for an unknown one in the URL, NotAcceptable for one in the header.
    """
    name = request.query_params.get("format")
    if name is not None:
        return among[FORMAT.read("format", name)]
    by_type = {representation.media_type: representation for representation in among.values()}
    preferred = request.get_preferred_type(list(by_type))
    if preferred is None:
        raise NotAcceptable
    return by_type[preferred]
