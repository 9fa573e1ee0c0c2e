"""The parsers, the options and the answer of POST /logs/."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from images.api.parameters import OPTIONS
from images.api.serializers import described
from images.api.uploads import CsvUploadParser, FormUploadParser
from images.ingest.layout.plan import Options
from images.ingest.logs import LogsIngest, Result
from images.models import ImageLog
from web import parameters
from web.errors import InvalidParameter


class LogsFormParser(FormUploadParser):
    """Parses multipart/form-data with ``file`` and, optionally, the options."""

    ingest = LogsIngest


class LogsBodyParser(CsvUploadParser):
    """Parses a body that is the file itself, of any media type."""

    media_type = "*/*"
    ingest = LogsIngest
    filename = "upload"


def read(query: QueryDict, form: Mapping[str, str]) -> tuple[str | None, Options, bool]:
    """Parse the options of an upload. Returns the well, the options, and True for a preview.

    A field of the form replaces the parameter of the query. Empty fields are ignored, except for
    ``null``. Raises InvalidParameter.
    """
    filled = {name: text for name, text in parameters.pairs(form) if text or name == "null"}
    asked = {**parameters.read(query, OPTIONS), **parameters.read(filled, OPTIONS)}
    well, preview = asked.pop("well", None), asked.pop("preview", False)
    for one, other in (("top", "step"), ("step", "top")):
        if one in asked and other not in asked:
            raise InvalidParameter(other, "", f"it is needed beside {one}")
    if asked.get("step", 1.0) == 0:
        raise InvalidParameter("step", "0", "a step other than 0 is needed")
    return well, Options(**asked), preview


def answer(result: Result, preview: bool) -> dict[str, Any]:
    """Return the answer to an upload, or to a preview."""
    not_stored = {"id": None, "images_url": None} if preview else {}
    logs = [{**described(log), "created": created, **not_stored} for log, created in result.logs]
    return {
        "format": result.format,
        "preview": preview,
        "logs": [log for log in logs if log["kind"] != ImageLog.Kind.CURVE],
        "curves": [log for log in logs if log["kind"] == ImageLog.Kind.CURVE],
        "warnings": as_json(result.warnings),
        "ignored": [{"column": column, "reason": reason} for column, reason in result.ignored],
    }


def as_json(warnings: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Convert warnings, each a code and a detail, to JSON."""
    return [{"code": code, "detail": detail} for code, detail in warnings]
