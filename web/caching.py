"""HTTP caching (ETags, conditional requests) and in-process caches."""

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from importlib import metadata
from typing import Any

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_etags

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


def lately_made(nbytes: int, size: Callable[[Any], int]) -> LRUCache[Any, Any]:
    """An LRU cache of ``nbytes``. ``size`` returns the bytes of a value. Callers must lock it.

    A value larger than an eighth of the cache is not kept, since it would evict too many others.
    """
    return LRUCache(nbytes, lambda value: n if (n := size(value)) <= nbytes // 8 else nbytes + 1)


def etag(*parts: str) -> str:
    """A strong ETag. ``parts`` must determine every byte of the response."""
    text = "\0".join(parts)
    return f'"{blake2b(text.encode(), digest_size=16).hexdigest()}"'


@cache
def made_by(*libraries: str) -> str:
    """The versions of the service and of ``libraries``, as a part of ETags: another version may
    make other bytes.
    """
    return " ".join([settings.VERSION, *map(metadata.version, libraries)])


def holds(request: HttpRequest, tag: str, any_tag: bool = False) -> bool:
    """Whether If-None-Match holds ``tag``, so that a 304 is the answer (RFC 9110, 13.1.2).

    ``*`` matches any representation; it counts only if ``any_tag``.
    """
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is None:
        return False
    held = parse_etags(header)
    # If-None-Match uses weak comparison.
    return (any_tag and "*" in held) or tag in {text.removeprefix("W/") for text in held}


def headers(tag: str, immutable: bool) -> Mapping[str, str]:
    """The caching headers of a response and of its 304."""
    control = IMMUTABLE if immutable else REVALIDATE
    return {"ETag": tag, "Cache-Control": control, "Vary": "Accept, Accept-Encoding"}
