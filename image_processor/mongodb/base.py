"""The backend that ``ENGINE`` names.

MongoDB changes collections and indexes outside transactions, so a ``migrate`` that was interrupted
has done a part of a migration that is not recorded. Here it can be run again.
"""

import sys
from importlib.abc import MetaPathFinder
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Index, Model


class NoGIS(MetaPathFinder):
    """Tells the backend at once that there are no GIS libraries, which nothing here needs.

    It asks three times, and each time Django has ldconfig, gcc and ld look for twelve names of
    GDAL. That would be a third of the time that the service takes to start.
    """

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "django.contrib.gis":
            raise ImproperlyConfigured("GIS is not used")


sys.meta_path.insert(0, no_gis := NoGIS())
try:
    from django_mongodb_backend import base, schema
finally:
    sys.meta_path.remove(no_gis)


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
