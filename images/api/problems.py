"""The table of problems of image logs: how each error is answered and documented."""

from images import errors
from web.problems import Problem, fault, faults

LOG_MEMBERS = ("id", "well", "name", "filename")
PROBLEMS = (
    Problem(
        "invalid-csv",
        400,
        "line 2, column col7: 300 is not from 0 to 255",
        (errors.InvalidCsv,),
        faults,
    ),
    Problem(
        "invalid-file",
        400,
        "the gzip is cut off: it ends before its data do",
        (errors.InvalidFile,),
        faults,
    ),
    Problem(
        "several-wells",
        400,
        "the file holds logs of 2 wells: A-1, B-2; well= takes those of one of them",
        (errors.SeveralWells,),
        lambda error: {"wells": list(error.wells)},
    ),
    Problem("no-file", 400, "the form has no file in the field 'file'", (errors.NoFile,)),
    Problem(
        "unknown-colormap",
        400,
        "colormap='virdis': no colormap of matplotlib; did you mean viridis, viridis_r, cividis?",
        (errors.UnknownColormap,),
        fault,
    ),
    Problem(
        "several-logs",
        400,
        "2 image logs match; choose one with log= or well=",
        (errors.SeveralLogs,),
        lambda error: {"logs": [dict(zip(LOG_MEMBERS, log, strict=True)) for log in error.logs]},
    ),
    Problem(
        "window-too-large",
        400,
        "the window holds 20000 traces and a picture has at most 16383 rows; give a height",
        (errors.WindowTooLarge,),
    ),
    Problem("log-not-found", 404, f"there is no image log {'0' * 24}", (errors.LogNotFound,)),
    Problem("log-gone", 410, f"there is no image log {'0' * 24}", (errors.LogGone,)),
    Problem("zarr-key-not-found", 404, "the group has no values/c/99/0", (errors.ZarrKeyNotFound,)),
    Problem(
        "log-exists",
        409,
        "the well has a log of this name from the same file already",
        (errors.LogExists,),
    ),
    Problem("nothing-in-range", 404, "there is no trace from 1.0 to 2.0", (errors.NothingInRange,)),
    Problem(
        "statistics-missing",
        409,
        "this log has no statistics yet; `manage.py doctor --fix` makes them",
        (errors.StatisticsMissing,),
    ),
    Problem(
        "ingest-overtaken",
        503,
        "the ingest took so long that it was undone; send it again",
        (errors.IngestOvertaken,),
    ),
    Problem(
        "too-many-ingests",
        503,
        "other uploads are being ingested; try again in some seconds",
        (errors.TooManyIngests,),
    ),
)
