"""Wells: one document each, in which everything that dips are computed from changes at once.

Every change of it makes a new generation of the well. The one before is kept in PastWell, so that a
dip can be told as it was; it is written first, and whoever writes it writes the same.
"""

from typing import Any, ClassVar, Self

from bson import ObjectId
from django.db import connection, models
from django.utils import timezone
from django_mongodb_backend.fields import ArrayField, ObjectIdAutoField, ObjectIdField
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from wells.natural import natural_key

MAX_NAME_CHARACTERS = 100


def collection(model: type[models.Model]) -> Collection[Any]:
    """The collection of a model."""
    found: Collection[Any] = connection.database[model._meta.db_table]
    return found


class Well(models.Model):
    """A borehole. Logs, photos and picks name it by its ``name``.

    ``survey`` is None or ``depth``, ``inclination`` and ``azimuth``, lists of one length;
    ``calipers`` are ids of curves of the diameter, in the order in which they are asked;
    ``references`` holds, by the ids of logs that have picks, what their azimuths are measured from.
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
    def ensure(cls, name: str, depth_unit: str | None = None) -> tuple[Self, bool]:
        """The well of this name, made where there is none, and whether it was.

        A ``depth_unit`` is noted where none is known yet. The driver repeats what gets lost.
        """
        well, created = cls._upserted(name, depth_unit)
        if depth_unit and well.depth_unit is None:
            from wells.changes import change

            change(well.pk, {"depth_unit": depth_unit}, only_if_missing=True)
            well.refresh_from_db()
        return well, created

    @classmethod
    def _upserted(cls, name: str, depth_unit: str | None) -> tuple[Self, bool]:
        blank = cls(name=name, sort_key=natural_key(name), depth_unit=depth_unit)
        fields = {
            field.column: field.get_db_prep_save(getattr(blank, field.attname), connection)
            for field in cls._meta.local_fields
            if not field.primary_key and field.column != "name"
        }
        query, wells = {"name": name}, collection(cls)
        try:
            upserted = wells.update_one(query, {"$setOnInsert": fields}, upsert=True).upserted_id
        except DuplicateKeyError:  # two upserts at once; MongoDB mostly tries again by itself
            upserted = None
        return cls.objects.get(name=name), upserted is not None

    @classmethod
    def document(cls, **query: Any) -> dict[str, Any] | None:
        """One well as MongoDB has it; it is asked for at every request that computes dips."""
        found: dict[str, Any] | None = collection(cls).find_one(query)
        return found


class PastWell(models.Model):
    """A generation of a well that is over, and what ended it. ``was`` is what Well had."""

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

    @classmethod
    def keep(cls, well_id: ObjectId, generation: int, was: dict[str, Any]) -> None:
        """Keep a generation; whoever does it, and however often, keeps the same."""
        key = {"well": well_id, "generation": generation}
        try:
            collection(cls).update_one(key, {"$setOnInsert": {"was": was}}, upsert=True)
        except DuplicateKeyError:
            return
