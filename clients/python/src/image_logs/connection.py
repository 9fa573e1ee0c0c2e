"""The connection to a server: requests and retries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx
from httpx_retries import Retry, RetryTransport

from image_logs.errors import raise_for_problem


def _read(response: httpx.Response) -> None:
    response.read()


# A request that was answered 429 or 503 had no effect, so every method can be sent again.
BUSY = Retry(
    backoff_factor=0.5,
    status_forcelist=[429, 503],
    allowed_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    retry_on_exceptions=[],
)
# A GET has no effect, so it can also be sent again after a lost connection.
LOST = BUSY.copy_with(
    status_forcelist=[429, 502, 503, 504],
    retry_on_exceptions=[httpx.NetworkError, httpx.RemoteProtocolError],
)
# The same, also where the connection is lost in the middle of the body.
CUT = LOST.copy_with(validate_response=_read)


class Connection:
    """A connection to the server at ``url``; also a context manager.

    ``token`` authenticates a user. ``timeout`` is in seconds, for each step of a request. A request
    that is answered 429 or 503 is sent again up to ``retries`` times, after the time in
    Retry-After; one that only reads also after a lost connection, 502 and 504, after up to 1, 2,
    4, … seconds.

    Every method raises ProblemError if the server answers with an error, and httpx.HTTPError if
    the connection fails.
    """

    def __init__(
        self, url: str, token: str | None = None, timeout: float = 60, retries: int = 5
    ) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        self.timeout, self.retries = timeout, retries
        self._client = httpx.Client(
            base_url=self.url, headers=self.headers, timeout=timeout, transport=RetryTransport()
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request; ``path`` is appended to the URL of the server."""
        retry = (CUT if method in {"GET", "HEAD"} else BUSY).copy_with(total=self.retries)
        response = self._client.request(method, path, extensions={"retry": retry}, **options)
        raise_for_problem(response)
        return response

    @contextmanager
    def stream(self, path: str, query: dict[str, Any]) -> Iterator[Iterator[bytes]]:
        """Stream the body of a GET request."""
        again = {"retry": LOST.copy_with(total=self.retries)}
        with self._client.stream("GET", path, params=query, extensions=again) as response:
            raise_for_problem(response)
            yield response.iter_bytes()
