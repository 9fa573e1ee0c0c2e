"""``python -m image_logs``: list, upload and download from the command line."""

import argparse
import json
import os
import sys
from pathlib import Path

import httpx

from image_logs.errors import ProblemError
from image_logs.server import Server

LOG_COLUMNS = ["well", "name", "unit", "width", "rows", "depth_min", "depth_max", "depth_unit"]


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status: 1 after an error of the server or connection."""
    options = _parser().parse_args(arguments)
    try:
        with Server(options.url, os.environ.get("IMAGE_LOGS_TOKEN")) as server:
            print(options.run(server, options))
    except httpx.TransportError as error:
        print(f"image_logs: {options.url} cannot be reached: {error}", file=sys.stderr)
        return 1
    except (ProblemError, OSError) as error:
        print(f"image_logs: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "image_logs",
        description="Use an image log server. The token comes from the variable IMAGE_LOGS_TOKEN.",
    )
    parser.add_argument("--url", default=os.environ.get("IMAGE_LOGS_URL", "http://127.0.0.1:8000"))
    commands = parser.add_subparsers(required=True)
    wells = commands.add_parser("wells", help="list the wells")
    wells.add_argument("--search", help="only wells whose name contains this text")
    wells.set_defaults(run=lambda server, options: server.wells(options.search).to_string())
    logs = commands.add_parser("logs", help="list the logs")
    logs.add_argument("--well", help="only logs of this well, by its name or id")
    logs.set_defaults(
        run=lambda server, options: server.logs(options.well).filter(LOG_COLUMNS).to_string()
    )
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


def _upload(server: Server, options: argparse.Namespace) -> str:
    answers = [server.upload(path, options.well, options.preview) for path in options.files]
    return json.dumps(answers, indent=2, ensure_ascii=False)


def _download(server: Server, options: argparse.Namespace) -> str:
    kind = options.format or options.file.suffix.lstrip(".").lower()
    if not kind:
        sys.exit(f"image_logs: {options.file} has no suffix that names a format: add --format")
    size = server.log(options.log).download(options.file, kind, options.top, options.base)
    return f"{options.file}: {size} bytes"


if __name__ == "__main__":
    sys.exit(main())
