"""What requests name: the query parameters of the endpoints, a representation, a log."""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from images.errors import LogNotFound
from images.ingest.layout import MAX_WIDTH
from images.ingest.logs import DEPTH_UNITS
from images.models import ImageLog
from images.render import window_request
from images.render.representations import REPRESENTATIONS, Representation
from images.render.window_request import WELL
from web import numbers
from web.errors import InvalidParameter
from web.parameters import DEFAULT_WELL, PAGE, TEXT, Parameter, name
from web.text import MAX_NAME_CHARACTERS

KINDS = tuple(ImageLog.Kind.values)
MAX_TEXT_CHARACTERS = 100
MAX_LIST_CHARACTERS = 20_000
MAX_NULLS = 20

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


def _text(parameter: str, text: str) -> str:
    return name(parameter, text, MAX_TEXT_CHARACTERS)


def _columns(parameter: str, text: str) -> tuple[str, ...]:
    listed = name(parameter, text, MAX_LIST_CHARACTERS)
    return tuple(part.strip() for part in listed.split(",") if part.strip())


def _nulls(parameter: str, text: str) -> tuple[float, ...]:
    parts = text[:MAX_LIST_CHARACTERS].split(",")
    try:
        nulls = tuple(numbers.decimal(part.strip()) for part in parts if part.strip())
    except ValueError:
        nulls = (0.0,) * (MAX_NULLS + 1)
    if len(nulls) > MAX_NULLS:
        reason = f"up to {MAX_NULLS} decimal numbers with commas between them are needed"
        raise InvalidParameter(parameter, text[:MAX_TEXT_CHARACTERS], reason)
    return nulls


def _of_text(called: str, description: str, example: str, read: Any = _text) -> Parameter[Any]:
    return Parameter(called, description, f"?{called}={example}", read, TEXT)


# Of an upload to POST /logs/, in its query or its form.
OPTIONS: tuple[Parameter[Any], ...] = (
    Parameter.well("The well; else the one that the file names, else `default`."),
    _of_text(
        "columns",
        "Names of logs, or of columns of them, with commas between: only these are taken. Single"
        " columns and a `name` make one image of them, in this order.",
        "ABDC",
        _columns,
    ),
    _of_text("depth", "The column of depths.", "TDEP"),
    _of_text("name", "The name of the log, where there is one image log or one curve.", "AMP"),
    _of_text("unit", "The unit of its values.", "dB"),
    _of_text(
        "null",
        "Values that stand for nulls, with commas between; none, where it is empty. Else those that"
        " the file declares, or else the usual ones.",
        "-9999",
        _nulls,
    ),
    Parameter.choice(
        "depth_unit",
        "The unit of the depths: converted from the one of the file, if that is told.",
        "?depth_unit=m",
        DEPTH_UNITS,
    ),
    Parameter.whole(
        "width", "To how many columns image logs are resized.", "?width=150", 2, MAX_WIDTH
    ),
    Parameter.depth("top", "The first depth of a file without depths.", "?top=100&step=0.1"),
    Parameter.decimal("step", "From depth to depth of such a file.", "?top=100&step=0.1"),
    Parameter.choice(
        "preview", "Only tell what is in the file.", "?preview=true", ("true", "false")
    ),
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
        raise NotAcceptable(f"the Accept header allows none of {', '.join(by_type)}")
    return by_type[preferred]


def ready_log(text: str) -> ImageLog:
    """The log of the id ``text``, which is ready. Raises LogNotFound."""
    log_id = window_request.parse_log_id(text)
    log = ImageLog.with_id(log_id)
    if log is None or log.state != ImageLog.State.READY:
        raise LogNotFound(f"there is no image log {text}")
    return log
