"""The catalogue of image logs. It also records which logs are being written or deleted."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import numpy as np
from bson import ObjectId
from django.db import connection, models
from django_mongodb_backend.fields import (
    ArrayField,
    EmbeddedModelArrayField,
    EmbeddedModelField,
    ObjectIdAutoField,
    ObjectIdField,
)
from pymongo import ReturnDocument

from images.arrays import DEPTH_TYPE, PIXEL_TYPES, Depths, Histogram, ValueSummary
from images.embedded import Axis, Overview, Statistics
from images.errors import StatisticsMissing
from storage.bucket import Bucket
from storage.documents import collection, known, now, without
from web.text import MAX_NAME_CHARACTERS

BUCKET = "image_logs"
# The bucket of logs that were ingested by early versions. It is the default bucket of GridFS, so
# other programs may use it too.
FORMER_BUCKET = "fs"


_NOT_LISTED = ("chunk_tops", "crcs", "overviews", "histogram", "statistics", "axis", "gaps")


class Level(NamedTuple):
    """A log at one resolution: level 0 is the log itself, level k has a sample for 4^k of it.

    ``dtype`` is that of the pixels. ``spacing`` is the depth step between traces, None for a log of
    one depth. ``file_ids`` are the file of pixels and the file of depths in ``bucket``. ``tops``
    are the first depths of the chunks, (chunks,) float64, ascending. ``crcs`` are the CRC-32s of
    the chunks of each file, as in `storage.files`; logs of early versions have none.
    """

    number: int
    rows: int
    width: int
    dtype: np.dtype
    spacing: float | None
    bucket: str
    file_ids: list[ObjectId]
    chunk_rows: int
    tops: Depths
    crcs: Mapping[ObjectId, bytes]


class ImageLog(models.Model):
    """An image log or a curve. Requests only see those in the state ``ready``.

    ``file_ids`` are its GridFS files: pixels, depths, then pixels and depths of each overview.
    ``chunk_tops`` are the first depths of the chunks, little-endian float64. ``crcs`` are the
    CRC-32s of the chunks of the first two files, as in `storage.files`. A log of grays has a
    ``histogram``, 256 little-endian int64; a log of values has ``statistics``. ``gaps`` are the
    tops and bases of the first gaps, in one list.

    ``part`` distinguishes logs of the same name from the same file. The columns go once around the
    hole from ``first_azimuth``, in degrees, unless the log has an ``axis``; ``clockwise`` is as
    seen looking down the hole. A value that is not known is None.
    """

    class State(models.TextChoices):
        INGESTING = "ingesting"
        READY = "ready"
        DELETING = "deleting"

    class Kind(models.TextChoices):
        IMAGE = "image"
        CURVE = "curve"

    class Values(models.TextChoices):
        GRAYS = "uint8"
        PHYSICAL = "float32"

    class Reference(models.TextChoices):
        NORTH = "north"
        TOP_OF_HOLE = "top of hole"

    id = ObjectIdAutoField(primary_key=True)
    well = models.CharField(max_length=MAX_NAME_CHARACTERS)
    name = models.CharField("mnemonic", max_length=MAX_NAME_CHARACTERS, default="image")
    unit = models.CharField("unit of the values", max_length=MAX_NAME_CHARACTERS, null=True)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.IMAGE)
    values = models.CharField(max_length=7, choices=Values, default=Values.GRAYS)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    part = models.CharField("which part of the file", max_length=255, default="")
    rows = models.BigIntegerField()
    rows_skipped = models.BigIntegerField()
    duplicate_depths = models.BigIntegerField()
    width = models.IntegerField("pixels of a trace")
    source_width = models.IntegerField("columns of the file")
    nulls = models.BigIntegerField("null pixels", default=0)
    top = models.FloatField("top depth")
    base = models.FloatField("base depth")
    sampling_interval = models.FloatField(null=True)
    depth_unit = models.CharField(max_length=20, null=True)
    first_azimuth = models.FloatField("azimuth of the first column", null=True)
    clockwise = models.BooleanField(null=True)
    azimuth_reference = models.CharField(max_length=11, choices=Reference, null=True)
    axis = EmbeddedModelField(Axis, null=True)
    state = models.CharField(max_length=9, choices=State)
    created_at = models.DateTimeField(default=now)
    bucket = models.CharField("GridFS bucket of its files", max_length=20, default=FORMER_BUCKET)
    file_ids = ArrayField(ObjectIdField())
    chunk_rows = models.IntegerField("traces of a chunk", default=1740)
    chunk_tops = models.BinaryField()
    crcs = ArrayField(models.BinaryField(), default=list)
    overviews = EmbeddedModelArrayField(Overview, null=True)
    histogram = models.BinaryField(null=True)
    statistics = EmbeddedModelField(Statistics, null=True)
    smallest_step = models.FloatField(null=True)
    largest_step = models.FloatField(null=True)
    gaps = ArrayField(models.FloatField(), default=list)
    gap_count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "image log"
        ordering: ClassVar = ["well", "top", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="same_part_same_log",
                fields=["well", "sha256", "name", "part"],
                condition=models.Q(state="ready"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="by_depth", fields=["state", "top"]),
            models.Index(name="by_well", fields=["state", "well", "top"]),
        ]

    def __str__(self) -> str:
        return f"{self.well} {self.top}-{self.base}"

    @property
    def label(self) -> str:
        """The log in a message for operators."""
        return f"image log {self.pk} of well {self.well} ({self.filename})"

    @classmethod
    def find(cls, query: Mapping[str, Any], limit: int = 0) -> list["ImageLog"]:
        """Return the logs that match a MongoDB query, in the order of their uploads.

        ``limit`` is the most logs to return, 0 for all.

        Every request for images needs it, and the ORM takes three times as long.
        """
        documents = collection(cls).find(query).sort("_id").limit(limit)
        return [cls._from(document) for document in documents]

    @classmethod
    def with_id(cls, log_id: ObjectId) -> "ImageLog | None":
        """Return the log with this id, in whatever state; None if there is none."""
        document = collection(cls).find_one({"_id": log_id})
        return cls._from(document) if document else None

    @classmethod
    def listed(cls, **lookups: Any) -> models.QuerySet["ImageLog"]:
        """Return the logs in the state ``ready``, without the large fields that lists do not show.

        ``lookups`` are those of Django's ``filter``.
        """
        return without(cls.objects.filter(state=cls.State.READY, **lookups), *_NOT_LISTED)

    def is_still_ready(self) -> bool:
        """Ask MongoDB whether the log still exists in the state ``ready``."""
        return type(self).objects.filter(pk=self.pk, state=self.State.READY).exists()

    def change(self, where: Mapping[str, Any], **values: object) -> bool:
        """Change the stored document if it matches ``where``. Returns whether it did.

        This object stays as it is. pymongo retries an update of one document after a lost
        connection, and MongoDB does not apply it twice; updates of the ORM are not retried.
        """
        one, new = {"_id": self.pk, **where}, self._update(values)
        return bool(collection(type(self)).update_one(one, new).matched_count)

    def changed(self, where: Mapping[str, Any], **values: object) -> "ImageLog | None":
        """Change the stored document like ``change``, and return the log as it is then; None if the
        document did not match."""
        document = collection(type(self)).find_one_and_update(
            {"_id": self.pk, **where},
            self._update(values),
            return_document=ReturnDocument.AFTER,
        )
        return self._from(document) if document else None

    def _update(self, values: Mapping[str, object]) -> dict[str, Any]:
        """The update of MongoDB that sets fields to ``values``."""
        prepared = {
            name: self._meta.get_field(name).get_db_prep_save(value, connection)
            for name, value in values.items()
        }
        return {"$set": prepared}

    def delete_document(self) -> None:
        """Delete the document, but not the files. No error if it is gone."""
        collection(type(self)).delete_one({"_id": self.pk})

    @classmethod
    def _from(cls, document: dict[str, Any]) -> "ImageLog":
        """Make the log of a document."""
        values = known(cls, document)
        for name, model in (("statistics", Statistics), ("axis", Axis)):
            if (part := values.get(name)) is not None:
                values[name] = model(**known(model, part))
        if (parts := values.get("overviews")) is not None:
            values["overviews"] = [Overview(**known(Overview, part)) for part in parts]
        return cls(**values)

    def files(self) -> Bucket:
        """Return the GridFS bucket of the files of the log."""
        return Bucket(self.bucket)

    def levels(self) -> list[Level]:
        """Return the log and its overviews as levels, the finest first."""
        spacing = self.sampling_interval
        levels = [self._level(0, self, spacing)]
        for overview in (self.overviews or []) if spacing else []:
            levels.append(self._level(overview.level, overview, spacing * 4**overview.level))
        return levels

    def _level(self, number: int, stored: "ImageLog | Overview", spacing: float | None) -> Level:
        file_ids = stored.file_ids[:2]
        return Level(
            number,
            stored.rows,
            self.width,
            self.dtype,
            spacing,
            self.bucket,
            file_ids,
            self.chunk_rows,
            np.frombuffer(stored.chunk_tops, DEPTH_TYPE),
            dict(zip(file_ids, stored.crcs, strict=False)),
        )

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the pixels: uint8 grays or float32 values."""
        return PIXEL_TYPES[self.values]

    @property
    def lacks_statistics(self) -> bool:
        """Whether overviews and statistics are missing, as in logs of early versions."""
        found = self.histogram if self.values == self.Values.GRAYS else self.statistics
        return found is None

    @property
    def value_limits(self) -> tuple[float, float]:
        """Bounds of the pixels: 0 and 255 for grays, else minimum and maximum; 0, 0 if all null.

        Raises StatisticsMissing.
        """
        if self.values == self.Values.GRAYS:
            return 0.0, 255.0
        summary = self.value_summary()
        return (summary.minimum, summary.maximum) if summary.count else (0.0, 0.0)

    def gray_histogram(self) -> Histogram:
        """Return the number of pixels of each gray, (256,) int64. Raises StatisticsMissing."""
        if self.histogram is None:
            raise _statistics_missing()
        return np.frombuffer(self.histogram, "<i8")

    def value_summary(self) -> ValueSummary:
        """Return the statistics of a log of values. Raises StatisticsMissing."""
        if self.statistics is None:
            raise _statistics_missing()
        return self.statistics.summary()


def _statistics_missing() -> StatisticsMissing:
    return StatisticsMissing("this log has no statistics yet; `manage.py doctor --fix` makes them")
