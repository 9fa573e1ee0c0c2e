"""The table of problems of image logs: how each error is answered and documented."""

from images import errors
from web.problems import Problem, fault, faults

LOG_MEMBERS = ("id", "well", "filename")
PROBLEMS = (
    Problem(
        "invalid-csv",
        400,
        "The CSV has faults. Nothing was stored.",
        "line 2, column col7: 300 is not from 0 to 255",
        (errors.InvalidCsv,),
        faults,
    ),
    Problem(
        "invalid-file",
        400,
        "The file cannot be ingested. Nothing was stored. `errors` are the first faults that have a"
        " line.",
        "the gzip is cut off: it ends before its data do",
        (errors.InvalidFile,),
        faults,
    ),
    Problem(
        "no-file",
        400,
        "The upload does not have exactly one file in the field `file`.",
        "the form has no file in the field 'file'",
        (errors.NoFile,),
    ),
    Problem(
        "unknown-colormap",
        400,
        "There is no colormap of this name.",
        "colormap='virdis': no colormap of matplotlib; did you mean viridis, viridis_r, cividis?",
        (errors.UnknownColormap,),
        fault,
    ),
    Problem(
        "several-logs",
        400,
        "Several image logs match, but the answer needs exactly one. `logs` lists them.",
        "2 image logs match; choose one with log= or well=",
        (errors.SeveralLogs,),
        lambda error: {"logs": [dict(zip(LOG_MEMBERS, log, strict=True)) for log in error.logs]},
    ),
    Problem(
        "window-too-large",
        400,
        "The window has more traces than the representation can show.",
        "the window holds 20000 traces and a picture has at most 16383 rows; give a height",
        (errors.WindowTooLarge,),
    ),
    Problem(
        "log-not-found",
        404,
        "There is no such image log.",
        f"there is no image log {'0' * 24}",
        (errors.LogNotFound,),
    ),
    Problem(
        "log-gone",
        410,
        "A Zarr chunk was requested, but the image log does not exist, or not any more. The status"
        " is not 404, because for Zarr a 404 is a chunk of nulls.",
        f"there is no image log {'0' * 24}",
        (errors.LogGone,),
    ),
    Problem(
        "zarr-key-not-found",
        404,
        "The Zarr group of the log has no document and no chunk with this key.",
        "the group has no values/c/99/0",
        (errors.ZarrKeyNotFound,),
    ),
    Problem(
        "log-exists",
        409,
        "The well already has a log with this name from the same file.",
        "the well has a log of this name from the same file already",
        (errors.LogExists,),
    ),
    Problem(
        "nothing-in-range",
        404,
        "The image logs have no trace in the range.",
        "there is no trace from 1.0 to 2.0",
        (errors.NothingInRange,),
    ),
    Problem(
        "statistics-missing",
        409,
        "The log has no statistics: it was ingested by an early version.",
        "this log has no statistics yet; `manage.py doctor --fix` makes them",
        (errors.StatisticsMissing,),
    ),
    Problem(
        "ingest-overtaken",
        503,
        "The ingest took too long and was undone.",
        "the ingest took so long that it was undone; send it again",
        (errors.IngestOvertaken,),
    ),
    Problem(
        "too-many-ingests",
        503,
        "The server is ingesting as many uploads as it may. Nothing of this one was read.",
        "other uploads are being ingested; try again in some seconds",
        (errors.TooManyIngests,),
    ),
)
