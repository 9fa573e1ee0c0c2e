"""GridFSFileField: a model field whose file is kept in GridFS.

A file belongs to one row. Its lease is given back when the row is saved. The file that the row
named before is deleted after that. The reaper deletes what a crash leaves in between.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import partial
from typing import Any

from bson import ObjectId
from django.apps import apps
from django.db import transaction
from django.db.models import F, Field, FileField, Model, QuerySet, signals
from django.db.models.fields.files import FieldFile, FileDescriptor

from storage.errors import FileChanged
from storage.field_file import GridFSFieldFile
from storage.files import id_in
from storage.gridfs import GridFSStorage


@dataclass(slots=True)
class Changes:
    """What saving a row will do to files.

    ``adopted`` files are stored, and their leases are still held. ``displaced`` is the file that
    the row named before. ``made`` says whether the field was changed at all.
    """

    adopted: set[str] = attribute(default_factory=set)
    displaced: str | None = None
    made: bool = False


class GridFSFileDescriptor(FileDescriptor):
    """Notes that another file is assigned to the field of a row that was loaded."""

    def __set__(self, instance: Model, value: Any) -> None:
        known = instance.__dict__.get(self.field.attname)
        if known is None or _stored(value) != _stored(known):
            # Django loads a deferred or refreshed value from another instance of the same row.
            of = getattr(value, "instance", None)
            loaded = of is not None and of is not instance and of.pk == instance.pk
            self.field.changes(instance).made = not (loaded or instance._state.adding)
        super().__set__(instance, value)


def _stored(value: Any) -> str | None:
    """The name of the stored file in the value of a field, a name or a FieldFile."""
    if isinstance(value, FieldFile):
        # Django's FieldFile says nowhere else whether its file is stored.
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
            signals.class_prepared.connect(self._class_prepared)

    def _class_prepared(self, sender: type[Model], **_: Any) -> None:
        """Connect the signals of the model, of its proxies and of its children."""
        if issubclass(sender, self.model) and not sender._meta.abstract:
            signals.post_save.connect(self._row_saved, sender=sender)
            # These receivers make Django load all rows that it deletes, also those of querysets.
            signals.pre_delete.connect(self._row_going, sender=sender)
            signals.post_delete.connect(self._row_deleted, sender=sender)

    def changes(self, instance: Model) -> Changes:
        """What saving ``instance`` will do to files of this field."""
        found: Changes = instance.__dict__.setdefault(f"_{self.attname}_changes", Changes())
        return found

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """Store the assigned file, and make sure that no other row has it.

        If the file was not changed here, the row keeps the file that it names in MongoDB, which may
        be newer.
        """
        file = super().pre_save(model_instance, add)
        changes, adding = self.changes(model_instance), model_instance._state.adding
        now = None if add or model_instance.pk is None else self._named_now(model_instance)
        changes.displaced = None
        if now is not None and not (changes.made or adding):
            return F(self.attname)
        changes.displaced = now
        if file.name in changes.adopted:
            self.storage.renew(file.name)
        elif file.name and is_named(file.name, self, None if now is None else model_instance.pk):
            file.copy()
        return file

    def swap(
        self, instance: Model, old: str | None, new: str | None, also: Collection[str] = ()
    ) -> None:
        """Save ``new`` as the file of the row, and the fields ``also``, if it still names ``old``.

        Raises FileChanged if it does not.
        """
        fields = [self.model._meta.get_field(name) for name in also]
        values = {field.attname: field.pre_save(instance, add=False) for field in fields}
        rows = self._rows(instance).filter(**{self.attname: old or ""})
        if not rows.update(**{self.attname: new or ""}, **values):
            raise FileChanged(
                f"the file of {self.name!r} was replaced or deleted meanwhile, or its row was"
            )

    def _rows(self, instance: Model) -> QuerySet:
        """The row of ``instance`` in the table that has this field."""
        rows: QuerySet = self.model._base_manager.using(instance._state.db)
        return rows.filter(pk=instance.pk)

    def _named_now(self, instance: Model) -> str | None:
        """The name that the row has in MongoDB now; None if there is no such row."""
        for name in self._rows(instance).values_list(self.attname, flat=True):
            return name or ""
        return None

    def _row_saved(
        self, instance: Model, using: str, update_fields: Collection[str] | None, **_: Any
    ) -> None:
        saved = update_fields is None or self.name in update_fields
        if saved and self.attname in instance.__dict__:
            self._settle(instance, _stored(getattr(instance, self.attname)), using)

    def _row_going(self, instance: Model, **_: Any) -> None:
        """Read the name before the row is deleted: it may be deferred, or newer in MongoDB."""
        self.changes(instance).displaced = self._named_now(instance)

    def _row_deleted(self, instance: Model, using: str, **_: Any) -> None:
        self._settle(instance, None, using)

    def _settle(self, instance: Model, current: str | None, using: str) -> None:
        """Give back the lease of the file that the row names now, and delete all its others."""
        changes = self.changes(instance)
        del instance.__dict__[f"_{self.attname}_changes"]
        if current in changes.adopted:
            transaction.on_commit(partial(self.storage.settle, current), using)
        for name in filter(None, {*changes.adopted, changes.displaced} - {current}):
            transaction.on_commit(partial(self.storage.delete, name), using)


def fields_of(storage: GridFSStorage) -> Iterator[FileField]:
    """The fields of all models whose files lie in the bucket of ``storage``."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:  # a proxy has none of its own
            kept_in = getattr(field, "storage", None)
            if isinstance(kept_in, GridFSStorage) and kept_in.bucket == storage.bucket:
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
