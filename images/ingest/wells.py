"""The wells that a file names, of which the logs of one are taken."""

import unicodedata
from collections.abc import Iterable

from images.errors import SeveralWells
from web.text import MAX_NAME_CHARACTERS, REFUSED_CATEGORIES, composed


def one_of(names: Iterable[str], asked: str | None) -> str | None:
    """The one of ``names`` that is asked for; None where there are fewer than two.

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
