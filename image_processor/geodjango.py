"""Keep GeoDjango from searching for GDAL, a library that nothing here uses."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from django.core.exceptions import ImproperlyConfigured


class NoGdal(MetaPathFinder):
    """Answers imports of GDAL as Django does on a machine without it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "django.contrib.gis.gdal.libgdal":
            raise ImproperlyConfigured("GDAL is not used")
        return None


def leave_out_gdal() -> None:
    """Call this before the database backend is imported.

    django_mongodb_backend imports GeoDjango wherever GDAL can be found. Without GDAL that import
    is tried three times at each start, and each time searches for 12 file names with other
    programs: 0.7 s in all.
    """
    sys.meta_path.insert(0, NoGdal())
