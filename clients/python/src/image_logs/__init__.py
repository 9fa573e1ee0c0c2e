"""A client of the borehole image log server: logs as arrays and pictures, lists as tables."""

from image_logs.errors import AccessDenied, NotFound, ProblemError, ServerTooOld, Unavailable
from image_logs.log import Log
from image_logs.server import Server

__all__ = [
    "AccessDenied",
    "Log",
    "NotFound",
    "ProblemError",
    "Server",
    "ServerTooOld",
    "Unavailable",
]
