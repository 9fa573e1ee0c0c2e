"""Queries of the pages: wells, and the logs, photos and the survey of a well, page by page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection

from images.models import ImageLog
from pages.cards import LogCard, PhotoCard, WellCard
from photos.models import CorePhoto
from storage.errors import translated
from wells import listing, surveys
from wells.hole import Hole
from wells.models import Well

# Divisible by two and three, the numbers of columns.
WELLS_PER_PAGE = 18
ITEMS_PER_PAGE = 24
# The most stations of a survey that a page lists.
STATIONS = 200


def wells(search: str, number: str) -> tuple[Page, Sequence[WellCard]]:
    """Return a page of the wells whose name contains ``search``, with their cards.

    A ``number`` that is not that of a page gives the first or the last page.
    """
    page = Paginator(Well.listed(search), WELLS_PER_PAGE).get_page(number)
    shown = list(page)
    logs = _first_logs([well.name for well in shown])
    return page, [WellCard(facts, logs.get(facts["name"])) for facts in listing.described(shown)]


def logs(well: str, kind: str, number: str) -> tuple[Page, Sequence[LogCard]]:
    """Return a page of the logs of one ``kind`` of a well by depth, with their cards."""
    page = Paginator(ImageLog.listed(well=well, kind=kind), ITEMS_PER_PAGE).get_page(number)
    return page, [LogCard(log) for log in page]


def photos(well: str, number: str) -> tuple[Page, Sequence[PhotoCard]]:
    """Return a page of the core photos of a well by depth, with their cards."""
    found = CorePhoto.objects.filter(well=well).order_by("top_depth", "pk")
    page = Paginator(found, ITEMS_PER_PAGE).get_page(number)
    return page, [PhotoCard(photo) for photo in page]


@translated()
def survey(well: Well) -> dict[str, Any] | None:
    """Return the survey of a well as in ``GET /wells/<id>/survey``; None if it has none.

    It has the first STATIONS stations, and ``left_out`` is how many more there are. ``steepest`` is
    the largest inclination in degrees.
    """
    hole = Hole.of(Well.document(_id=well.pk) or {})
    if hole.survey is None:
        return None
    shown = surveys.shown(hole, STATIONS)
    steepest, left_out = float(hole.survey.inclination.max()), shown["count"] - STATIONS
    return {**shown, "steepest": steepest, "left_out": max(left_out, 0)}


@translated()
def _first_logs(names: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Find the first log of each well: its shallowest image, else its shallowest curve.

    Returns, by the name of the well, ``log`` (its id), ``kind``, ``top`` and ``base``, and the time
    of the last upload to the well as ``latest``. Wells without logs are left out.
    """
    ready = {"state": "ready", "well": {"$in": [*names]}}
    # In descending order: images, then curves.
    order, shown = {"kind": -1, "top": 1}, {"log": "$_id", "kind": "$kind"}
    shown |= {"top": "$top", "base": "$base"}
    group = {
        "_id": "$well",
        "first": {"$top": {"sortBy": order, "output": shown}},
        "latest": {"$max": "$created_at"},
    }
    stages: list[Mapping[str, Any]] = [{"$match": ready}, listing.BY_WELL, {"$group": group}]
    found = connection.database[ImageLog._meta.db_table].aggregate(stages)
    return {row["_id"]: {**row["first"], "latest": row["latest"]} for row in found}
