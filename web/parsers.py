"""DRF parsers of bodies of limited size, and checks of the length of uploads."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from web.errors import LengthRequired, UploadTooLarge, quoted

# Of JSON and of forms without files: parsed, they take up to 48 times as much memory. A pick with
# the most points has 60 KB, or 100 KB with a line for each number.
MAX_DOCUMENT_BYTES = 128 * 1024
# Of files of text, which views read within the memory budget.
MAX_TEXT_BYTES = 1024**2
# Lists and objects within each other. A survey has three; Python's own functions fail at some 300.
MAX_JSON_LEVELS = 32
# What a form may hold besides its file: boundaries, headers of parts, other fields.
FORM_BYTES = 64 * 1024


class JSONParser(BaseParser):
    """JSON, parsed by orjson: at most MAX_JSON_LEVELS levels, no NaN, no lone surrogates."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return json_document(read_body(stream, parser_context["request"].META))


def json_document(body: bytes) -> Any:
    """The value of a JSON text. Raises ParseError."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ParseError(f"the body is not valid JSON: {error}") from error
    _check_levels(document)
    # orjson keeps the last of two members of one name, and does not tell.
    json.loads(body, object_pairs_hook=_check_members, parse_int=str)
    return document


def _check_members(members: list[tuple[str, Any]]) -> None:
    """Raise ParseError for an object with two members of one name."""
    names = [name for name, _ in members]
    if len({*names}) < len(names):
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise ParseError(f"the member {quoted(twice)!r} is given more than once; give it once")


def _check_levels(document: Any) -> None:
    """Raise ParseError for more than MAX_JSON_LEVELS lists and objects within each other."""
    level = [document]
    for _ in range(MAX_JSON_LEVELS + 1):
        inner = [value for value in level if isinstance(value, dict | list)]
        if not inner:
            return
        level = [part for one in inner for part in (one.values() if isinstance(one, dict) else one)]
    reason = f"more than {MAX_JSON_LEVELS} lists and objects within each other"
    raise ParseError(f"the body has {reason}")


class FormParser(BaseParser):
    """A form without files, application/x-www-form-urlencoded."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> QueryDict:
        return QueryDict(read_body(stream, parser_context["request"].META))


class TextParser(BaseParser):
    """A body that is a file of text, such as CSV or LAS, as bytes."""

    media_type = "text/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> bytes:
        return read_body(stream, parser_context["request"].META, MAX_TEXT_BYTES)


class JSONTextParser(TextParser):
    """A body of JSON as bytes, for views that parse it within the memory budget."""

    media_type = "application/json"


def check_has_length(meta: Mapping[str, Any]) -> None:
    """Raise LengthRequired for a body of unknown length, which Django would read as empty."""
    if not meta.get("CONTENT_LENGTH") and meta.get("HTTP_TRANSFER_ENCODING"):
        raise LengthRequired("the upload does not say its length; send it with Content-Length")


def check_length(meta: Mapping[str, Any], max_bytes: int, in_a_form: bool = True) -> None:
    """Raise UploadTooLarge, before the body is read, for a file of more than ``max_bytes``."""
    room = FORM_BYTES if in_a_form else 0
    if int(meta.get("CONTENT_LENGTH") or 0) > max_bytes + room:
        raise UploadTooLarge(max_bytes)


def read_body(stream: Any, meta: Mapping[str, Any], most: int = MAX_DOCUMENT_BYTES) -> bytes:
    """The whole body. Raises RequestDataTooBig, before reading, for more than ``most`` bytes."""
    if int(meta.get("CONTENT_LENGTH") or 0) > most:
        raise RequestDataTooBig(f"the body is larger than the limit of {most} bytes")
    body: bytes = stream.read()
    return body
