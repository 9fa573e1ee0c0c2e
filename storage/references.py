"""Which stored files the rows of all models name."""

from collections.abc import Iterator
from typing import Any

from bson import ObjectId
from django.apps import apps
from django.db.models import Field, FileField

from storage.gridfs import GridFSStorage
from storage.names import id_in


def fields_of(storage: GridFSStorage) -> Iterator[FileField]:
    """The fields of all models whose files lie in the bucket of ``storage``."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            kept_in = getattr(field, "storage", None)
            if isinstance(kept_in, GridFSStorage) and (
                (kept_in.using, kept_in.bucket) == (storage.using, storage.bucket)
            ):
                yield field


def named_ids(storage: GridFSStorage) -> set[ObjectId]:
    """The ids of the files in the bucket of ``storage`` that any row names."""
    return {
        id_in(name)
        for field in fields_of(storage)
        for name in field.model._base_manager.values_list(field.attname, flat=True).iterator()
        if name
    }


def is_named(name: str, own: Field, pk: Any) -> bool:
    """Whether another row names this file than that of the field ``own`` with the key ``pk``."""
    for field in fields_of(own.storage):
        rows = field.model._base_manager.filter(**{field.attname: name})
        if field == own:
            rows = rows.exclude(pk=pk)
        if rows.exists():
            return True
    return False
