"""Conditional requests and requests for a range of bytes (RFC 9110, 13 and 14)."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from importlib import metadata
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_etags

from web.errors import PreconditionFailed, RangeNotSatisfiable

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
# The condition of a change of any version.
ANYTHING: Mapping[str, Any] = MappingProxyType({})
_SECOND_PART = re.compile(r'\.[0-9a-f]+"$')
_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


def etag(*parts: str) -> str:
    """A strong ETag. ``parts`` must determine every byte of the response."""
    text = "\0".join(parts)
    return f'"{blake2b(text.encode(), digest_size=16).hexdigest()}"'


def of_body(tag: str, body: Any) -> str:
    """``tag`` of an item with a second part, for a ``body`` that also tells of other items.

    ``repr(body)`` must determine the bytes. Conditions of changes compare the first part only.
    """
    return f"{tag[:-1]}.{etag(repr(body))[1:]}"


def _is_named(tag: str, sent: Iterable[str]) -> bool:
    return any(tag in {text, _SECOND_PART.sub('"', text)} for text in sent)


@cache
def made_by(*libraries: str) -> str:
    """The versions of the service and of ``libraries``, as a part of ETags: another version may
    make other bytes.
    """
    return " ".join([settings.VERSION, *map(metadata.version, libraries)])


def headers(tag: str, immutable: bool) -> Mapping[str, str]:
    """The caching headers of a response and of its 304."""
    control = IMMUTABLE if immutable else REVALIDATE
    return {"ETag": tag, "Cache-Control": control, "Vary": "Accept, Accept-Encoding"}


def if_none_match(request: HttpRequest, tag: str) -> bool:
    """Whether If-None-Match names ``tag``, or ``*``, so that a 304 is the answer to a GET."""
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is None:
        return False
    sent = parse_etags(header)
    # If-None-Match uses weak comparison.
    return "*" in sent or _is_named(tag, (text.removeprefix("W/") for text in sent))


def required(request: HttpRequest, tag: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The condition of a change, as a MongoDB query on the stored item.

    It is ``facts``, from which ``tag`` was made, if the client names a version; else empty.

    Raises PreconditionFailed if the client names another version than ``tag``, or a date.
    """
    header = if_match(request)
    if if_none_match(request, tag):
        raise PreconditionFailed(f"it is {tag}, which If-None-Match excludes")
    if header is None:
        return ANYTHING
    if not _is_named(tag, parse_etags(header)):
        raise PreconditionFailed(f"it is {tag} now")
    return facts


def if_match(request: HttpRequest) -> str | None:
    """The header If-Match; None if any version may be changed.

    Raises PreconditionFailed if the client sends If-Unmodified-Since instead.
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None and "HTTP_IF_UNMODIFIED_SINCE" in request.META:
        # A server may ignore this header, but the client would rely on it.
        raise PreconditionFailed("no dates of changes are kept here; send If-Match with the ETag")
    return None if header is None or header.strip() == "*" else header


def asked_range(request: HttpRequest, tag: str, length: int) -> range | None:
    """The byte positions that a request asks for of a file with ``tag`` and ``length`` bytes.

    None for the whole file. Raises RangeNotSatisfiable.
    """
    header = request.META.get("HTTP_RANGE")
    # Range applies to GET only, and with If-Range only to a file with that ETag.
    if header is None or request.method != "GET":
        return None
    if request.META.get("HTTP_IF_RANGE", tag) != tag:
        return None
    return byte_range(header, length)


def byte_range(header: str, length: int) -> range | None:
    """The byte positions that ``header`` asks for of a file of ``length`` bytes.

    None if the header is ignored, so that the whole file is sent: no range or several, another
    unit, or too many digits.
    Raises RangeNotSatisfiable if the range begins after the end.
    """
    asked = _ONE_RANGE.fullmatch(header)
    if asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:  # the last so many bytes
        positions = range(max(0, length - int(last)), length)
    elif last and int(last) < int(first):
        return None
    else:
        positions = range(int(first), min(int(last or length), length - 1) + 1)
    if not positions:
        raise RangeNotSatisfiable(length)
    return positions


def status_and_headers(part: range | None, length: int) -> tuple[int, dict[str, str]]:
    """The status and the headers of an answer with ``part`` of a file of ``length`` bytes, or with
    all of it."""
    if part is None:
        return 200, {"Accept-Ranges": "bytes", "Content-Length": str(length)}
    content_range = f"bytes {part[0]}-{part[-1]}/{length}"
    return 206, {
        "Accept-Ranges": "bytes",
        "Content-Length": str(len(part)),
        "Content-Range": content_range,
    }
