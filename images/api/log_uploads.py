"""``POST /logs/``: its bodies, its options, and its answer."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from images.api.serializers import described
from images.api.uploads import BoundedLogsIngest, CsvUploadParser, FormUploadParser
from images.ingest.layout import MAX_WIDTH, Options
from images.ingest.logs import DEPTH_UNITS, Result
from images.models import ImageLog
from web import numbers, parameters
from web.errors import InvalidParameter
from web.parameters import TEXT, Parameter

MAX_TEXT_CHARACTERS = 100
MAX_LIST_CHARACTERS = 20_000
MAX_NULLS = 20


class LogsFormParser(FormUploadParser):
    """multipart/form-data with ``file`` and, optionally, the options."""

    ingest = BoundedLogsIngest


class LogsBodyParser(CsvUploadParser):
    """A body that is the file itself, of whatever type."""

    media_type = "*/*"
    ingest = BoundedLogsIngest
    filename = "upload"


def _text(name: str, text: str) -> str:
    return parameters.name(name, text, MAX_TEXT_CHARACTERS)


def _columns(name: str, text: str) -> tuple[str, ...]:
    listed = parameters.name(name, text, MAX_LIST_CHARACTERS)
    return tuple(part.strip() for part in listed.split(",") if part.strip())


def _nulls(name: str, text: str) -> tuple[float, ...]:
    parts = text[:MAX_LIST_CHARACTERS].split(",")
    try:
        nulls = tuple(numbers.decimal(part.strip()) for part in parts if part.strip())
    except ValueError:
        nulls = (0.0,) * (MAX_NULLS + 1)
    if len(nulls) > MAX_NULLS:
        reason = f"up to {MAX_NULLS} decimal numbers with commas between them are needed"
        raise InvalidParameter(name, text[:MAX_TEXT_CHARACTERS], reason)
    return nulls


def _of_text(name: str, description: str, example: str, read: Any = _text) -> Parameter[Any]:
    return Parameter(name, description, f"?{name}={example}", read, TEXT)


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


def read(query: QueryDict, form: Mapping[str, str]) -> tuple[str | None, Options, bool]:
    """The well, the options, and whether it is a preview; a form goes before a query.

    A field of a form that is left empty says nothing, but for ``null``. Raises InvalidParameter.
    """
    filled = {name: text for name, text in parameters.pairs(form) if text or name == "null"}
    asked = {**parameters.read(query, OPTIONS), **parameters.read(filled, OPTIONS)}
    well, preview = asked.pop("well", None), asked.pop("preview", "false") == "true"
    for one, other in (("top", "step"), ("step", "top")):
        if one in asked and other not in asked:
            raise InvalidParameter(other, "", f"it is needed beside {one}")
    if asked.get("step", 1.0) == 0:
        raise InvalidParameter("step", "0", "a step other than 0 is needed")
    return well, Options(**asked), preview


def answer(result: Result, preview: bool) -> dict[str, Any]:
    """The answer to an upload, or to a preview of one."""
    told = [
        {**described(log), "created": created, **_unstored(preview)} for log, created in result.logs
    ]
    return {
        "format": result.format,
        "preview": preview,
        "logs": [log for log in told if log["kind"] != ImageLog.Kind.CURVE],
        "curves": [log for log in told if log["kind"] == ImageLog.Kind.CURVE],
        "warnings": coded(result.warnings),
        "ignored": [{"column": column, "reason": reason} for column, reason in result.ignored],
    }


def coded(warnings: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Warnings as the API shows them."""
    return [{"code": code, "detail": detail} for code, detail in warnings]


def _unstored(preview: bool) -> Mapping[str, None]:
    return {"id": None, "images_url": None} if preview else {}
