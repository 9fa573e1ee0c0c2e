"""The handles on MongoDB: Django's own client for blocking calls, one client per event loop."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database

from storage.bucket import run

_Client = AsyncMongoClient[dict[str, Any]]
# The generator is kept with the client it closes, because the event loop holds it only weakly.
_Lifetimes = dict[str, tuple[_Client, AsyncGenerator[_Client]]]
_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Lifetimes] = WeakKeyDictionary()
_lock = threading.Lock()


def database(alias: str) -> Database[Any]:
    """Django's database: one client per process, made when it is first used."""
    handle: Database[Any] = connections[alias].database
    return handle


def async_database(alias: str) -> AsyncDatabase[Any]:
    """The same database through the client of the running event loop, made when first used."""
    loop = asyncio.get_running_loop()
    with _lock:
        # A client refers to its loop, so that loops which closed without shutting down their
        # generators would stay here for ever.
        for closed in [known for known in _of_loop if known.is_closed()]:
            del _of_loop[closed]
        clients = _of_loop.setdefault(loop, {})
    if alias not in clients:
        lifetime = _lifetime(alias, clients)
        clients[alias] = (run(_first(lifetime)), lifetime)
    return clients[alias][0][connections[alias].settings_dict["NAME"]]


async def _lifetime(alias: str, clients: _Lifetimes) -> AsyncGenerator[_Client]:
    """Yield a client, and close it when its event loop shuts its generators down, at its end."""
    client: _Client = AsyncMongoClient(**connections[alias].get_connection_params())
    try:
        yield client
    finally:
        clients.pop(alias, None)
        await client.close()


async def _first(lifetime: AsyncGenerator[_Client]) -> _Client:
    return await anext(lifetime)
