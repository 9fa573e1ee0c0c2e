"""An image log server: list wells, logs and picks, and upload files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
from tqdm.auto import tqdm
from tqdm.utils import CallbackIOWrapper

from image_logs.connection import Connection
from image_logs.errors import NotFound
from image_logs.log import End, Log
from image_logs.tables import table

PAGE = 500
# The timeout for the answer to an upload: the server answers when the file is stored.
UPLOAD_SECONDS = 600


class Server(Connection):
    """An image log server. Its arguments and errors are those of ``Connection``."""

    def wells(self, search: str | None = None) -> pd.DataFrame:
        """List the wells, one row for each; ``search`` is a part of the name."""
        return self._table("/wells/", search=search)

    def logs(self, well: str | None = None, **filters: Any) -> pd.DataFrame:
        """List the logs, one row for each; ``well`` is the name or the id of a well.

        ``filters`` are ``kind`` (``image`` or ``curve``), ``name``, ``top`` and ``base``.
        """
        return self._table("/logs/", well=well, **filters)

    def log(self, log_id: str) -> Log:
        """Get a log by its id. Raises NotFound."""
        if not re.fullmatch("[0-9a-fA-F]{24}", log_id):
            detail = f"{log_id!r} is not the id of a log; find(well, name) gets a log by its name"
            raise NotFound(404, {"detail": detail})
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
        self, well: str | None = None, top: End = None, base: End = None, **filters: Any
    ) -> pd.DataFrame:
        """List the picks, one row for each: depths in the unit of the well, angles in degrees.

        ``filters`` are other parameters of ``GET /dips/``: ``log``, ``type``, ``author``,
        ``structural``.
        """
        return self._table("/dips/", well=well, min=top, max=base, **filters)

    def import_dips(
        self, dips: pd.DataFrame | str | Path, preview: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Import picks from a data frame or a file, all or none. Returns the answer of the server.

        With ``preview``, the server says what it would import. ``options`` are those of
        ``POST /dips/import``: ``well``, ``depth_unit``, ``reference``, …
        """
        content = dips.to_csv(index=False) if hasattr(dips, "to_csv") else Path(dips).read_bytes()
        query, headers = _given({"preview": preview, **options}), {"Content-Type": "text/csv"}
        return self._post("/dips/import", params=query, content=content, headers=headers)

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
        about = {"total": path.stat().st_size, "desc": path.name, "unit": "B", "unit_scale": True}
        with path.open("rb") as file, tqdm(**about, disable=None) as bar:
            return self._post(
                "/logs/",
                data=_given({"well": well, "preview": preview, **options}),
                files={"file": (path.name, CallbackIOWrapper(bar.update, file, "read"))},
                timeout=httpx.Timeout(self.timeout, read=UPLOAD_SECONDS),
            )

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        return dict(self.request("POST", path, **body).json())

    def _table(self, path: str, **query: Any) -> pd.DataFrame:
        return table(path, [*self._rows(path, query)])

    def _rows(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the items of a list, page by page."""
        offset, total = 0, 1
        while offset < total:
            window = _given({**query, "limit": PAGE, "offset": offset})
            page = self.request("GET", path, params=window).json()
            total = page["count"]
            if not page["results"]:  # items were deleted meanwhile
                return
            yield from page["results"]
            offset += len(page["results"])


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
