"""Picks as they were made. Their dips are computed on every read, from the pick and its well.

So one change of a well changes all its dips at the same moment, however many there are, and no
reader ever sees some of them changed and others not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from bson import ObjectId
from django.db import models
from django_mongodb_backend.fields import ObjectIdAutoField, ObjectIdField

from dips.terms import MAX_AUTHOR_CHARACTERS, MAX_COMMENT_CHARACTERS
from storage.documents import collection
from web.text import MAX_NAME_CHARACTERS, counted
from wells.models import keep_once

LEDGER_ID = 1


class Dip(models.Model):
    """A plane that somebody picked on the wall.

    ``depth``, in the unit of the well, is where it cuts the axis of the hole. ``height`` and
    ``azimuth`` are those of its sinusoid; where the ``basis`` is ``plane``, ``plane_dip`` and
    ``plane_azimuth`` are its true dip instead. ``covariance`` is that of z0, a, b, row by row.
    ``edits`` counts changes by people; ``born`` and ``edited`` are generations of the well when the
    pick was made and last edited.
    """

    id = ObjectIdAutoField(primary_key=True)
    well = models.CharField(max_length=MAX_NAME_CHARACTERS)
    log = ObjectIdField(null=True)
    type = models.CharField(max_length=20)
    basis = models.CharField(max_length=8)
    depth = models.FloatField()
    height = models.FloatField(null=True)
    azimuth = models.FloatField(null=True)
    plane_dip = models.FloatField(null=True)
    plane_azimuth = models.FloatField(null=True)
    points = models.JSONField(null=True)
    residual = models.FloatField(null=True)
    covariance = models.JSONField(null=True)
    reference = models.CharField(max_length=11, null=True)  # noqa: DJ001
    diameter = models.FloatField("diameter of the hole, given", null=True)
    diameter_unit = models.CharField(max_length=2, null=True)  # noqa: DJ001
    quality = models.JSONField(null=True)
    comment = models.CharField(max_length=MAX_COMMENT_CHARACTERS, blank=True)
    author = models.CharField(max_length=MAX_AUTHOR_CHARACTERS, blank=True)
    editor = models.CharField(max_length=MAX_AUTHOR_CHARACTERS, blank=True)
    source = models.CharField(max_length=8)
    batch = ObjectIdField("import that it came with", null=True)
    import_number = models.IntegerField("number of that import in the ledger", default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    edits = models.IntegerField(default=0)
    born = models.IntegerField()
    edited = models.IntegerField()

    class Meta:
        ordering: ClassVar = ["well", "depth", "id"]
        indexes: ClassVar = [
            models.Index(name="dips_by_place", fields=["well", "depth", "id", "import_number"]),
            models.Index(name="dips_by_batch", fields=["batch"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} at {self.depth} in {self.well}"

    @staticmethod
    def visible() -> dict[str, Any]:
        """The filter of visible picks: all but those of unpublished imports."""
        ledger = collection(ImportLedger).find_one({"_id": LEDGER_ID})
        if ledger is None:
            return {"import_number": 0}
        hidden = [note["number"] for note in ledger["under_way"]]
        return {"import_number": {"$lt": ledger["next"], "$nin": hidden}}


class PastDip(models.Model):
    """A former version of a pick. ``was`` is its document, ``was.end`` how the pick was deleted."""

    id = ObjectIdAutoField(primary_key=True)
    dip = ObjectIdField()
    edits = models.IntegerField()
    was = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_past_dip", fields=["dip", "edits"])
        ]

    def __str__(self) -> str:
        return f"{self.dip} {self.edits}"

    @classmethod
    def keep(cls, was: Mapping[str, Any]) -> None:
        """Keep a version. Doing it again changes nothing."""
        keep_once(cls, {"dip": was["_id"], "edits": was["edits"]}, was)

    @classmethod
    def latest(cls, dip_id: ObjectId, most: int, **where: Any) -> list[dict[str, Any]]:
        """The latest ``most`` former versions of a pick, the oldest of them first.

        ``where`` is more of a MongoDB query.
        """
        found = collection(cls).find({"dip": dip_id, **where}).sort("edits", -1).limit(most)
        return [document["was"] for document in found][::-1]


class DipImport(models.Model):
    """A file of picks that has been imported. The same bytes go into a well only once."""

    id = ObjectIdAutoField(primary_key=True)
    well = models.CharField(max_length=MAX_NAME_CHARACTERS)
    sha256 = models.CharField("SHA-256 of the file and its options", max_length=64)
    count = models.IntegerField()
    author = models.CharField(max_length=MAX_AUTHOR_CHARACTERS, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="same_bytes_same_picks", fields=["well", "sha256"])
        ]

    def __str__(self) -> str:
        return f"{counted(self.count, 'pick')} of {self.well}"


class ImportLedger(models.Model):
    """Which imports are visible, in one document: see ``import_ledger``.

    ``next`` is the number of the next one. ``under_way`` lists those that are not visible yet, each
    with ``number``, ``batch``, and ``until`` when it may be published.
    """

    id = models.IntegerField(primary_key=True)
    next = models.IntegerField(default=1)
    under_way = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{len(self.under_way)} imports under way"


ORDER = [("well", 1), ("depth", 1), ("_id", 1)]


@dataclass(frozen=True)
class Query:
    """A selection of picks; None does not filter. Both ends of the depth range are included.

    Which imports are visible is read only once, so that all results of a query are of one moment.
    ``visible`` is the filter of it, if it has been read before.
    """

    well: str | None = None
    log: ObjectId | None = None
    top: float | None = None
    base: float | None = None
    types: tuple[str, ...] = ()
    author: str | None = None
    visible: Mapping[str, Any] | None = None

    @cached_property
    def filter(self) -> dict[str, Any]:
        depth = {"$gte": self.top, "$lte": self.base}
        asked = {
            "well": self.well,
            "log": self.log,
            "depth": {end: value for end, value in depth.items() if value is not None} or None,
            "type": {"$in": [*self.types]} if self.types else None,
            "author": self.author,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        return {**(self.visible or Dip.visible()), **given}

    def within(self, top: float, base: float) -> "Query":
        """The same selection between two depths, of the same moment."""
        visible = {"import_number": self.filter["import_number"]}
        return replace(self, top=top, base=base, visible=visible)

    def count(self, most: int = 0) -> int:
        """The number of picks; counting stops at ``most`` unless that is 0."""
        if most:
            return collection(Dip).count_documents(self.filter, limit=most)
        return collection(Dip).count_documents(self.filter)

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """Picks by well and depth; a paginator slices a query as it does a queryset."""
        skip = part.start or 0
        limit = part.stop - skip
        return list(collection(Dip).find(self.filter, sort=ORDER, skip=skip, limit=limit))

    def without_points(self, most: int) -> list[dict[str, Any]]:
        """The first picks by well and depth, at most ``most``, as if they had no points."""
        found = collection(Dip).find(self.filter, {"points": 0}, sort=ORDER, limit=most)
        return [{**pick, "points": None} for pick in found]

    def nbytes(self, skip: int, limit: int) -> int:
        """The bytes of the documents of some of the picks, by well and depth."""
        order = {"$sort": dict(ORDER)}
        size = {"$group": {"_id": None, "bytes": {"$sum": {"$bsonSize": "$$ROOT"}}}}
        part: list[Mapping[str, Any]] = [{"$match": self.filter}, order, {"$skip": skip}]
        part += [{"$limit": limit}, size]
        found = next(iter(collection(Dip).aggregate(part)), None)
        return 0 if found is None else int(found["bytes"])

    def ends(self) -> tuple[float, float]:
        """The first and the last depth of the picks; nan where there are none."""
        found = collection(Dip)
        first = found.find_one(self.filter, {"depth": 1}, sort=[("depth", 1)])
        last = first and found.find_one(self.filter, {"depth": 1}, sort=[("depth", -1)])
        return (first["depth"], last["depth"]) if first and last else (float("nan"), float("nan"))

    def each(self, batch: int = 1_000) -> Iterator[Mapping[str, Any]]:
        """All picks by well and depth, fetched ``batch`` at a time."""
        return iter(collection(Dip).find(self.filter, sort=ORDER, batch_size=batch))
