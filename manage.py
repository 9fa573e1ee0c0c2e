#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

try:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from storage.errors import StorageUnavailable, translated
except ModuleNotFoundError:
    sys.exit("Django is not installed for this Python: run `make run` first, then .venv/bin/python")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "image_processor.settings")
    try:
        with translated():
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, StorageUnavailable) as error:
        sys.exit(str(error))
