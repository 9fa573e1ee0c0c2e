"""A door before a TCP port: ``python -m tests.chaos.door OUTSIDE INSIDE``.

While its process is stopped, nothing comes through and nothing is refused, as on a network that is
cut: that is all there is to it.
"""

import asyncio
import contextlib
import sys

BLOCK_BYTES = 1 << 18


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(BLOCK_BYTES):
            sink.write(data)
            await sink.drain()
    sink.close()


async def _serve(outside: int, inside: int) -> None:
    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await asyncio.open_connection("127.0.0.1", inside)
        except ConnectionError:
            writer.close()
            return
        await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))

    server = await asyncio.start_server(visit, "127.0.0.1", outside)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
