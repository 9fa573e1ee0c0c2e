from django.db import models

from storage.fields import GridFSFileField
from storage.gridfs import GridFSStorage

SMALL_CHUNKS = GridFSStorage("rows", chunk_size_bytes=1000)


class Box(models.Model):
    label = models.CharField(max_length=20)

    class Meta:
        app_label = "rows"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Sample(models.Model):
    box = models.ForeignKey(Box, models.CASCADE, null=True)
    label = models.CharField(max_length=20, unique=True)
    photo = GridFSFileField(storage=SMALL_CHUNKS, upload_to="samples", blank=True)

    class Meta:
        app_label = "rows"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ProxySample(Sample):
    class Meta:
        app_label = "rows"
        proxy = True


class ChildSample(Sample):
    depth = models.FloatField(default=0)

    class Meta:
        app_label = "rows"


class Plain(models.Model):
    """A model with Django's own field on the storage."""

    scan = models.FileField(storage=SMALL_CHUNKS)

    class Meta:
        app_label = "rows"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
