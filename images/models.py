"""The catalogue of image logs, which is also the journal of what is being written or deleted."""

from datetime import datetime
from typing import Any, ClassVar

import numpy as np
from django.db import models
from django.utils import timezone
from django_mongodb_backend.fields import ArrayField, ObjectIdAutoField, ObjectIdField

from images.chunks import DEPTH_TYPE


def now() -> datetime:
    """The time in whole milliseconds, as MongoDB keeps it."""
    time = timezone.now()
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


class ImageLog(models.Model):
    """One ingested image of a borehole wall. Only those in state ``ready`` are ever shown.

    ``file_ids`` are its GridFS files: the pixels, then the depths. ``chunk_tops`` is the depth of
    the first trace of every chunk, as float64 in little-endian order, ascending.
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
    lease_until = models.DateTimeField("time until which its writer is taken to be alive")
    file_ids = ArrayField(ObjectIdField())
    chunk_tops = models.BinaryField()

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
    def chunk_top_depths(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The depth of the first trace of every chunk, (chunks,) float64, ascending."""
        return np.frombuffer(self.chunk_tops, DEPTH_TYPE)
