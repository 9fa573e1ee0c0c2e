"""What the pages list: wells, and the logs and photos of one, so many at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection

from images.models import ImageLog
from pages.cards import LogCard, PhotoCard, SurveyCard, WellCard
from photos.models import CorePhoto
from storage.errors import translated
from wells import listing, surveys
from wells.hole import Hole
from wells.models import Well

# Rows of two or of three.
WELLS_OF_A_PAGE = 18
ITEMS_OF_A_PAGE = 24


def wells(search: str, number: str) -> tuple[Page, Sequence[WellCard]]:
    """A page of the wells whose name contains ``search``; the nearest one to ``number``."""
    found = Well.objects.filter(name__icontains=search) if search else Well.objects.all()
    page = Paginator(found, WELLS_OF_A_PAGE).get_page(number)
    shown = list(page)
    logs = _first_logs([well.name for well in shown])
    return page, [WellCard(facts, logs.get(facts["name"])) for facts in listing.described(shown)]


def logs(well: str, kind: str, number: str) -> tuple[Page, Sequence[LogCard]]:
    """A page of the logs of one ``kind`` of a well, the shallow first."""
    ready = ImageLog.objects.filter(state=ImageLog.State.READY, well=well, kind=kind)
    page = Paginator(ready.defer("chunk_tops", "histogram"), ITEMS_OF_A_PAGE).get_page(number)
    return page, [LogCard(log) for log in page]


def photos(well: str, number: str) -> tuple[Page, Sequence[PhotoCard]]:
    """A page of the photos of a well, the shallow first."""
    found = CorePhoto.objects.filter(well=well).order_by("top_depth", "pk")
    page = Paginator(found, ITEMS_OF_A_PAGE).get_page(number)
    return page, [PhotoCard(photo) for photo in page]


@translated()
def survey(well: Well) -> SurveyCard | None:
    """The survey of a well, None where there is none."""
    hole = Hole.of(Well.document(_id=well.pk) or {})
    return None if hole.survey is None else SurveyCard(surveys.shown(hole))


@translated()
def _first_logs(names: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Of each well that has logs one of them, the shallowest image where there is one: its id as
    ``log``, kind, top and base; and ``latest``, when the last one was stored."""
    ready = {"state": "ready", "well": {"$in": [*names]}}
    # Images, then curves.
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
