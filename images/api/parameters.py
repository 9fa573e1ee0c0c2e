"""Query parameters of the endpoints, and look-ups by them: a representation, a log."""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request

from images.errors import LogNotFound
from images.ingest.layout.plan import MAX_WIDTH
from images.models import ImageLog
from images.render.representations import REPRESENTATIONS, Representation
from images.render.window_parameters import WELL, parse_log_id
from tables.units import DEPTH_UNITS
from web import numbers
from web.errors import InvalidParameter
from web.parameters import DEFAULT_WELL, PAGE, TEXT, Parameter, printable

KINDS = tuple(ImageLog.Kind.values)
MAX_LIST_CHARACTERS = 20_000
MAX_NULLS = 20

FORMAT = Parameter.choice(
    "format",
    "The representation. It takes precedence over the Accept header.",
    "?format=png",
    REPRESENTATIONS,
)
PNG = {"png": REPRESENTATIONS["png"]}
KIND = Parameter.choice(
    "kind", "Only images, or only curves, which have one value per depth.", "?kind=image", KINDS
)
NAME = Parameter.text("name", "Only logs of this name.", "?name=image")
TOP = Parameter.depth("top", "Only logs that end at this depth or deeper.", "?top=9000")
BASE = Parameter.depth("base", "Only logs that begin at this depth or shallower.", "?base=9010")
LOG_LIST = (WELL, KIND, NAME, TOP, BASE, *PAGE)
UPLOAD_WELL = Parameter.well(
    f"The well, `{DEFAULT_WELL}` by default. The field `well` of a form takes precedence."
)


def _columns(name: str, text: str) -> tuple[str, ...]:
    listed = printable(name, text, MAX_LIST_CHARACTERS)
    return tuple(part.strip() for part in listed.split(",") if part.strip())


def _nulls(name: str, text: str) -> tuple[float, ...]:
    parts = [part.strip() for part in text[:MAX_LIST_CHARACTERS].split(",") if part.strip()]
    try:
        if len(parts) > MAX_NULLS:
            raise ValueError
        return tuple(numbers.decimal(part) for part in parts)
    except ValueError:
        reason = f"up to {MAX_NULLS} decimal numbers with commas between them are needed"
        raise InvalidParameter(name, text, reason) from None


# The options of POST /logs/, in its query or its form.
OPTIONS: tuple[Parameter[Any], ...] = (
    Parameter.well("The well; by default the one that the file names, else `default`."),
    Parameter(
        "columns",
        "Names of logs or of single columns, separated by commas: only these are taken. With a"
        " `name`, single columns become one image log, in this order.",
        "?columns=ABDC",
        _columns,
        TEXT,
    ),
    Parameter.text("depth", "The column of depths.", "?depth=TDEP"),
    Parameter.text(
        "name", "The name of the log, if the file has one image log or curve.", "?name=AMP"
    ),
    Parameter.text("unit", "The unit of the values.", "?unit=dB"),
    Parameter(
        "null",
        f"Up to {MAX_NULLS} numbers that stand for null, separated by commas; an empty text stands"
        " for no such number. By default those that the file declares, else the usual ones.",
        "?null=-9999",
        _nulls,
        TEXT,
    ),
    Parameter.choice(
        "depth_unit",
        "The unit in which depths are stored. They are converted if the file has another unit.",
        "?depth_unit=m",
        DEPTH_UNITS,
    ),
    Parameter.whole(
        "width", "The number of columns to which images are resized.", "?width=150", 2, MAX_WIDTH
    ),
    Parameter.depth("top", "The first depth of a file without depths.", "?top=100&step=0.1"),
    Parameter.decimal(
        "step", "The depth step of a file without depths, not 0.", "?top=100&step=0.1"
    ),
    Parameter.flag("preview", "Show what the file contains, and store nothing.", "?preview=true"),
)


def choose_representation(
    request: Request, among: Mapping[str, Representation] = REPRESENTATIONS
) -> Representation:
    """Choose a representation by ``?format=``, else by the Accept header.

    Raises InvalidParameter for an unknown format, NotAcceptable for an unknown media type.
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
    """Return the log with the id ``text`` in the state ``ready``. Raises LogNotFound."""
    log_id = parse_log_id(text)
    log = ImageLog.with_id(log_id)
    if log is None or log.state != ImageLog.State.READY:
        raise LogNotFound(f"there is no image log {text}")
    return log
