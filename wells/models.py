"""Wells: one document each, so that everything that dips are computed from changes at once.

Every change makes a new generation of the well. The one before is kept in PastWell, so that the API
can show a dip as it was. PastWell is written first; requests that write it at the same time write
the same.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Self

from bson import ObjectId
from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ArrayField, ObjectIdAutoField, ObjectIdField
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from storage.documents import (
    Result,
    as_document,
    collection,
    in_transaction,
    loaded,
    now,
    without,
)
from storage.errors import translated
from web.conditions import ANYTHING
from web.errors import PreconditionFailed
from web.text import MAX_NAME_CHARACTERS, composed
from wells.errors import AddressedByName, WellChanged, WellNotFound

# Only the first digits of longer numbers in names are compared.
MAX_DIGITS = 12
# The fields of a generation.
VERSIONED = (
    *("depth_unit", "bit_size", "bit_size_unit", "declination", "grid_convergence"),
    *("survey", "calipers", "caliper_units", "references"),
)
MAX_ATTEMPTS = 20


def natural_key(name: str) -> str:
    """A sort key that puts F-4 before F-10: numbers by value, letters without regard to case."""
    return re.sub(r"\d+", lambda run: run[0].lstrip("0").rjust(MAX_DIGITS, "0"), name.casefold())


def keep_once(model: type[models.Model], key: Mapping[str, Any], was: Mapping[str, Any]) -> None:
    """Store a former version, unless there is one with this unique key."""
    with suppress(DuplicateKeyError):  # two upserts at once
        collection(model).update_one(key, {"$setOnInsert": {"was": was}}, upsert=True)


class Well(models.Model):
    """A borehole. Logs, photos and picks name it by its ``name``.

    ``survey`` is None or ``depth``, ``inclination`` and ``azimuth``, lists of one length;
    ``calipers`` are the ids of curves of the diameter, in the order in which they are used, and
    ``caliper_units`` their units;
    ``references`` says, for the id of each log that has picks, what its azimuths are measured from.
    """

    id = ObjectIdAutoField(primary_key=True)
    name = models.CharField(max_length=MAX_NAME_CHARACTERS, unique=True)
    sort_key = models.CharField(max_length=3 * MAX_NAME_CHARACTERS, editable=False)
    depth_unit = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001
    bit_size = models.FloatField(null=True, blank=True)
    bit_size_unit = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001
    declination = models.FloatField(null=True, blank=True)
    grid_convergence = models.FloatField(null=True, blank=True)
    survey = models.JSONField(null=True, editable=False)
    calipers = ArrayField(ObjectIdField(), default=list, editable=False)
    caliper_units = ArrayField(
        models.CharField(max_length=MAX_NAME_CHARACTERS, null=True), default=list, editable=False
    )
    references = models.JSONField(default=dict, editable=False)
    generation = models.IntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_by = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(name="naturally", fields=["sort_key", "id"])]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = natural_key(self.name)
        super().save(*args, **kwargs)

    @classmethod
    def listed(cls, search: str = "") -> models.QuerySet["Well"]:
        """The wells with ``search`` in their name. They come without their surveys, of which a
        thousand would take gigabytes.
        """
        forms = models.Q(name__icontains=composed(search))
        # Early versions stored names as they were sent.
        forms |= models.Q(name__icontains=unicodedata.normalize("NFD", search))
        found = cls.objects.filter(forms) if search else cls.objects.all()
        return without(found, "survey", "calipers", "caliper_units", "references")

    @classmethod
    def ensure(cls, name: str, depth_unit: str | None = None) -> tuple[Self, bool]:
        """The well with this name, and whether this call made it.

        If the well has no unit of depth yet, it gets ``depth_unit``. To make a well for something
        that names it, call this in the transaction that stores that.
        """
        blank = cls(sort_key=natural_key(name), depth_unit=depth_unit)
        new = {"_id": ObjectId(), **as_document(blank)}
        del new["name"]
        document: Any
        try:
            document = collection(cls).find_one_and_update(
                {"name": name},
                {"$setOnInsert": new},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            # Two upserts at once; MongoDB mostly tries again by itself. It has ended a transaction
            # then, and the next command makes the driver begin it anew.
            document = collection(cls).find_one({"name": name})
        if depth_unit and document["depth_unit"] is None:
            document = change(document["_id"], {"depth_unit": depth_unit}, only_if_missing=True)
        return loaded(cls, document), document["_id"] == new["_id"]

    @classmethod
    def document(cls, **query: Any) -> dict[str, Any] | None:
        """One well as MongoDB has it. Every request that computes dips reads it."""
        found: dict[str, Any] | None = collection(cls).find_one(query)
        return found


class PastWell(models.Model):
    """A former generation of a well. ``was`` holds its VERSIONED fields, when and by whom."""

    id = ObjectIdAutoField(primary_key=True)
    well = ObjectIdField()
    generation = models.IntegerField()
    was = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_past_well", fields=["well", "generation"])
        ]

    def __str__(self) -> str:
        return f"{self.well} {self.generation}"


def with_well(name: str | None, write: Callable[[], Result]) -> Result:
    """Make the well ``name`` if there is none, and return what ``write`` returns.

    If ``write`` raises, the well is not made. Without a ``name`` no well is made.
    """
    if name is None:
        return write()

    def both() -> Result:
        Well.ensure(name)
        return write()

    return in_transaction(both)


@translated()
def change(
    well_id: ObjectId,
    values: Mapping[str, Any],
    by: str = "",
    *,
    only_if_missing: bool = False,
    where: Mapping[str, Any] = ANYTHING,
) -> dict[str, Any]:
    """Change values of a well and return its document; a real change begins a new generation.

    A name may be that of a member, ``references.<id>``. With ``only_if_missing``, a field that has
    a value keeps it. Raises PreconditionFailed if the fields of the well are not as in ``where``;
    WellNotFound, WellChanged, StorageUnavailable.
    """
    for _ in range(MAX_ATTEMPTS):
        well = Well.document(_id=well_id)
        if well is None:
            raise WellNotFound(f"there is no well {well_id}")
        if any(well[name] != value for name, value in where.items()):
            raise PreconditionFailed("the well was changed meanwhile")
        new = {
            name: value
            for name, value in values.items()
            if _value(well, name) != value
            and not (only_if_missing and _value(well, name) is not None)
        }
        changed = _flip(well, new, by) if new else well
        if changed is not None:
            return changed
    raise WellChanged("others are changing the well at the same time; try again")


def _value(well: Mapping[str, Any], name: str) -> Any:
    whole, _, member = name.partition(".")
    return well[whole].get(member, "") if member else well.get(whole)


def _flip(well: dict[str, Any], new: Mapping[str, Any], by: str) -> dict[str, Any] | None:
    """Write a change in one update. None if another change came first."""
    was = {name: well.get(name) for name in (*VERSIONED, "changed_at", "changed_by")}
    keep_once(PastWell, {"well": well["_id"], "generation": well["generation"]}, was)
    changed: dict[str, Any] | None = collection(Well).find_one_and_update(
        {"_id": well["_id"], "generation": well["generation"]},
        {"$set": {**new, "changed_at": now(), "changed_by": by}, "$inc": {"generation": 1}},
        return_document=ReturnDocument.AFTER,
    )
    return changed


@translated()
def resolve(text: str) -> str:
    """The name of the well with this name or id. Text that is no known id is a name.

    Raises StorageUnavailable.
    """
    if len(text) == 24 and ObjectId.is_valid(text):
        well = Well.document(_id=ObjectId(text))
        return text if well is None else str(well["name"])
    return as_stored(text)


def as_stored(name: str) -> str:
    """``name`` in the Unicode form NFC; in NFD if an early version stored the well so."""
    new, old = composed(name), unicodedata.normalize("NFD", name)
    if old != new and Well.document(name=new) is None and Well.document(name=old) is not None:
        return old
    return new


def well_with_id(text: str) -> Well:
    """The well with this id. Raises AddressedByName if ``text`` is a name, WellNotFound."""
    well = Well.objects.filter(pk=text).first() if ObjectId.is_valid(text) else None
    if well is not None:
        return well
    named = Well.objects.filter(name=as_stored(text)).first()
    if named is not None:
        raise AddressedByName(text, named.pk)
    raise WellNotFound(f"there is no well {text}")
