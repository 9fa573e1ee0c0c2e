"""The connection to an image log server: list wells, logs and picks, and upload files."""

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

# The first version of the server that has all endpoints that this client uses.
MINIMUM_VERSION = "2.0.0"
PAGE = 500
# A request that was answered 429 or 503 had no effect, so every method can be sent again. After a
# lost connection it may have had one, so nothing is sent again.
RETRY = Retry(
    backoff_factor=0.5,
    max_backoff_wait=120,
    status_forcelist=[429, 503],
    allowed_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    retry_on_exceptions=[],
)
# The timeout for the answer to an upload: the server answers when the file is stored.
UPLOAD_SECONDS = 600


class Server:
    """A connection to the server at ``url``; also a context manager.

    ``token`` authenticates a user. ``timeout`` is in seconds, for each step of a request. A request
    that is answered 429 or 503 is sent again up to ``retries`` times, after the time in
    Retry-After.

    Every method raises ProblemError if the server answers with an error, and httpx.HTTPError if
    the connection fails.
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
        """List the wells, one row for each; ``search`` is a part of the name."""
        return self._table("/wells/", {"search": search})

    def logs(self, well: str | None = None, **filters: Any) -> pd.DataFrame:
        """List the logs, one row for each; ``well`` is the name or the id of a well.

        ``filters`` are ``kind`` (``image`` or ``curve``), ``name``, ``top`` and ``base``.
        """
        return self._table("/logs/", {"well": well, **filters})

    def log(self, log_id: str) -> Log:
        """Get a log by its id. Raises NotFound."""
        return Log(self, self.request("GET", f"/logs/{log_id}/").json())

    def find(self, well: str, name: str | None = None) -> Log:
        """Get the only log of ``well``, or its only log with this ``name``.

        Raises LookupError if there is none or more than one.
        """
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
        """List the picks, one row for each: depths in the unit of the well, angles in degrees.

        A column that is null in all rows is float64, all NaN, as in the other lists.

        ``filters`` are other parameters of ``GET /dips/``: ``log``, ``type``, ``author``,
        ``structural``.
        """
        return self._table("/dips/", {"well": well, "min": top, "max": base, **filters})

    def upload(
        self, path: str | Path, well: str | None = None, preview: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Upload a file of any format that the server reads, with a progress bar.

        With ``preview``, the server shows what the file contains and stores nothing. ``options``
        are those of ``POST /logs/``: ``columns``, ``depth``, ``name``, ``unit``, ``null``,
        ``depth_unit``, ``width``, ``top``, ``step``. The same file sent again makes no second log.

        Returns the answer of the server.
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
        """Send a request; ``path`` is appended to the URL of the server."""
        response = self._client.request(method, path, **options)
        _check(response)
        return response

    @contextmanager
    def stream(self, path: str, query: dict[str, Any]) -> Iterator[Iterator[bytes]]:
        """Stream the body of a GET request."""
        with self._client.stream("GET", path, params=query) as response:
            _check(response)
            yield response.iter_bytes()

    def _table(self, path: str, query: dict[str, Any]) -> pd.DataFrame:
        frame = pd.DataFrame(self._rows(path, query))
        if frame.empty:
            return frame
        times = [name for name in frame if name.endswith("_at")]
        for name in times:
            frame[name] = pd.to_datetime(frame[name], format="ISO8601", utc=True)
        # pandas makes columns of objects where all is None, and these do not calculate.
        unknown = frame.columns[frame.isna().all()].difference(times)
        return frame.astype(dict.fromkeys(unknown, float)).set_index("id")

    def _rows(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, page by page."""
        chosen = {name: value for name, value in query.items() if value is not None}
        offset, total = 0, 1
        while offset < total:
            window = {"limit": PAGE, "offset": offset}
            page = self.request("GET", path, params={**chosen, **window}).json()
            total = page["count"]
            if not page["results"]:  # items were deleted meanwhile
                return
            yield from page["results"]
            offset += len(page["results"])


def _check(response: httpx.Response) -> None:
    try:
        raise_for_problem(response)
    except ProblemError as error:
        # Other 404s have more specific types.
        if error.type not in {"not-found", "method-not-allowed"}:
            raise
        method, path = response.request.method, response.url.path
        needed = f"{method} {path} needs version {MINIMUM_VERSION} of the server or a later one"
        raise ServerTooOld(error.status, {**error.document, "detail": needed}) from error
