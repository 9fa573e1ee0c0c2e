"""Many photos at once: examined in threads, stored on an event loop, so many and no more."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import IO, Any

from photos import shelf
from photos.folder import Found
from photos.models import CorePhoto
from web.errors import BudgetExhausted, RequestError


class Outcome(Enum):
    """What became of a photo."""

    IMPORTED = "imported"
    KNOWN = "there already"
    REFUSED = "refused"
    SKIPPED = "skipped"


Done = Callable[[Found, Outcome, str], None]


async def import_photos(found: Iterable[Found], well: str, in_flight: int, done: Done) -> None:
    """Import what is ``found`` with not more than ``in_flight`` photos under way.

    ``done`` is called with each, its outcome, and the reason of a refusal or a doubt.
    Raises StorageUnavailable; what is imported by then stays, and is known next time.
    """
    waiting = iter(found)
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(in_flight):
                group.create_task(_work(waiting, well, done))
    except* Exception as errors:
        raise errors.exceptions[0] from None


async def _work(waiting: Iterator[Found], well: str, done: Done) -> None:
    for found in waiting:
        done(found, *await _import(found, well))


async def _import(found: Found, well: str) -> tuple[Outcome, str]:
    if found.refusal is not None:
        return Outcome.SKIPPED if found.skipped else Outcome.REFUSED, found.refusal
    try:
        # Not opened in a thread: nobody could close what it opens for a task cancelled meanwhile.
        with found.path.open("rb") as file:
            fields = {"well": well, "caption": found.caption}
            depths = {"top_depth": found.top_depth, "base_depth": found.base_depth}
            photo = await _draft(file, **fields, **depths)
            created = await shelf.aadd(photo, file)
    except (RequestError, OSError) as error:
        return Outcome.REFUSED, str(error)
    return (Outcome.IMPORTED if created else Outcome.KNOWN), found.doubt


async def _draft(file: IO[bytes], **fields: Any) -> CorePhoto:
    """The photo, examined once the others leave enough of the budget of bytes."""
    while True:
        try:
            photo: CorePhoto = await asyncio.to_thread(shelf.draft, file, **fields)
        except BudgetExhausted:
            continue  # it has waited already
        return photo
