"""A process that makes thumbnails of a photo, several at once, and prints how much memory it took.

``python -m tests.photos.decoded FILE WIDTH TIMES``: bytes at the peak beyond those before, and the
worst case that was reserved for one.
"""

import io
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from photos.decoding import Decoder
from tests.photos.pictures import picture


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def thumbnail(path: Path, width: int) -> int:
    with path.open("rb") as file:
        decoder = Decoder(file)
        decoder.thumbnail(width)
        return decoder.worst_case_bytes(width)


def main(path: Path, width: int, times: int) -> None:
    for kind in ("JPEG", "PNG"):  # what libvips loads once is not the photo's
        Decoder(io.BytesIO(picture(kind))).thumbnail(10)
    before = peak()
    with ThreadPoolExecutor(times) as threads:
        [reserved, *_] = threads.map(thumbnail, [path] * times, [width] * times)
    print(peak() - before, reserved)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
