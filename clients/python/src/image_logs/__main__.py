"""``python -m image_logs``: list, upload and download from the command line."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pandas as pd

from image_logs.errors import ProblemError
from image_logs.log import Log
from image_logs.server import Server

LOG_COLUMNS = ["well", "name", "unit", "width", "rows", "depth_min", "depth_max", "depth_unit"]


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status: 1 after an error of the server or connection."""
    options = _parser().parse_args(arguments)
    try:
        with Server(options.url, os.environ.get("IMAGE_LOGS_TOKEN")) as server:
            return int(options.run(server, options))
    except httpx.TransportError as error:
        return _failed(f"{options.url} cannot be reached: {error}")
    except (ProblemError, OSError) as error:
        return _failed(error)


def _failed(error: object) -> int:
    print(f"image_logs: {error}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "image_logs", description="Use an image log server. IMAGE_LOGS_TOKEN has the token."
    )
    url = os.environ.get("IMAGE_LOGS_URL", "http://127.0.0.1:8000")
    parser.add_argument("--url", default=url, help="by default that of IMAGE_LOGS_URL: %(default)s")
    commands = parser.add_subparsers(required=True)
    wells = commands.add_parser("wells", help="list the wells")
    wells.add_argument("--search", help="only wells whose name contains this text")
    wells.set_defaults(run=lambda server, options: _list(server.wells(options.search)))
    logs = commands.add_parser("logs", help="list the logs")
    logs.add_argument("--well", help="only logs of this well, by its name or id")
    logs.set_defaults(run=lambda server, options: _list(server.logs(options.well)[LOG_COLUMNS]))
    upload = commands.add_parser("upload", help="upload files")
    upload.add_argument("files", nargs="+", type=Path)
    upload.add_argument("--well", help="the well; by default that of the file, else 'default'")
    upload.add_argument("--preview", action="store_true", help="show the contents, store nothing")
    upload.set_defaults(run=_upload)
    download = commands.add_parser("download", help="download a depth range of a log")
    download.add_argument("log", help="the id of the log")
    download.add_argument("file", type=Path, help="its suffix is the format: .csv, .npz, .las, …")
    download.add_argument("--format", help="the format, if it is not the suffix: techlog")
    download.add_argument("--top", type=float, help="the shallow end, included")
    download.add_argument("--base", type=float, help="the deep end, included")
    download.set_defaults(run=_download)
    return parser


def _list(table: pd.DataFrame) -> int:
    print("none" if table.empty else table.to_string(na_rep=""))
    return 0


def _upload(server: Server, options: argparse.Namespace) -> int:
    """Upload each file, also after one that is refused. Returns 1 if there is such a file."""
    status = 0
    for path in options.files:
        try:
            _tell(server, path, server.upload(path, options.well, options.preview))
        except (ProblemError, OSError) as error:
            status = _failed(f"{path}: {getattr(error, 'strerror', error)}")
    return status


def _tell(server: Server, path: Path, answer: dict[str, Any]) -> None:
    """Print what became of a file: a line for each log and each warning."""
    for log in [*answer["logs"], *answer["curves"]]:
        done = "found" if answer["preview"] else "stored" if log["created"] else "there already"
        print(path, done, log["id"] or "", Log(server, log))
    for warning in answer["warnings"]:
        print(path, "warning:", warning["detail"])
    for left in answer["ignored"]:
        print(path, "left out:", f"{left['column']}, {left['reason']}")


def _download(server: Server, options: argparse.Namespace) -> int:
    if not options.format and not options.file.suffix:
        return _failed(f"{options.file} has no suffix that names a format: add --format")
    log = server.log(options.log)
    size = log.download(options.file, options.format, options.top, options.base)
    print(f"{options.file}: {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
