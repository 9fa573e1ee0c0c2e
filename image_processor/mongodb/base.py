"""The backend that ``ENGINE`` names.

MongoDB changes collections and indexes outside transactions, so a ``migrate`` that was interrupted
has done a part of a migration that is not recorded. Here it can be run again.
"""

from typing import Any

from django.db.models import Index, Model
from django_mongodb_backend import base, schema


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Accepts what an interrupted run of the same migration has done already."""

    def create_model(self, model: type[Model]) -> None:
        """Create the collection anew if it is there without documents."""
        collection = self.connection.database[model._meta.db_table]
        if collection.find_one() is None:
            collection.drop()
        super().create_model(model)

    def remove_index(self, model: type[Model], index: Index) -> None:
        if index.name in self.connection.database[model._meta.db_table].index_information():
            super().remove_index(model, index)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass: Any = SchemaEditor
