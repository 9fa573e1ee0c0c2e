"""What the lines above the header of a text tell: the well, the null, and the unit of depths."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from images.ingest.names.columns import depth_rank
from images.ingest.names.units import length_unit
from images.ingest.table import Column
from tables.delimited import MAX_TITLE_CHARACTERS, well_of_title
from web import numbers

_VALUE = r"[\s\"]*[:=,;\t][\s\"]*([^,;\t\"]+?)[\s,;\"]*"
_NULL = re.compile(
    rf"\W*(?:null|no[ _-]?data|missing|absent)(?:[ _-]?(?:data|values?))?{_VALUE}", re.I
)
_DEPTH_UNIT = re.compile(
    rf"\W*(?:depth[ _-]?units?|units?[ _-](?:of|in|for)[ _-]depths?){_VALUE}", re.I
)


class Preamble(NamedTuple):
    """What is told, and how many of the lines that are no remarks tell nothing of it."""

    well: str | None
    nulls: tuple[float, ...]
    depth_unit: str
    unread: int


def preamble_of(titles: Sequence[str], remarks: Sequence[str]) -> Preamble:
    """From the lines above the header, those that are no remarks first."""
    texts = [*titles, *remarks]
    told = [(well_of_title(text), _null(text), _depth_unit(text)) for text in texts]
    wells, nulls, units = zip(*told, strict=True) if told else ((), (), ())
    unread = sum(not any(what is not None for what in one) for one in told[: len(titles)])
    known = tuple(dict.fromkeys(null for null in nulls if null is not None))
    return Preamble(next(filter(None, wells), None), known, next(filter(None, units), ""), unread)


def with_depth_unit(columns: Iterable[Column], unit: str) -> tuple[Column, ...]:
    """The columns, those of depths that have no unit with this one."""
    return tuple(
        replace(c, unit=unit) if unit and not c.unit and depth_rank(c.name) is not None else c
        for c in columns
    )


def _null(text: str) -> float | None:
    found = _NULL.fullmatch(text[: MAX_TITLE_CHARACTERS + 1])
    return float(found[1]) if found and numbers.DECIMAL.fullmatch(found[1]) else None


def _depth_unit(text: str) -> str | None:
    found = _DEPTH_UNIT.fullmatch(text[: MAX_TITLE_CHARACTERS + 1])
    return found[1] if found and length_unit(found[1]) else None
