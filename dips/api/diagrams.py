"""Diagrams as they are asked for, and kept for whoever asks again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from cachetools import cached

from dips import diagrams
from dips.api import parameters
from dips.diagrams import MEDIA_TYPES, Style
from dips.models import Query
from dips.picks.selection import Selection
from web import caching
from web.parameters import read


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is to be drawn of which picks; ``name`` is all that the bytes depend on but those."""

    query: Query
    structural: tuple[float, float] | None
    style: Style
    name: str
    draw: Callable[[Selection], bytes]

    def drawn(self, selection: Selection, tag: str) -> tuple[bytes, str]:
        return _drawn(self, selection, tag), MEDIA_TYPES[self.style.format]


# By the ETag, which names the picks as they are and all that was asked for.
@cached(caching.lately_made(8 * 1024**2, len), key=lambda recipe, found, tag: tag, lock=Lock())
def _drawn(recipe: Recipe, selection: Selection, tag: str) -> bytes:
    return recipe.draw(selection)


def rose(query: Mapping[str, str], format_: str) -> Recipe:
    """Raises InvalidParameter, as those below."""
    asked = read(query, parameters.ROSE)
    style = parameters.style(asked, format_, 480, 520)
    mirrored, by = asked.get("mirrored") == "true", asked.get("by", "count")
    sectors = int(asked.get("sectors", 36))
    return _recipe(
        "rose",
        asked,
        style,
        lambda found: diagrams.rose(found, style, mirrored=mirrored, by=by, sectors=sectors),
    )


def stereonet(query: Mapping[str, str], format_: str) -> Recipe:
    asked = read(query, parameters.STEREONET)
    style = parameters.style(asked, format_, 480, 520)
    planes, density = asked.get("show") == "planes", asked.get("density") == "true"
    return _recipe(
        "stereonet",
        asked,
        style,
        lambda found: diagrams.stereonet(found, style, planes=planes, density=density),
    )


def tadpoles(query: Mapping[str, str], format_: str) -> Recipe:
    asked = read(query, parameters.TADPOLES)
    style = parameters.style(asked, format_, 300, 800)
    return _recipe(
        "tadpoles",
        asked,
        style,
        lambda found: diagrams.tadpoles(found, style, asked["min"], asked["max"]),
    )


def _recipe(
    what: str, asked: Mapping[str, Any], style: Style, draw: Callable[[Selection], bytes]
) -> Recipe:
    name = repr((what, style, sorted(asked.items())))
    return Recipe(parameters.query(asked), asked.get("structural"), style, name, draw)
