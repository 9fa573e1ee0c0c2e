"""SHA-256 of what is read or written, worked out while MongoDB sends or takes the blocks."""

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor

# Below this, handing over to a thread costs more than it saves.
_WORTH_A_THREAD_BYTES = 512 * 1024
_threads: ThreadPoolExecutor


def _start_threads() -> None:
    global _threads
    _threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="sha256")


_start_threads()
# Threads do not survive a fork, and a child that waited for them would wait for ever.
os.register_at_fork(after_in_child=_start_threads)


class Digest:
    """The SHA-256 of lists of blocks, in the order in which they are added."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._pending: Future[None] | None = None

    def add(self, blocks: list[bytes]) -> None:
        """Add ``blocks``; large ones are added while the caller goes on."""
        self._wait()
        # In one piece: between two, the thread would wait for its turn in the interpreter.
        data = b"".join(blocks)
        if len(data) < _WORTH_A_THREAD_BYTES:
            self._sha256.update(data)
        else:
            self._pending = _threads.submit(self._sha256.update, data)

    def hexdigest(self) -> str:
        """Of all that has been added."""
        self._wait()
        return self._sha256.hexdigest()

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None
