"""A large file in and out, in a process that has nothing but Django and the library.

Run as ``python -m tests.storage.large MIB``: prints the greatest memory the process ever had.
"""

import os
import sys
from pathlib import Path

from django.conf import settings

LENGTH = int(sys.argv[1]) * 1024**2


class Endless:
    """A file of ``LENGTH`` bytes that takes no memory."""

    name = "large.bin"

    def __init__(self) -> None:
        self._block = os.urandom(1024**2)
        self._left = LENGTH

    def read(self, size: int) -> bytes:
        data = self._block[: min(size, self._left)]
        self._left -= len(data)
        return data


def main() -> None:
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django_mongodb_backend",
                "HOST": os.environ["MONGODB_URI"],
                "NAME": "large",
            }
        },
        USE_TZ=True,
    )
    from storage.gridfs import GridFSStorage

    storage = GridFSStorage()
    name = storage.save(None, Endless())
    with storage.open(name) as file:
        assert sum(map(len, file.chunks(1024**2))) == LENGTH
    with storage.open(name) as file:
        file.seek(-65536, os.SEEK_END)
        assert len(file.read()) == 65536
    storage.delete(name)
    # Not getrusage, which counts what the parent process had when it forked.
    status = Path("/proc/self/status").read_text().split()
    print(int(status[status.index("VmHWM:") + 1]) // 1024, "MiB")


if __name__ == "__main__":
    main()
