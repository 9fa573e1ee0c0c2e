"""The catalogue of image logs, which is also the journal of what is being written or deleted."""

import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np
from bson import ObjectId
from django.db import connection, models
from django.utils import timezone
from django_mongodb_backend.fields import (
    ArrayField,
    EmbeddedModelArrayField,
    EmbeddedModelField,
    ObjectIdAutoField,
    ObjectIdField,
)
from django_mongodb_backend.models import EmbeddedModel
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect

from images.arrays import DEPTH_TYPE, PIXEL_TYPES, Depths, Histogram, ValueSummary
from images.errors import StatisticsMissing
from storage.bucket import Bucket

BUCKET = "image_logs"
# Where the files of logs are that were ingested before the service had a bucket of its own. Other
# programs may keep files in it too: it is what GridFS takes without a name.
FORMER_BUCKET = "fs"


def now() -> datetime:
    """The time in whole milliseconds, as MongoDB keeps it."""
    time = timezone.now()
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


class Overview(EmbeddedModel):
    """One overview of a log: its level, its traces, and where they are."""

    level = models.IntegerField()
    rows = models.BigIntegerField()
    file_ids = ArrayField(ObjectIdField())
    chunk_tops = models.BinaryField()
    crcs = ArrayField(models.BinaryField(), default=list)


class Axis(EmbeddedModel):
    """What the columns of a log stand for that are not azimuths around the wall, such as the times
    of a waveform: its name, its unit, and the place of each column on it."""

    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=100, null=True)
    places = ArrayField(models.FloatField())


class Statistics(EmbeddedModel):
    """What the values of a log are like: a ``ValueSummary``, its quantiles as float32 in
    little-endian order."""

    count = models.BigIntegerField()
    nulls = models.BigIntegerField()
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    mean = models.FloatField(null=True)
    standard_deviation = models.FloatField(null=True)
    quantiles = models.BinaryField()

    @classmethod
    def of(cls, summary: ValueSummary) -> "Statistics":
        numbers = {name: getattr(summary, name) for name in _NUMBERS}
        finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
        quantiles = summary.quantiles.astype("<f4").tobytes()
        return cls(count=summary.count, nulls=summary.nulls, quantiles=quantiles, **finite)

    def summary(self) -> ValueSummary:
        stored = {name: getattr(self, name) for name in _NUMBERS}
        return ValueSummary(
            count=self.count,
            nulls=self.nulls,
            quantiles=np.frombuffer(self.quantiles, "<f4"),
            **{name: math.nan if number is None else number for name, number in stored.items()},
        )


_NUMBERS = ("minimum", "maximum", "mean", "standard_deviation")


class Level(NamedTuple):
    """A log at one resolution: 0 is the log itself, each further one has a quarter of the traces.

    ``dtype`` is that of its pixels; ``spacing`` is the depth from trace to trace, None for a log of
    one depth; ``file_ids`` are the pixels and the depths, in ``bucket``; ``tops`` is the depth of
    the first trace of every chunk, (chunks,) float64, ascending; ``crcs`` are those of the chunks
    of each file, as in `storage.files`, none for a log that was stored without them.
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
    """One ingested image of a borehole wall, or a curve. Only those in state ``ready`` are shown.

    ``file_ids`` are all its GridFS files, of which the first two are its pixels and its depths;
    ``chunk_tops`` as in ``Level``, as float64 in little-endian order; ``crcs`` are those of the
    first two files, as in ``Level``. Of grays ``histogram`` is the number of pixels of each, 256
    int64 in little-endian order; of values there are ``statistics``.

    ``part`` tells apart the logs of one name that are made of one file. ``first_azimuth`` is that
    of the first column in degrees; the columns go all around, clockwise looking down the hole or
    not, unless there is an ``axis``. What is not known is None.
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
    well = models.CharField(max_length=100)
    name = models.CharField("mnemonic", max_length=100, default="image")
    unit = models.CharField("unit of the values", max_length=100, null=True)
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
        """What a message calls the log."""
        return f"image log {self.pk} of well {self.well} ({self.filename})"

    @classmethod
    def find(cls, query: Mapping[str, Any]) -> list["ImageLog"]:
        """The logs that fit a query in MongoDB's own terms, in the order of their uploads.

        It is what requests for images begin with; the ORM takes three times as long.
        """
        return [cls._of(document) for document in cls._collection().find(query).sort("_id")]

    @classmethod
    def with_id(cls, log_id: ObjectId) -> "ImageLog | None":
        """The log of this id, in whatever state, or None.

        Asked for without a cursor, whose making is a tenth of the work of a picture that is kept.
        """
        database, query = connection.database, {"_id": log_id}
        try:
            reply = database.command(
                {
                    "find": cls._meta.db_table,
                    "filter": query,
                    "singleBatch": True,
                    "readConcern": database.read_concern.document,
                },
                read_preference=database.read_preference,
                codec_options=database.codec_options,
            )
            documents = reply["cursor"]["firstBatch"]
        except AutoReconnect as error:
            if error.timeout:
                raise
            # Where a connection breaks pymongo sends queries again, and commands not.
            documents = cls._collection().find(query)
        return next((cls._of(document) for document in documents), None)

    def change(
        self, where: Mapping[str, Any], session: ClientSession | None = None, **values: object
    ) -> bool:
        """Change the stored log, not this copy of it, if it fits ``where``; False if it does not.

        One document by its id: when the answer is lost, the driver sends such a command again, and
        MongoDB does not do it twice. The ORM's updates may be of many and are not sent again.
        """
        prepared = {
            name: self._meta.get_field(name).get_db_prep_save(value, connection)
            for name, value in values.items()
        }
        query = {"_id": self.pk, **where}
        changed = self._collection().update_one(query, {"$set": prepared}, session=session)
        return bool(changed.matched_count)

    def forget(self) -> None:
        """Delete the entry alone, as safely; no error where it is gone."""
        self._collection().delete_one({"_id": self.pk})

    @classmethod
    def _collection(cls) -> Collection[Any]:
        collection: Collection[Any] = connection.database[cls._meta.db_table]
        return collection

    @classmethod
    def _of(cls, document: dict[str, Any]) -> "ImageLog":
        """The log of a document, whose further fields a newer version may have put there."""
        known = {name: document[name] for name in document.keys() & cls._names()}
        for name, model in (("statistics", Statistics), ("axis", Axis)):
            known[name] = _embedded(model, known.get(name))
        if (parts := known.get("overviews")) is not None:
            known["overviews"] = [_embedded(Overview, part) for part in parts]
        return cls(id=document["_id"], **known)

    @classmethod
    @cache
    def _names(cls) -> frozenset[str]:
        return frozenset(field.attname for field in cls._meta.fields)

    def files(self) -> Bucket:
        """Where the files of the log are."""
        return Bucket(self.bucket)

    def levels(self) -> list[Level]:
        """The log and its overviews, the finest first."""
        spacing = self.sampling_interval
        own = [self._level(0, self, spacing)]
        for overview in (self.overviews or []) if spacing else []:
            own.append(self._level(overview.level, overview, spacing * 4**overview.level))
        return own

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
        """That of the pixels: uint8 grays or float32 values."""
        return PIXEL_TYPES[self.values]

    @property
    def lacks_statistics(self) -> bool:
        """Whether it was ingested before overviews and statistics were made, and they were not."""
        made = self.histogram if self.values == self.Values.GRAYS else self.statistics
        return made is None

    @property
    def value_limits(self) -> tuple[float, float]:
        """The least and the greatest value that there may be; (0, 0) where all are null."""
        if self.values == self.Values.GRAYS:
            return 0.0, 255.0
        summary = self.value_summary()
        return (summary.minimum, summary.maximum) if summary.count else (0.0, 0.0)

    def gray_histogram(self) -> Histogram:
        """The number of pixels of each gray, (256,) int64. Raises StatisticsMissing."""
        if self.histogram is None:
            raise _statistics_missing()
        return np.frombuffer(self.histogram, "<i8")

    def value_summary(self) -> ValueSummary:
        """What the values of a log of values are like. Raises StatisticsMissing."""
        if self.statistics is None:
            raise _statistics_missing()
        return self.statistics.summary()


def _statistics_missing() -> StatisticsMissing:
    return StatisticsMissing("this log has no statistics yet; `manage.py doctor --fix` makes them")


def _embedded(model: type[EmbeddedModel], document: Mapping[str, Any] | None) -> Any:
    names = {field.attname for field in model._meta.fields}
    return document and model(**{name: document[name] for name in document.keys() & names})
