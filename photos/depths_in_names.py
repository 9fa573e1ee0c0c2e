"""The depths that a photo's name gives: ``box7_0015.00-0016.00_dry``, ``9000,5m to 9001m``."""

import re
from dataclasses import dataclass

from web import numbers
from web.text import composed

# 4,235.50 and 4.235,50 have marks of thousands, 4235.50 and 4235,50 none.
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+\.\d{1,7} | \d{1,3}(?:\.\d{3})+,\d{1,7} | \d{1,7}(?:[.,]\d{1,7})?)"
_LENGTH = r"(?: m | met(?:er|re)s? | ft | feet | foot | ' )"
_UNIT = rf"(?:\s?{_LENGTH}(?:[\s_]?(?:MD|TVD|RKB)){{0,2}}(?![a-z\d]))?"
_DASH = r"[-\u2010-\u2015\u2212~]"
_WORD = r"(?:to|bis|thru|through|base|bottom|btm)"
# A minus is a sign at the start of the name, and behind a space, "_" or the mark between the two.
_PAIR = re.compile(
    rf"""(?=
    (?P<top>(?:(?<![^_\s(])- | (?<![\d,])(?<!\d\.)(?<!\.\.)(?<!\d[mp'])(?<![_\s(]-)(?<!^-))
        {_NUMBER})
    (?P<top_unit>{_UNIT})
    (?P<between>\s*{_DASH}\s* | _+{_DASH}_+ | [\s_]*{_WORD}[\s_]* | -{_WORD}- | _)
    (?P<base>-?{_NUMBER}(?!\d|[.,]\d)) (?P<base_unit>{_UNIT})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# What is counted in whole numbers: boxes, sheets, pictures of a camera.
_COUNTED = re.compile(
    r"(?:box|boxes|kiste|tray|crate|no|nr|row|page|sheet|slide|plug|sample|img|dsc[nf]?)[\s_.#:-]*$",
    re.IGNORECASE,
)
# A number such as 4,235 may be 4.235 or 4235.
_UNCLEAR = re.compile(r"-?\d{1,3},\d{3}")
# Two whole numbers that are further apart than this are not taken for depths of a photo.
_FARTHEST = 100.0


@dataclass(frozen=True, slots=True)
class Depths:
    """Two depths; ``doubt`` says why they may be something else, where they may."""

    top: float
    base: float
    doubt: str = ""


def depths_in(name: str, well: str = "") -> Depths:
    """The depths in ``name``, the name of a file without its suffix.

    Numbers in the name of the ``well`` are not depths. Two numbers with decimals or with a unit are
    preferred; then two numbers of which one has decimals; then, with a doubt, two whole numbers
    that do not follow a word such as box. Raises ValueError, with the reason, if there is no pair,
    or more than one, or a top that is below its base.
    """
    ranked: dict[int, set[tuple[str, str]]] = {}
    name = _without(well, name)
    for found in _PAIR.finditer(name):
        pair = found["top"], found["base"]
        ranked.setdefault(_rank(found, name[: found.start()]), set()).add(pair)
    rank = max(ranked, default=0)
    if rank == 0:
        raise ValueError("its name holds no depths, as 9000.0-9001.5")
    if len({(_value(top), _value(base)) for top, base in ranked[rank]}) > 1:
        raise ValueError("its name holds several pairs of numbers; give its depths in a manifest")
    return _checked(rank, *ranked[rank].pop())


def _checked(rank: int, top_text: str, base_text: str) -> Depths:
    for text in (top_text, base_text):
        if _UNCLEAR.fullmatch(text):
            reason = f"{text} in its name may be {text.replace(',', '.')}"
            whole = text.replace(",", "")
            raise ValueError(f"{reason} or {whole}; give its depths in a manifest")
    top, base = _value(top_text), _value(base_text)
    if top > base:
        raise ValueError(f"the depths in its name are reversed: {top} is deeper than {base}")
    if rank < 3 and base - top > _FARTHEST:
        apart = f"{top:g} and {base:g} in its name lie too far apart to be depths of a photo"
        raise ValueError(f"{apart}; give its depths in a manifest")
    doubt = f"{top:g} and {base:g} were taken for depths; they may be numbers of boxes"
    return Depths(top, base, doubt if rank == 1 else "")


def _without(well: str, name: str) -> str:
    """The name without that of the well, whose slashes and spaces files write in any way."""
    parts = [re.escape(part) for part in re.findall(r"[^\W_]+", composed(well))]
    if not parts:
        return name
    written = r"[\W_]*".join(parts)
    return re.sub(rf"(?<![^\W_]){written}(?![^\W_])", "", composed(name), flags=re.IGNORECASE)


def _rank(found: re.Match[str], before: str) -> int:
    """How sure it is that these are depths, from 0 to 3."""
    decimals = sum(any(mark in found[end] for mark in ".,") for end in ("top", "base"))
    if decimals == 2 or (found["top_unit"] and found["base_unit"]):
        return 3
    counted = _COUNTED.search(before) and not any(mark in found["top"] for mark in ".,")
    if found["between"] == "_" or (counted and not found["base_unit"]):
        return 0
    return 3 if found["base_unit"] and not decimals else 1 + decimals


def _value(text: str) -> float:
    """Of the marks in a number, the last one begins the decimals."""
    whole, mark, decimals = text.replace(",", ".").rpartition(".")
    return numbers.decimal(f"{whole.replace('.', '')}.{decimals}" if mark else text)
