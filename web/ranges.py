"""The header ``Range``: one range of bytes, both ends included."""

import re

from django.http import HttpRequest

from web.errors import RangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


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
