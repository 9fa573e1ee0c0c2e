"""The table of problems of image logs: how each error is answered and documented."""

from images import errors
from web.problems import Problem, fault, faults

LOG_MEMBERS = ("id", "well", "name", "filename")
PROBLEMS = (
    Problem(errors.InvalidCsv, 400, "line 2, column col7: 300 is not from 0 to 255", faults),
    Problem(errors.InvalidFile, 400, "the gzip is cut off: it ends before its data do", faults),
    Problem(
        errors.SeveralWells,
        400,
        "the file holds logs of 2 wells: A-1, B-2; well= takes those of one of them",
        lambda error: {"wells": list(error.wells)},
    ),
    Problem(errors.NoFile, 400, "the form has no file in the field 'file'"),
    Problem(
        errors.UnknownColormap,
        400,
        "colormap='virdis': no colormap of matplotlib; did you mean viridis, viridis_r, cividis?",
        fault,
    ),
    Problem(
        errors.SeveralLogs,
        400,
        "2 image logs match; choose one with log= or well=",
        lambda error: {"logs": [dict(zip(LOG_MEMBERS, log, strict=True)) for log in error.logs]},
    ),
    Problem(
        errors.WindowTooLarge,
        400,
        "the window holds 20000 traces and a picture has at most 16383 rows; give a height",
    ),
    Problem(errors.LogNotFound, 404, f"there is no image log {'0' * 24}"),
    Problem(errors.LogGone, 410, f"there is no image log {'0' * 24}"),
    Problem(errors.ZarrKeyNotFound, 404, "the group has no values/c/99/0"),
    Problem(errors.LogExists, 409, "the well has a log of this name from the same file already"),
    Problem(errors.NothingInRange, 404, "there is no trace from 1.0 to 2.0"),
    Problem(
        errors.StatisticsMissing,
        409,
        "this log has no statistics yet; `manage.py doctor --fix` makes them",
    ),
    Problem(
        errors.IngestOvertaken, 503, "the ingest took so long that it was undone; send it again"
    ),
    Problem(
        errors.TooManyIngests, 503, "other uploads are being ingested; try again in some seconds"
    ),
)
