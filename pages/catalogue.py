"""What the page lists: image logs and core photos, well by well, so many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Value

from images.models import ImageLog
from pages.cards import LogCard, PhotoCard
from photos.models import CorePhoto

ITEMS_OF_A_PAGE = 50
_LOG_FIELDS = ("well", "filename", "rows", "top", "base", "sampling_interval")


@dataclass(frozen=True, slots=True)
class Well:
    """What one page shows of a well; the logs come before the photos, the shallow first."""

    name: str
    logs: Sequence[LogCard]
    photos: Sequence[PhotoCard]


def page(number: str, well: str | None) -> tuple[Page, Sequence[Well]]:
    """A page of the items of all wells, or of one ``well``; the nearest one to ``number``."""
    items = Paginator(_items(well), ITEMS_OF_A_PAGE).get_page(number)
    found = list(items)
    cards = _log_cards(found) | _photo_cards(found)
    wells = [_well(name, rows, cards) for name, rows in groupby(found, itemgetter(0))]
    return items, wells


def _items(well: str | None) -> QuerySet:
    """Well, kind, top depth and id of each item: both kinds are sorted and cut by MongoDB."""
    logs = ImageLog.objects.filter(state=ImageLog.State.READY)
    photos = CorePhoto.objects.all()
    if well is not None:
        logs, photos = logs.filter(well=well), photos.filter(well=well)
    both = [
        kind.order_by().annotate(kind=Value(name), depth=F(top)).values_list(*_ITEM)
        for kind, name, top in ((logs, "log", "top"), (photos, "photo", "top_depth"))
    ]
    return both[0].union(both[1], all=True).order_by(*_ITEM)


_ITEM = ("well", "kind", "depth", "pk")


def _log_cards(items: Sequence[Any]) -> dict[Any, LogCard]:
    logs = ImageLog.objects.only(*_LOG_FIELDS).in_bulk([pk for *_, pk in items])
    return {pk: LogCard(log) for pk, log in logs.items()}


def _photo_cards(items: Sequence[Any]) -> dict[Any, PhotoCard]:
    photos = CorePhoto.objects.in_bulk([pk for *_, pk in items])
    return {pk: PhotoCard(photo) for pk, photo in photos.items()}


def _well(name: str, items: Any, cards: dict[Any, Any]) -> Well:
    """What was deleted meanwhile has no card."""
    shown = [cards[pk] for *_, pk in items if pk in cards]
    return Well(
        name,
        logs=[card for card in shown if isinstance(card, LogCard)],
        photos=[card for card in shown if isinstance(card, PhotoCard)],
    )
