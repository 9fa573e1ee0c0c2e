"""Which picks a request is about, and how they are found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bson import ObjectId

from dips.models import Dip
from wells.models import collection

ORDER = [("well", 1), ("depth", 1), ("_id", 1)]


@dataclass(frozen=True)
class Query:
    """Filters; None lets everything pass. Both ends of the depth range are included.

    Which imports are seen is found out once, so that all that a query finds is of one moment.
    """

    well: str | None = None
    log: ObjectId | None = None
    top: float | None = None
    base: float | None = None
    types: tuple[str, ...] = ()
    author: str | None = None

    @cached_property
    def filter(self) -> dict[str, Any]:
        found = Dip.visible()
        if self.well is not None:
            found["well"] = self.well
        if self.log is not None:
            found["log"] = self.log
        depth = {"$gte": self.top, "$lte": self.base}
        if limits := {name: value for name, value in depth.items() if value is not None}:
            found["depth"] = limits
        if self.types:
            found["type"] = {"$in": [*self.types]}
        if self.author is not None:
            found["author"] = self.author
        return found

    def count(self, most: int = 0) -> int:
        """How many picks there are, counted up to ``most`` where it is not 0."""
        if most:
            return collection(Dip).count_documents(self.filter, limit=most)
        return collection(Dip).count_documents(self.filter)

    def page(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Picks by well and depth."""
        return list(collection(Dip).find(self.filter, sort=ORDER, skip=offset, limit=limit))

    def ends(self) -> tuple[float, float]:
        """The first and the last depth of the picks of a well, nan without any."""
        depths = []
        for way in (1, -1):
            found = collection(Dip).find_one(self.filter, {"depth": 1}, sort=[("depth", way)])
            depths.append(float("nan") if found is None else float(found["depth"]))
        return depths[0], depths[1]

    def each(self, batch: int = 1_000) -> Iterator[Mapping[str, Any]]:
        """All of the picks, fetched so many at a time."""
        return iter(collection(Dip).find(self.filter, sort=ORDER, batch_size=batch))
