"""The catalogue of image logs, which is also the journal of what is being written or deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import numpy as np
from bson import ObjectId
from django.db import connection, models
from django.utils import timezone
from django_mongodb_backend.fields import (
    ArrayField,
    EmbeddedModelArrayField,
    ObjectIdAutoField,
    ObjectIdField,
)
from django_mongodb_backend.models import EmbeddedModel
from pymongo.collection import Collection
from pymongo.errors import AutoReconnect

from images.arrays import Depths, Histogram
from images.errors import StatisticsMissing
from images.store.chunks import DEPTH_TYPE
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


class Level(NamedTuple):
    """A log at one resolution: 0 is the log itself, each further one has a quarter of the traces.

    ``spacing`` is the depth from trace to trace, None for a log of one depth; ``file_ids`` are the
    pixels and the depths, in ``bucket``; ``tops`` is the depth of the first trace of every chunk,
    (chunks,) float64, ascending.
    """

    number: int
    rows: int
    width: int
    spacing: float | None
    bucket: str
    file_ids: list[ObjectId]
    tops: Depths


class ImageLog(models.Model):
    """One ingested image of a borehole wall. Only those in state ``ready`` are ever shown.

    ``file_ids`` are all its GridFS files, of which the first two are its pixels and its depths;
    ``chunk_tops`` as in ``Level``, as float64 in little-endian order; ``histogram`` is the number
    of pixels of each gray, 256 int64 in little-endian order.
    """

    class State(models.TextChoices):
        INGESTING = "ingesting"
        READY = "ready"
        DELETING = "deleting"

    id = ObjectIdAutoField(primary_key=True)
    well = models.CharField(max_length=100)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField("SHA-256 of the CSV", max_length=64)
    rows = models.BigIntegerField()
    rows_skipped = models.BigIntegerField()
    duplicate_depths = models.BigIntegerField()
    width = models.IntegerField("pixels of a trace")
    source_width = models.IntegerField("pixels of a row of the CSV")
    top = models.FloatField("top depth")
    base = models.FloatField("base depth")
    sampling_interval = models.FloatField(null=True)
    state = models.CharField(max_length=9, choices=State)
    created_at = models.DateTimeField(default=now)
    bucket = models.CharField("GridFS bucket of its files", max_length=20, default=FORMER_BUCKET)
    file_ids = ArrayField(ObjectIdField())
    chunk_tops = models.BinaryField()
    overviews = EmbeddedModelArrayField(Overview, null=True)
    histogram = models.BinaryField(null=True)
    smallest_step = models.FloatField(null=True)
    largest_step = models.FloatField(null=True)
    gaps = ArrayField(models.FloatField(), default=list)
    gap_count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "image log"
        ordering: ClassVar = ["well", "top", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="same_bytes_same_log",
                fields=["well", "sha256"],
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

    def change(self, where: Mapping[str, Any], **values: object) -> bool:
        """Change the stored log, not this copy of it, if it fits ``where``; False if it does not.

        One document by its id: when the answer is lost, the driver sends such a command again, and
        MongoDB does not do it twice. The ORM's updates may be of many and are not sent again.
        """
        prepared = {
            name: self._meta.get_field(name).get_db_prep_save(value, connection)
            for name, value in values.items()
        }
        query = {"_id": self.pk, **where}
        return bool(self._collection().update_one(query, {"$set": prepared}).matched_count)

    def forget(self) -> None:
        """Delete the entry alone, as safely; no error where it is gone."""
        self._collection().delete_one({"_id": self.pk})

    @classmethod
    def _collection(cls) -> Collection[Any]:
        collection: Collection[Any] = connection.database[cls._meta.db_table]
        return collection

    @classmethod
    def _of(cls, document: dict[str, Any]) -> "ImageLog":
        overviews = document.pop("overviews")
        parts = None if overviews is None else [Overview(**overview) for overview in overviews]
        return cls(id=document.pop("_id"), **document, overviews=parts)

    def files(self) -> Bucket:
        """Where the files of the log are."""
        return Bucket(self.bucket)

    def levels(self) -> list[Level]:
        """The log and its overviews, the finest first."""
        spacing, bucket = self.sampling_interval, self.bucket
        own = [Level(0, self.rows, self.width, spacing, bucket, self.file_ids[:2], _tops(self))]
        for overview in (self.overviews or []) if spacing else []:
            cell = spacing * 4**overview.level
            level = (overview.level, overview.rows, self.width, cell, bucket, overview.file_ids)
            own.append(Level(*level, _tops(overview)))
        return own

    def gray_histogram(self) -> Histogram:
        """The number of pixels of each gray, (256,) int64. Raises StatisticsMissing."""
        if self.histogram is None:
            raise StatisticsMissing(
                "this log has no statistics yet; `manage.py doctor --fix` makes them"
            )
        return np.frombuffer(self.histogram, "<i8")


def _tops(stored: ImageLog | Overview) -> Depths:
    return np.frombuffer(stored.chunk_tops, DEPTH_TYPE)
