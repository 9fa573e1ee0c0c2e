"""DRF parsers for files of picks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework.parsers import BaseParser, MultiPartParser

from web.errors import UploadTooLarge

MAX_FILE_BYTES = 32 * 1024**2
FORM_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class DipFile:
    """A file that has arrived whole, and what the form held besides."""

    data: bytes
    fields: Mapping[str, str]


class FileParser(BaseParser):
    """A body that is the file itself."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> DipFile:
        _check_length(parser_context["request"].META, MAX_FILE_BYTES)
        return DipFile(stream.read(), {})


class FormFileParser(MultiPartParser):
    """A form with ``file`` and options."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_length(parser_context["request"].META, MAX_FILE_BYTES + FORM_BYTES)
        form = super().parse(stream, media_type, parser_context)
        file = form.files.get("file")
        return None if file is None else DipFile(file.read(), form.data.dict())


def _check_length(meta: Mapping[str, Any], limit: int) -> None:
    if int(meta.get("CONTENT_LENGTH") or 0) > limit:
        raise UploadTooLarge(MAX_FILE_BYTES)
