"""The query parameters of the endpoints, and which representation of a window a client gets."""

from collections.abc import Mapping

from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from images.api.changes import MAX_NAME_CHARACTERS
from images.models import ImageLog
from images.render.representations import REPRESENTATIONS, Representation
from images.render.window_request import WELL
from web.parameters import DEFAULT_WELL, PAGE, TEXT, Parameter, name

KINDS = tuple(ImageLog.Kind.values)

FORMAT = Parameter.choice(
    "format",
    "The representation; it goes before the Accept header.",
    "?format=png",
    REPRESENTATIONS,
)
PNG = {"png": REPRESENTATIONS["png"]}
KIND = Parameter.choice(
    "kind", "Only images, or only curves, which are one value wide.", "?kind=image", KINDS
)
NAME = Parameter(
    "name",
    "Only logs of this name.",
    "?name=image",
    lambda parameter, text: name(parameter, text, MAX_NAME_CHARACTERS),
    {**TEXT, "minLength": 1, "maxLength": MAX_NAME_CHARACTERS},
)
TOP = Parameter.depth("top", "Only logs that reach to this depth, or deeper.", "?top=9000")
BASE = Parameter.depth("base", "Only logs that begin at this depth, or above.", "?base=9010")
LOG_LIST = (WELL, KIND, NAME, TOP, BASE, *PAGE)
UPLOAD_WELL = Parameter.well(
    f"The well, `{DEFAULT_WELL}` by default; the field `well` of a form goes before it."
)


def chosen(
    request: Request, among: Mapping[str, Representation] = REPRESENTATIONS
) -> Representation:
    """The representation that a client asks for, by ``?format=`` or else by Accept.

    Raises InvalidParameter for an unknown one in the URL, NotAcceptable for one in the header.
    """
    asked = request.query_params.get("format")
    if asked is not None:
        return among[FORMAT.read("format", asked)]
    by_type = {representation.media_type: representation for representation in among.values()}
    preferred = request.get_preferred_type(list(by_type))
    if preferred is None:
        raise NotAcceptable
    return by_type[preferred]
