"""The wells that a file names. The logs of one of them are taken."""

import unicodedata
from collections.abc import Iterable

from images.errors import SeveralWells
from images.ingest.table import Contents
from web.text import MAX_NAME_CHARACTERS, REFUSED_CATEGORIES, composed


def keep_one_well(contents: Contents, well: str | None) -> None:
    """Keep only the tables of ``well`` where a file holds those of several.

    Raises SeveralWells where ``well`` is none of them.
    """
    named = [(table, cleaned(table.well)) for table in contents.tables]
    taken = one_of([name for _, name in named if name], well)
    if taken is None:
        return
    others = [table for table, name in named if name not in (taken, "")]
    contents.ignored += [(table.name, f"it is of the well {table.well}") for table in others]
    contents.tables = [table for table in contents.tables if table not in others]


def one_of(names: Iterable[str], asked: str | None) -> str | None:
    """The one of ``names`` that is ``asked`` for; None where there are fewer than two names.

    Raises SeveralWells where it is none of them.
    """
    wells = list(dict.fromkeys(names))
    if len(wells) < 2:
        return None
    if (well := composed(asked or "")) not in wells:
        raise SeveralWells(wells)
    return well


def cleaned(name: str | None) -> str:
    """A name from a file without what names may not contain; it may become empty."""
    shown = "".join(c for c in name or "" if unicodedata.category(c) not in REFUSED_CATEGORIES)
    return composed(shown).strip()[:MAX_NAME_CHARACTERS].strip()
