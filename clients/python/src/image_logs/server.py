"""An image log server: list wells, logs and picks, and upload files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
from tqdm.auto import tqdm
from tqdm.utils import CallbackIOWrapper

from image_logs.connection import Connection
from image_logs.log import Log

PAGE = 500
# The timeout for the answer to an upload: the server answers when the file is stored.
UPLOAD_SECONDS = 600


class Server(Connection):
    """An image log server. Its arguments and errors are those of ``Connection``."""

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
