"""Angles as geologists write them: ``N45E``, ``30SE``, ``045/30``.

A bearing in quadrants counts from north or south towards east or west. A strike is an azimuth of
the horizontal line in a plane; by the right-hand rule the plane dips to the right of it.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

# Longer texts are no angles; the patterns would take quadratic time to find that out.
MAX_CHARACTERS = 50
_BEARING = re.compile(r"([NS])\s*([0-9]+(?:[.,][0-9]+)?)\s*[°º]?\s*([EW])", re.I)
_DIP = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*[°º]?\s*([NESW]{1,3})?", re.I)
# What separates two angles: a mark, or else a comma or blanks before a number.
_BETWEEN = (re.compile(r"\s*[/;|]\s*"), re.compile(r",\s+|(?<=[EWew°º\d])\s+(?=\d)"))
Number = Callable[[str], float | None]
_POINTS = (
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)
COMPASS = {name: 22.5 * number for number, name in enumerate(_POINTS)}


def azimuth(text: str) -> float | None:
    """The azimuth, [0, 360), of a bearing such as ``N45E`` or a point of the compass such as
    ``SE``; None for what is neither."""
    text = text.strip().upper()
    if len(text) > MAX_CHARACTERS:
        return None
    if text in COMPASS:
        return COMPASS[text]
    found = _BEARING.fullmatch(text)
    if found is None:
        return None
    angle = float(found[2].replace(",", "."))
    if angle > 90:
        return None
    from_axis = angle if found[3] == "E" else -angle
    return (from_axis if found[1] == "N" else 180 - from_axis) % 360


def dip(text: str) -> tuple[float, str] | None:
    """A dip in degrees and the side that it dips to, as in ``30SE``; ``""`` without a side."""
    found = _DIP.fullmatch(text.strip()) if len(text) <= MAX_CHARACTERS else None
    if found is None or (found[2] or "N").upper() not in COMPASS:
        return None
    return float(found[1].replace(",", ".")), (found[2] or "").upper()


def across(strike: float, side: str) -> float | None:
    """The dip azimuth, [0, 360), at right angles to a strike and on the ``side``, a point of the
    compass; None if that lies along the strike."""
    apart = (COMPASS[side] - strike) % 360
    if apart % 180 == 0:
        return None
    return (strike + (90 if apart < 180 else 270)) % 360


class Written(NamedTuple):
    """A plane as it is written: dip, dip azimuth, and whether that is by the right-hand rule."""

    dip: float
    azimuth: float
    by_rule: bool = False


def plane(text: str, order: str, number: Number) -> Written | None:
    """The plane that two angles in one text describe, in degrees; None for any other text.

    ``order`` is ``attitude`` (``N45E/30SE``), ``strike/dip`` (the same, or ``045/30`` by the
    right-hand rule), ``azimuth/dip`` (``135/30``), or ``dip/azimuth``. ``number`` parses a number.
    """
    if len(text) > 2 * MAX_CHARACTERS:
        return None
    splits = (between.split(text.strip()) for between in _BETWEEN)
    parts = next((parts for parts in splits if len(parts) == 2), None)
    if parts is None:
        return None
    first, second = reversed(parts) if order == "dip/azimuth" else parts
    direction, sloping = azimuth(first), dip(second)
    direction = number(first) if direction is None else direction
    if direction is None or sloping is None:
        return None
    angle, side = sloping
    if order in {"azimuth/dip", "dip/azimuth"}:
        return None if side else Written(angle, direction)
    if not side:
        return None if order == "attitude" else Written(angle, (direction + 90) % 360, True)
    towards = across(direction, side)
    return None if towards is None else Written(angle, towards)
