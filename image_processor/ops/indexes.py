"""Compare the indexes in MongoDB with those that models and GridFS need."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Index, Model, UniqueConstraint
from django_mongodb_backend.models import EmbeddedModel
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from storage.bucket import CHUNKS_INDEX, FILES_INDEX, Bucket
from storage.errors import is_unavailability, translated
from storage.verify import Damage


@translated()
def of_bucket(bucket: Bucket, fix: bool) -> list[Damage]:
    """Check the two indexes of the GridFS specification; repair them if ``fix``.

    Raises StorageUnavailable.
    """
    files, chunks = bucket.files, bucket.chunks
    return [
        *_check(files, [*FILES_INDEX], False, lambda: files.create_index(FILES_INDEX), fix),
        *_check(
            chunks,
            [*CHUNKS_INDEX],
            True,
            lambda: chunks.create_index(CHUNKS_INDEX, unique=True),
            fix,
        ),
    ]


@translated()
def of_models(fix: bool) -> list[Damage]:
    """Check the indexes that the models declare; repair them if ``fix``.

    Raises StorageUnavailable.
    """
    found = []
    with connection.schema_editor() as editor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.managed or issubclass(model, EmbeddedModel):
                continue
            for index in _declared(model):
                unique = isinstance(index, UniqueConstraint)
                add = editor.add_constraint if unique else editor.add_index
                columns = [model._meta.get_field(name).column for name in index.fields]
                collection = connection.database[model._meta.db_table]
                found += _check(collection, columns, unique, partial(add, model, index), fix)
    return found


def _declared(model: type[Model]) -> Iterator[Index | UniqueConstraint]:
    """The indexes of a model, including those of its fields and constraints."""
    meta = model._meta
    yield from meta.constraints
    yield from meta.indexes
    unique = [*meta.unique_together]
    unique += [[f.name] for f in meta.local_fields if f.unique and not f.primary_key]
    for fields in unique:
        name = f"{meta.db_table}_{'_'.join(fields)}_uniq"
        yield UniqueConstraint(fields=fields, name=name)
    for field in meta.local_fields:
        if field.db_index and not field.unique:
            index = Index(fields=[field.name])
            index.set_name_with_model(model)
            yield index


def _check(
    collection: Collection[Any],
    fields: Sequence[str],
    unique: bool,
    make: Callable[[], object],
    fix: bool,
) -> list[Damage]:
    """Check the index on ``fields``; if ``fix``, repair it, with ``make`` where it is missing.

    A collection that does not exist yet is in order: it will be created with its indexes.
    """
    known = collection.index_information()
    same = {
        name: index
        for name, index in known.items()
        if [field for field, _ in index["key"]] == [*fields]
    }
    if not known or any(index.get("unique", False) >= unique for index in same.values()):
        return []
    what = f"the index of {collection.name} on {', '.join(fields)} is "
    what += "not unique" if same else "missing"
    if fix:
        try:
            _make_unique(collection, next(iter(same))) if same else make()
        except OperationFailure as error:
            if is_unavailability(error):
                raise
            return [Damage(what, f"it cannot be made, {error.details or error}")]
    return [Damage.repairable(what, fix)]


def _make_unique(collection: Collection[Any], name: str) -> None:
    """Turn an index into a unique one in place, so that queries can use it all the time."""
    for change in ({"prepareUnique": True}, {"unique": True}):
        collection.database.command("collMod", collection.name, index={"name": name, **change})
