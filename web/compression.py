"""Compress answers with gzip."""

from collections.abc import Iterable, Iterator

from isal import isal_zlib

GZIP_WBITS = 16 + 15
FASTEST = 1


def wanted(accept_encoding: str) -> bool:
    """Whether a client that sends this Accept-Encoding takes gzip."""
    codings = (part.replace(" ", "").partition(";q=") for part in accept_encoding.split(","))
    weights = {coding.lower(): weight for coding, _, weight in codings}
    weight = weights.get("gzip", weights.get("*", "0"))
    # No weight is a weight of 1; 0, 0.0 and so on are a refusal.
    return not weight or bool(weight.strip("0."))


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress ``pieces`` as one gzip stream; each is sent as soon as it is there."""
    compressor = isal_zlib.compressobj(FASTEST, isal_zlib.DEFLATED, GZIP_WBITS)
    for piece in pieces:
        yield compressor.compress(piece) + compressor.flush(isal_zlib.Z_SYNC_FLUSH)
    yield compressor.flush()
