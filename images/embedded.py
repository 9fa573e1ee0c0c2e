"""The documents within that of an image log: its overviews, its axis, its statistics."""

import math

import numpy as np
from django.db import models
from django_mongodb_backend.fields import ArrayField, ObjectIdField
from django_mongodb_backend.models import EmbeddedModel

from images.arrays import ValueSummary
from web.text import MAX_NAME_CHARACTERS

MOMENTS = ("minimum", "maximum", "mean", "standard_deviation")


class Overview(EmbeddedModel):
    """One overview of a log. The fields are those of the same names in ``ImageLog``."""

    level = models.IntegerField()
    rows = models.BigIntegerField()
    file_ids = ArrayField(ObjectIdField())
    chunk_tops = models.BinaryField()
    crcs = ArrayField(models.BinaryField(), default=list)


class Axis(EmbeddedModel):
    """The third axis of a log whose columns are not azimuths, for example the time of a waveform.

    ``places`` are the values of the columns on it, (width,), in ``unit``.
    """

    name = models.CharField(max_length=MAX_NAME_CHARACTERS)
    unit = models.CharField(max_length=MAX_NAME_CHARACTERS, null=True)  # noqa: DJ001
    places = ArrayField(models.FloatField())


class Statistics(EmbeddedModel):
    """A stored ``ValueSummary``. NaN is stored as null, quantiles as little-endian float32."""

    count = models.BigIntegerField()
    nulls = models.BigIntegerField()
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    mean = models.FloatField(null=True)
    standard_deviation = models.FloatField(null=True)
    quantiles = models.BinaryField()

    @classmethod
    def of(cls, summary: ValueSummary) -> "Statistics":
        """Make the document of a summary."""
        numbers = {name: getattr(summary, name) for name in MOMENTS}
        finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
        quantiles = summary.quantiles.astype("<f4").tobytes()
        return cls(count=summary.count, nulls=summary.nulls, quantiles=quantiles, **finite)

    def summary(self) -> ValueSummary:
        """Return the summary that is stored."""
        stored = {name: getattr(self, name) for name in MOMENTS}
        return ValueSummary(
            count=self.count,
            nulls=self.nulls,
            quantiles=np.frombuffer(self.quantiles, "<f4"),
            **{name: math.nan if number is None else number for name, number in stored.items()},
        )
