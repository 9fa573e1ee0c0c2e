"""HTTP caching: ETags, conditional requests, and caches of what was made lately."""

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
    """A cache of ``nbytes``; ``size`` is that of a value. It is not safe without a lock.

    A value of more than an eighth is not kept: it would push out too many others.
    """
    return LRUCache(nbytes, lambda value: n if (n := size(value)) <= nbytes // 8 else nbytes + 1)


def etag(*parts: str) -> str:
    """A strong ETag from all that determines the bytes of an answer."""
    text = "\0".join(parts)
    return f'"{blake2b(text.encode(), digest_size=16).hexdigest()}"'


@cache
def made_by(*libraries: str) -> str:
    """What makes the bytes of answers, as a part of their ETags: this version of the service, and
    those of the packages on which they depend."""
    return " ".join([settings.VERSION, *map(metadata.version, libraries)])


def holds(request: HttpRequest, tag: str, any_tag: bool = False) -> bool:
    """Whether the client has this representation already (RFC 9110, 13.1.2).

    ``*``, which stands for any representation there is, counts where ``any_tag``.
    """
    header = request.META.get("HTTP_IF_NONE_MATCH")
    if header is None:
        return False
    held = parse_etags(header)
    # The comparison is the weak one.
    return (any_tag and "*" in held) or tag in {text.removeprefix("W/") for text in held}


def headers(tag: str, immutable: bool) -> Mapping[str, str]:
    """The caching headers of an answer and of its 304."""
    control = IMMUTABLE if immutable else REVALIDATE
    return {"ETag": tag, "Cache-Control": control, "Vary": "Accept, Accept-Encoding"}
