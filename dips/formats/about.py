"""What a row of a file of picks says besides where the plane is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dips.formats.found import Found
from dips.formats.layout import Layout, Options
from dips.formats.type_names import type_named
from dips.planes.geometry import Reference
from dips.terms import (
    MAX_AUTHOR_CHARACTERS,
    MAX_COMMENT_CHARACTERS,
    MAX_QUALITY_CHARACTERS,
    DipType,
)
from tables.nulls import NULLS
from tables.table import Row, Table
from tables.units import length_unit
from web.errors import quoted
from web.text import checked_text

# Texts that stand for no quality. ``?`` and ``***`` are not among them: they may be grades.
MISSING = frozenset({"", "nan", "null", "none", "n/a", "na", "-", "--"})
REFERENCES = {
    **{str(reference): reference for reference in Reference},
    **dict.fromkeys(("n", "magnetic north"), Reference.NORTH),
    **dict.fromkeys(("toh", "high side", "hs"), Reference.TOP_OF_HOLE),
}
Texts = Mapping[str, str]
Fields = dict[str, Any]


@dataclass(slots=True)
class AboutReader:
    """Reads the fields of a row that describe its pick, and notes in ``found`` what is wrong."""

    table: Table
    layout: Layout
    options: Options
    found: Found
    unknown_types: Counter[str] = field(default_factory=Counter)

    def read(self, row: Row, texts: Texts, diameter: float | None) -> Fields:
        """The fields. ``diameter`` is the one in the row, None if there is none."""
        comment, named = texts.get("comment", ""), texts.get("type", "")
        kind = type_named(named) if named else DipType(self.options.type or DipType.OTHER)
        if kind is None:
            self.unknown_types[quoted(named)] += 1
            comment, kind = f"{named}: {comment}" if comment else named, DipType.OTHER
        reference = texts.get("reference") or self.options.reference
        if reference is not None and reference.lower() not in REFERENCES:
            allowed = f"it is one of {', '.join(Reference)}"
            self.found.fault(row.line, "reference", reference, allowed)
        author = self._text(row, "author", texts.get("author", ""), MAX_AUTHOR_CHARACTERS)
        return {
            "type": kind,
            "comment": self._text(row, "comment", comment, MAX_COMMENT_CHARACTERS, "\n"),
            "quality": self._quality(row, texts.get("quality", "")),
            "reference": REFERENCES.get((reference or "").lower()),
            **{role: texts[role] for role in ("id", "log") if texts.get(role)},
            **({"author": author} if author else {}),
            **self._diameter(row, texts, diameter),
        }

    def _text(self, row: Row, role: str, text: str, most: int, allowed: str = "") -> str:
        try:
            return checked_text(text, most, 0, allowed)
        except ValueError as error:
            self.found.fault(row.line, role, text, str(error))
            return ""

    def _quality(self, row: Row, text: str) -> str | float | None:
        if text.lower() in MISSING:
            return None
        value = self.table.number(text)
        if value in NULLS:
            return None
        if value is None:
            return self._text(row, "quality", text, MAX_QUALITY_CHARACTERS)
        return value

    def _diameter(self, row: Row, texts: Texts, diameter: float | None) -> Fields:
        if diameter is None:
            own, unit = self.options.diameter, self.options.diameter_unit
            return {} if own is None else {"diameter": own, "diameter_unit": unit}
        text = texts.get("diameter_unit")
        unit = length_unit(text) if text else self.layout.diameter_unit
        if text and unit is None:
            reason = f"{quoted(text)!r} is no unit of length that is known"
            self.found.fault(row.line, "diameter_unit", text, reason)
        elif unit is None:
            reason = "the unit of the diameter is not told; send diameter_unit"
            self.found.fault(row.line, "diameter", f"{diameter:g}", reason)
        return {"diameter": diameter, "diameter_unit": unit}
