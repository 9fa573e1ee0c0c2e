"""The depths that a photo's name gives: ``box7_0015.00-0016.00_dry``, ``9000,5m to 9001m``."""

import re
from dataclasses import dataclass

from web import numbers

_NUMBER = r"\d{1,7}(?:[.,]\d{1,7})?"
_UNIT = r"(?:\s?(?:m|ft)(?![a-z]))?"
# A minus is a sign at the start of the name, and behind a space, "_" or the mark between the two.
_PAIR = re.compile(
    rf"""(?=
    (?P<top>(?:(?<![^_\s(])- | (?<![\d.,])(?<![_\s(]-)(?<!^-)){_NUMBER}) (?P<top_unit>{_UNIT})
    (?P<between>\s*[-–—]\s* | _+[-–—]_+ | [\s_]*to[\s_]* | _)
    (?P<base>-?{_NUMBER}(?!\d|[.,]\d)) (?P<base_unit>{_UNIT})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_BOX = re.compile(r"(?:box|tray|crate|no|nr)[\s_.#-]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Depths:
    """Two depths; ``doubt`` says why they may be something else, where they may."""

    top: float
    base: float
    doubt: str = ""


def depths_in(name: str) -> Depths:
    """The depths in ``name``, which has no suffix any more.

    Two numbers with decimals or a unit are believed. Where there are none, two numbers of which one
    has decimals; then whole ones, in doubt, but not behind the word box. Raises ValueError, with
    the reason, where that leaves none, several, or a top below its base.
    """
    ranked: dict[int, set[tuple[float, float]]] = {}
    for found in _PAIR.finditer(name):
        pair = _value(found["top"]), _value(found["base"])
        ranked.setdefault(_rank(found, name[: found.start()]), set()).add(pair)
    rank = max(ranked, default=0)
    if rank == 0:
        raise ValueError("its name holds no depths, as 9000.0-9001.5")
    if len(ranked[rank]) > 1:
        raise ValueError("its name holds several pairs of numbers; give its depths in a manifest")
    [(top, base)] = ranked[rank]
    if top > base:
        raise ValueError(f"the depths in its name are reversed: {top} is deeper than {base}")
    doubt = f"{top:g} and {base:g} were taken for depths; they may be numbers of boxes"
    return Depths(top, base, doubt if rank == 1 else "")


def _rank(found: re.Match[str], before: str) -> int:
    """How sure it is that these are depths, from 0 to 3."""
    decimals = sum(mark in found[end] for end in ("top", "base") for mark in ".,")
    if decimals == 2 or (found["top_unit"] and found["base_unit"]):
        return 3
    if found["between"] == "_" or (not decimals and _BOX.search(before)):
        return 0
    return 3 if found["base_unit"] and not decimals else 1 + decimals


def _value(text: str) -> float:
    return numbers.decimal(text.replace(",", "."))
