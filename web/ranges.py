"""The header ``Range``: one range of bytes, both ends included."""

import re

from django.http import HttpRequest

from web.errors import RangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


def asked_range(request: HttpRequest, tag: str, length: int) -> range | None:
    """The positions that a request asks for of what has the ETag ``tag`` and ``length`` bytes.

    None for all of it. Raises RangeNotSatisfiable.
    """
    header = request.META.get("HTTP_RANGE")
    # A range is defined for GET alone, and only while the ETag is the one of If-Range.
    if header is None or request.method != "GET":
        return None
    if request.META.get("HTTP_IF_RANGE", tag) != tag:
        return None
    return byte_range(header, length)


def byte_range(header: str, length: int) -> range | None:
    """The positions that ``header`` asks for of ``length`` bytes.

    None for what may be answered with the whole: no range, several of them, other units, or more
    digits than any length has.
    Raises RangeNotSatisfiable when none of the positions is there.
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
