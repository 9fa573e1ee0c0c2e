"""Static files under an address that changes with them, so that browsers may keep them for ever.

Scripts import each other by relative addresses, so the version stands in the path before all names.
"""

from hashlib import blake2b
from importlib import metadata
from pathlib import Path

from django.contrib.staticfiles.views import serve
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control

# Of all addresses of static files, before the version. nginx caches and compresses below it.
PREFIX = "static/"
ROOT = Path(__file__).resolve().parent.parent
# The packages that have static files of their own.
PACKAGES = ("django", "drf-spectacular-sidecar")


def version() -> str:
    """12 hexadecimal digits of the names and bytes of all static files."""
    digest = blake2b(repr([*map(metadata.version, PACKAGES)]).encode(), digest_size=6)
    for path in sorted(ROOT.glob("*/static/**/*.*")):
        digest.update(f"{path.relative_to(ROOT)} {path.stat().st_size} ".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache_control(no_cache=True)
def of_another_version(request: HttpRequest, version: str, path: str) -> HttpResponseBase:
    """What this version has of a name, for a page that another version of the service made: one
    that stays open while the service is upgraded imports scripts later. Raises Http404."""
    return serve(request, path, insecure=True)
