"""Two forked processes that use one storage at the same time.

Run as ``python -m tests.storage.forked``: ends with 0 when both read what they wrote.
"""

import asyncio
import io
import os

import django


def work(seed: int) -> None:
    from tests.storage.rows.models import SMALL_CHUNKS

    data = [bytes([seed, number]) * 3000 for number in range(20)]
    names = [SMALL_CHUNKS.save("a.bin", io.BytesIO(one)) for one in data]
    assert [SMALL_CHUNKS.open(name).read() for name in names] == data

    async def alike() -> None:
        name = await SMALL_CHUNKS.asave("b.bin", io.BytesIO(data[0]))
        async with await SMALL_CHUNKS.aopen(name) as file:
            assert await file.read() == data[0]

    asyncio.run(alike())


def main() -> None:
    django.setup()
    children = []
    for seed in (1, 2):
        if not (child := os.fork()):
            work(seed)
            os._exit(0)
        children.append(child)
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    raise SystemExit(any(ended))


if __name__ == "__main__":
    main()
