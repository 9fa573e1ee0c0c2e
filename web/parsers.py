"""DRF parsers of JSON and form bodies of limited size."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BODY_BYTES = 1024**2


class JSONParser(BaseParser):
    """JSON, parsed by orjson: at most 1 024 levels, no NaN, no lone surrogates."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return orjson.loads(read_body(stream, parser_context["request"].META))
        except orjson.JSONDecodeError as error:
            raise ParseError(f"the body is not valid JSON: {error}") from error


class FormParser(BaseParser):
    """A form without files, application/x-www-form-urlencoded."""

    media_type = "application/x-www-form-urlencoded"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> QueryDict:
        return QueryDict(read_body(stream, parser_context["request"].META))


def read_body(stream: Any, meta: Mapping[str, Any]) -> bytes:
    """The whole body. Raises RequestDataTooBig before reading if it is too large."""
    if int(meta.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        raise RequestDataTooBig(f"the body is larger than the limit of {MAX_BODY_BYTES} bytes")
    body: bytes = stream.read()
    return body
