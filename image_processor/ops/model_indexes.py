"""The indexes that the models declare, against those that MongoDB has."""

from collections.abc import Iterator
from functools import partial

from django.apps import apps
from django.db import connection
from django.db.models import Index, Model, UniqueConstraint
from django_mongodb_backend.models import EmbeddedModel

from storage.damage import Damage
from storage.errors import translated
from storage.indexes import check


@translated()
def damages(fix: bool) -> list[Damage]:
    """What is wrong with them; with ``fix`` it is repaired. Raises StorageUnavailable."""
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
                found += check(collection, columns, unique, partial(add, model, index), fix)
    return found


def _declared(model: type[Model]) -> Iterator[Index | UniqueConstraint]:
    """The indexes of a model, those of its fields and constraints among them."""
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
