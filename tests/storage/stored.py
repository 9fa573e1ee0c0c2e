"""What lies in the bucket of the test rows."""

from typing import Any

from bson import ObjectId
from django.db import connection

from tests.storage.rows.models import SMALL_CHUNKS, Sample


def bucket() -> Any:
    return connection.database[SMALL_CHUNKS.bucket]


def stored() -> set[ObjectId]:
    """The ids of all entries, chunks and leases."""
    return {
        *bucket().files.distinct("_id"),
        *bucket().chunks.distinct("files_id"),
        *bucket().leases.distinct("_id"),
    }


def reopened(sample: Sample) -> Sample:
    """The same row, as another process sees it."""
    return Sample.objects.get(pk=sample.pk)


def missing(named: set[ObjectId]) -> set[ObjectId]:
    """The ids that rows name and under which there is no entry."""
    return named - {*bucket().files.distinct("_id")}
