"""The ETag of a well, and changes on condition of it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from web import conditions
from wells.models import Well


def etag(well: Well) -> str:
    """The ETag of what can be changed of a well and of its survey.

    Logs, photos and picks of the well do not change it; a body that counts them has a second part.
    """
    return conditions.etag("well", str(well.pk), str(well.generation))


def required(well: Well, request: HttpRequest) -> Mapping[str, Any]:
    """The condition of a change, from If-Match. Raises PreconditionFailed."""
    return conditions.required(request, etag(well), {"generation": well.generation})
