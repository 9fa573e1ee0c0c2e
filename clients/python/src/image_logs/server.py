"""One image log server: its wells, logs and picks, and uploads to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
import pandas as pd
from httpx_retries import Retry, RetryTransport
from tqdm import tqdm
from tqdm.utils import CallbackIOWrapper

from image_logs.errors import ProblemError, ServerTooOld, raise_for_problem
from image_logs.log import Log

# The first version that answers all that this client asks for.
MINIMUM_VERSION = "2.0.0"
PAGE = 500
# The server says 503 or 429 with Retry-After where it did nothing of what was asked for, so
# every method may be sent again. Where a connection broke, it may have done it.
RETRY = Retry(
    backoff_factor=0.5,
    max_backoff_wait=120,
    status_forcelist=[429, 503],
    allowed_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    retry_on_exceptions=[],
)
# The server answers an upload once all of it is stored.
UPLOAD_SECONDS = 600


class Server:
    """A connection to the server at ``url``; with ``token`` as the user of that token.

    ``timeout`` is in seconds, for each part of a request. A request that the server is too busy
    for is sent again up to ``retries`` times, after the Retry-After that it gives. Also a context
    manager.
    Every method raises ProblemError where the server refuses, and httpx.HTTPError where it
    cannot be reached.
    """

    def __init__(
        self, url: str, token: str | None = None, timeout: float = 60, retries: int = 5
    ) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        self._client = httpx.Client(
            base_url=self.url,
            headers=self.headers,
            timeout=timeout,
            transport=RetryTransport(retry=RETRY.copy_with(total=retries)),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def wells(self, search: str | None = None) -> pd.DataFrame:
        """The wells, those whose name contains ``search`` or all: one row a well."""
        return self._table("/wells/", {"search": search})

    def logs(self, well: str | None = None, **filters: Any) -> pd.DataFrame:
        """The logs, of one well (its name or its id) or of all: one row a log.

        ``filters`` are ``kind`` (``image`` or ``curve``), ``name``, ``top`` and ``base``.
        """
        return self._table("/logs/", {"well": well, **filters})

    def log(self, log_id: str) -> Log:
        """One log by its id. Raises NotFound."""
        return Log(self, self.request("GET", f"/logs/{log_id}/").json())

    def find(self, well: str, name: str | None = None) -> Log:
        """The one log of ``well``, or the one with this ``name``. Raises LookupError."""
        found = list(self._rows("/logs/", {"well": well, "name": name}))
        if len(found) != 1:
            names = ", ".join(f"{row.get('name')} ({row['id']})" for row in found[:10]) or "none"
            raise LookupError(f"one log of well {well!r} is needed and {len(found)} match: {names}")
        return self.log(found[0]["id"])

    def dips(
        self,
        well: str | None = None,
        top: float | None = None,
        base: float | None = None,
        **filters: Any,
    ) -> pd.DataFrame:
        """The picked planes: one row a pick, depths in the unit of the well, angles in degrees.

        ``filters`` are the server's: ``log``, ``type``, ``author``, ``structural``.
        """
        return self._table("/dips/", {"well": well, "min": top, "max": base, **filters})

    def upload(
        self, path: str | Path, well: str | None = None, preview: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Upload one file of any format that the server reads, with a progress bar.

        With ``preview`` the server only says what it found. ``options`` are those of
        ``POST /logs/``: ``columns``, ``depth``, ``name``, ``unit``, ``null``, ``depth_unit``,
        ``width``, ``top``, ``step``. The same file sent again makes no second log.
        """
        path = Path(path)
        fields = {"well": well, "preview": "true" if preview else None, **options}
        data = {name: str(value) for name, value in fields.items() if value is not None}
        size = path.stat().st_size
        bar = tqdm(total=size, unit="B", unit_scale=True, desc=path.name, disable=None)
        with path.open("rb") as file, bar:
            sent = CallbackIOWrapper(bar.update, file, "read")
            answer = self.request(
                "POST",
                "/logs/",
                data=data,
                files={"file": (path.name, sent)},
                timeout=httpx.Timeout(self._client.timeout.write, read=UPLOAD_SECONDS),
            )
        return dict(answer.json())

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request; ``path`` begins at the address of the server."""
        response = self._client.request(method, path, **options)
        _check(response)
        return response

    @contextmanager
    def stream(self, path: str, query: dict[str, Any]) -> Iterator[Iterator[bytes]]:
        """The body of a GET in pieces, as it comes."""
        with self._client.stream("GET", path, params=query) as response:
            _check(response)
            yield response.iter_bytes()

    def _table(self, path: str, query: dict[str, Any]) -> pd.DataFrame:
        frame = pd.DataFrame(self._rows(path, query))
        return frame.set_index("id") if len(frame) else frame

    def _rows(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The entries of a list, page after page."""
        chosen = {name: value for name, value in query.items() if value is not None}
        offset, total = 0, 1
        while offset < total:
            window = {"limit": PAGE, "offset": offset}
            page = self.request("GET", path, params={**chosen, **window}).json()
            total = page["count"]
            if not page["results"]:  # some were deleted meanwhile
                return
            yield from page["results"]
            offset += len(page["results"])


def _check(response: httpx.Response) -> None:
    try:
        raise_for_problem(response)
    except ProblemError as error:
        # The kinds of an address and of a method that the server does not know.
        if error.type not in {"not-found", "method-not-allowed"}:
            raise
        method, path = response.request.method, response.url.path
        needed = f"{method} {path} needs version {MINIMUM_VERSION} of the server or a later one"
        raise ServerTooOld(error.status, {**error.document, "detail": needed}) from error
