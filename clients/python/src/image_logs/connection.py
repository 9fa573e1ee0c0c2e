"""The connection to a server: requests, retries and errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx
from httpx_retries import Retry, RetryTransport

from image_logs.errors import ProblemError, ServerTooOld, raise_for_problem

# The first version of the server that has all endpoints that this client uses.
MINIMUM_VERSION = "2.0.0"
# A request that was answered 429 or 503 had no effect, so every method can be sent again. After a
# lost connection it may have had one, so nothing is sent again.
RETRY = Retry(
    backoff_factor=0.5,
    max_backoff_wait=120,
    status_forcelist=[429, 503],
    allowed_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    retry_on_exceptions=[],
)


class Connection:
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
