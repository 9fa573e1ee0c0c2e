"""``POST /logs/``: its bodies, its options, and its answer."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from images.api.parameters import OPTIONS
from images.api.serializers import described
from images.api.uploads import BoundedLogsIngest, CsvUploadParser, FormUploadParser
from images.ingest.layout import Options
from images.ingest.logs import Result
from images.models import ImageLog
from web import parameters
from web.errors import InvalidParameter


class LogsFormParser(FormUploadParser):
    """multipart/form-data with ``file`` and, optionally, the options."""

    ingest = BoundedLogsIngest


class LogsBodyParser(CsvUploadParser):
    """A body that is the file itself, of whatever type."""

    media_type = "*/*"
    ingest = BoundedLogsIngest
    filename = "upload"


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
