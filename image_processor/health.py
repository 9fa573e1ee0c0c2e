"""Is the process alive, and can it do its work?"""

from django.db import connection
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from images import api_docs
from storage.errors import translated

NO_STORE = {"Cache-Control": "no-store"}


@api_docs.HEALTHZ
@api_view(["GET"])
def healthz(request: Request) -> Response:
    """The process answers; nothing else is touched."""
    return Response({"status": "alive"}, headers=NO_STORE)


@api_docs.READYZ
@api_view(["GET"])
def readyz(request: Request) -> Response:
    """MongoDB answers; otherwise the answer is 503."""
    with translated():
        connection.database.command("ping")
    return Response({"status": "ready"}, headers=NO_STORE)
