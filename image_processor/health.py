"""Is the process alive, and can it do its work?"""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from storage.errors import translated


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is touched."""
    return JsonResponse({"status": "alive"})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """MongoDB answers. Otherwise 503, by way of StorageUnavailable."""
    with translated():
        connection.database.command("ping")
    return JsonResponse({"status": "ready"})
