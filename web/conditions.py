"""Changes on condition (RFC 9110, 13.1): of what the client has read, and of nothing else."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags

from web import caching
from web.errors import PreconditionFailed

# A change of any version. Immutable, and so fit to be a default.
ANYTHING: Mapping[str, Any] = MappingProxyType({})


def required(request: HttpRequest, tag: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What has to be true of the stored item at the instant of its change, for its query.

    It is ``facts``, those that ``tag`` was made from, where the client says which version it means;
    nothing where any will do.

    Raises PreconditionFailed where ``tag`` is not what the client means, or cannot tell.
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
    """The ETags of which the item has to have one; None where any will do.

    Raises PreconditionFailed where the client names a date instead.
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None and "HTTP_IF_UNMODIFIED_SINCE" in request.META:
        # To ignore it is allowed, but who sends it relies on it.
        raise PreconditionFailed("no dates of changes are kept here; send If-Match with the ETag")
    return None if header is None or header.strip() == "*" else header
