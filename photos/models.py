"""Core photographs: one row per photo, with its depths and the file itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django_mongodb_backend.fields import ObjectIdAutoField

from storage.fields import GridFSFileField
from storage.gridfs import GridFSStorage
from storage.reader import StoredFile
from web.text import MAX_NAME_CHARACTERS

MAX_CAPTION_CHARACTERS = 500


def photo_storage() -> GridFSStorage:
    """The bucket of the photos, apart from that of the image logs."""
    return GridFSStorage("photos", lease_seconds=settings.INGEST_LEASE_SECONDS)


class CorePhoto(models.Model):
    """A photo of the core between two depths, both included.

    ``preview`` is a small version of it, of which thumbnails are made; photos that are small
    themselves have none, nor have those that were uploaded before there were previews. ``format``,
    ``width``, ``height``, ``size_bytes``, ``chunk_size_bytes`` and ``sha256`` are those of
    ``photo``.
    """

    id = ObjectIdAutoField(primary_key=True)
    well = models.CharField(max_length=MAX_NAME_CHARACTERS)
    top_depth = models.FloatField()
    base_depth = models.FloatField()
    caption = models.CharField(max_length=MAX_CAPTION_CHARACTERS, blank=True)
    photo = GridFSFileField(storage=photo_storage, max_length=200)
    preview = GridFSFileField(storage=photo_storage, max_length=200, blank=True)
    format = models.CharField(max_length=4)
    width = models.PositiveIntegerField("pixels across")
    height = models.PositiveIntegerField("pixels down")
    size_bytes = models.BigIntegerField("bytes")
    chunk_size_bytes = models.IntegerField("bytes of a chunk in MongoDB")
    sha256 = models.CharField("SHA-256 of the photo", max_length=64)
    uploaded_at = models.DateTimeField("time of the upload of the photo")

    class Meta:
        verbose_name = "core photo"
        ordering: ClassVar = ["well", "top_depth", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="same_bytes_same_photo",
                fields=["well", "top_depth", "base_depth", "sha256"],
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="photos_by_top", fields=["top_depth"]),
            # The index of the constraint is partial, so queries by well cannot use it.
            models.Index(name="photos_by_well", fields=["well", "top_depth", "base_depth"]),
        ]

    def __str__(self) -> str:
        return f"{self.well} {self.top_depth}-{self.base_depth}"

    def same(self) -> models.QuerySet:
        """The photos of the same bytes at the same place; at most one is stored."""
        place = {"top_depth": self.top_depth, "base_depth": self.base_depth}
        return CorePhoto.objects.filter(well=self.well, sha256=self.sha256, **place)

    def opened(self) -> StoredFile:
        """The photo for reading. Raises FileMissing, StorageUnavailable."""
        file: StoredFile = self.photo.storage.open(self.photo.name)
        return file
