"""Conditional changes with If-Match (RFC 9110, 13.1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags

from web import caching
from web.errors import PreconditionFailed

# The condition of a change of any version.
ANYTHING: Mapping[str, Any] = MappingProxyType({})


def required(request: HttpRequest, tag: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The condition of a change, as a MongoDB query on the stored item.

    It is ``facts``, from which ``tag`` was made, if the client names a version; else empty.

    Raises PreconditionFailed if the client names another version than ``tag``, or a date.
    """
    header = if_match(request)
    if caching.holds(request, tag, any_tag=True):
        raise PreconditionFailed(f"it is {tag}, which If-None-Match excludes")
    if header is None:
        return ANYTHING
    if tag not in parse_etags(header):
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
