"""The page's forms as they arrive: read by the API's parsers, then seen to come from the page.

Django's CSRF token is a field of the form, and the middleware that checks it would read the body
before the view is called: into temporary files, past the limits of the parsers, and away from the
ingest. So the views are exempt from the middleware. The parsers read the body, streamed and
limited as the API's, and the very same check, of token and Origin, is then made of the fields that
they found; until it has passed nothing goes to MongoDB.
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
    """What ``parser`` makes of the body. Raises what it raises, LengthRequired."""
    request.POST = QueryDict()  # else whoever asks for it would read the body
    check_has_length(request.META)
    return parser.parse(request, request.META.get("CONTENT_TYPE", ""), {"request": request})


def check_is_from_the_page(request: HttpRequest, fields: QueryDict) -> None:
    """Make ``fields`` those of the request. Raises PermissionDenied without a valid token."""
    request.POST = fields
    try:
        SessionAuthentication().enforce_csrf(request)
    except PermissionDenied as error:
        request.POST = QueryDict()
        reason = "the form does not hold this browser's token; allow cookies, and send it again"
        raise PermissionDenied(reason) from error


def read_to_the_end(request: HttpRequest) -> None:
    """Read what a parser has left: a browser shows no answer before it has sent its form.

    At most as much as the largest upload, so that nobody is listened to for ever.
    """
    left = settings.MAX_UPLOAD_BYTES
    with suppress(UnreadablePostError):
        while left > 0 and (data := request.read(READ_BYTES)):
            left -= len(data)
