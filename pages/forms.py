"""Parse upload forms with the parsers of the API, and check their CSRF tokens.

Django's CSRF middleware would read the whole body before the view is called, without the limits of
the API's parsers and into temporary files. So the upload views are exempt from it. A parser streams
the body to the ingest, and then ``check_csrf_token`` makes the same check on the parsed fields.
Nothing is stored in MongoDB before it has passed.
"""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict, UnreadablePostError
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import BaseParser

from images.api.uploads import READ_BYTES
from web.parsers import check_has_length


def parse(request: HttpRequest, parser: BaseParser) -> Any:
    """Parse the body with ``parser``. Raises LengthRequired, and what the parser raises."""
    request.POST = QueryDict()  # otherwise Django reads the body when POST is used
    check_has_length(request.META)
    return parser.parse(request, request.META.get("CONTENT_TYPE", ""), {"request": request})


def check_csrf_token(request: HttpRequest, fields: QueryDict) -> None:
    """Use ``fields`` as ``request.POST`` and check their CSRF token. Raises PermissionDenied."""
    request.POST = fields
    try:
        SessionAuthentication().enforce_csrf(request)
    except PermissionDenied as error:
        request.POST = QueryDict()
        reason = "the form does not hold this browser's token; allow cookies, and send it again"
        raise PermissionDenied(reason) from error


def discard_rest(request: HttpRequest) -> None:
    """Read the rest of the body: a browser shows the answer only after it has sent its form.

    Reads at most MAX_UPLOAD_BYTES.
    """
    left = settings.MAX_UPLOAD_BYTES
    with suppress(UnreadablePostError):
        while left > 0 and (data := request.read(READ_BYTES)):
            left -= len(data)
