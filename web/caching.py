"""HTTP caching: what names one log never changes, everything else is asked for again."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from bson import ObjectId
from django.http import HttpRequest
from django.utils.http import parse_etags

# Part of every ETag: to be changed when the same request is answered with other bytes.
VERSION = "1"
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


def etag(log_ids: Iterable[ObjectId], recipe: Iterable[str], coding: str) -> str:
    """A strong ETag from the image logs, which do not change, the recipe and the coding."""
    text = "\0".join([VERSION, coding, *map(str, log_ids), *recipe])
    return f'"{blake2b(text.encode(), digest_size=16).hexdigest()}"'


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
    """What an answer and its 304 say alike."""
    control = IMMUTABLE if immutable else REVALIDATE
    return {"ETag": tag, "Cache-Control": control, "Vary": "Accept, Accept-Encoding"}
