"""Gzip compression of responses."""

from collections.abc import Iterable, Iterator

from isal import isal_zlib

GZIP_WBITS = 16 + 15
FASTEST = 1


def wanted(accept_encoding: str) -> bool:
    """Whether the header Accept-Encoding allows gzip (RFC 9110, 12.5.3)."""
    codings = (part.replace(" ", "").partition(";q=") for part in accept_encoding.split(","))
    weights = {coding.lower(): weight for coding, _, weight in codings}
    weight = weights.get("gzip", weights.get("*", "0"))
    # A missing weight means 1. A weight of zero (0, 0.0, 0.00) means a refusal.
    return not weight or bool(weight.strip("0."))


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress ``pieces`` as one gzip stream. Each piece is flushed, so it can be sent at once."""
    compressor = isal_zlib.compressobj(FASTEST, isal_zlib.DEFLATED, GZIP_WBITS)
    for piece in pieces:
        yield compressor.compress(piece) + compressor.flush(isal_zlib.Z_SYNC_FLUSH)
    yield compressor.flush()
