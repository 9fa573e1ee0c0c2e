"""GridFSFileField: a file of a model's row, with as careful a life as the row itself.

A file belongs to one row. What a row adopts is settled when the row is saved, what it no longer
names is deleted after that, and what a crash leaves in between is the reaper's.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import FileField, Model, signals
from django.db.models.fields.files import FieldFile, FileDescriptor

from storage.field_file import GridFSFieldFile
from storage.gridfs import GridFSStorage


@dataclass(slots=True)
class Changes:
    """Names of files that a row will name, or no longer name, once it is saved."""

    adopted: list[str] = attribute(default_factory=list)
    dropped: list[str] = attribute(default_factory=list)


class GridFSFileDescriptor(FileDescriptor):
    """Assigning another file drops the one that was there, when the row is saved."""

    def __set__(self, instance: Model, value: Any) -> None:
        before = _stored(instance.__dict__.get(self.field.attname))
        if before and before != _stored(value):
            self.field.changes(instance).dropped.append(before)
        super().__set__(instance, value)


def _stored(value: Any) -> str | None:
    """The name of the stored file that a field holds: its own, or as a file of the row."""
    if isinstance(value, FieldFile):
        return value.name if value._committed else None
    return value if isinstance(value, str) else None


class GridFSFileField(FileField):
    """A file in GridFS; without ``storage`` in the bucket ``media``."""

    attr_class = GridFSFieldFile
    descriptor_class = GridFSFileDescriptor

    def __init__(self, *args: Any, storage: Any = None, **options: Any) -> None:
        super().__init__(*args, storage=storage or GridFSStorage(), **options)

    def contribute_to_class(self, cls: type[Model], name: str, **options: Any) -> None:
        super().contribute_to_class(cls, name, **options)
        if not cls._meta.abstract:
            signals.post_save.connect(self._row_saved, sender=cls)
            # With a receiver, Django loads the rows it deletes, whichever way it deletes them.
            signals.post_delete.connect(self._row_deleted, sender=cls)

    def changes(self, instance: Model) -> Changes:
        """What saving ``instance`` will do to files of this field."""
        key = f"_{self.attname}_changes"
        found: Changes = instance.__dict__.setdefault(key, Changes())
        return found

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """Store what was assigned, and make sure that nothing has been reaped meanwhile."""
        file = super().pre_save(model_instance, add)
        if file.name in self.changes(model_instance).adopted:
            self.storage.renew(file.name)
        return file

    def _row_saved(
        self, instance: Model, using: str, update_fields: Collection[str] | None, **_: Any
    ) -> None:
        if update_fields is not None and self.name not in update_fields:
            return
        changes = self._take_changes(instance)
        current = _stored(getattr(instance, self.attname))
        if current in changes.adopted:
            transaction.on_commit(partial(self.storage.settle, current), using)
        self._delete({*changes.adopted, *changes.dropped} - {current}, using)

    def _row_deleted(self, instance: Model, using: str, **_: Any) -> None:
        changes = self._take_changes(instance)
        current = _stored(getattr(instance, self.attname))
        self._delete({*changes.adopted, *changes.dropped, current}, using)

    def _take_changes(self, instance: Model) -> Changes:
        changes = self.changes(instance)
        del instance.__dict__[f"_{self.attname}_changes"]
        return changes

    def _delete(self, names: Iterable[str | None], using: str) -> None:
        for name in filter(None, names):
            transaction.on_commit(partial(self.storage.delete, name), using)
