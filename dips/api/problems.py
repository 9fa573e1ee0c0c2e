"""The errors of picks as problem documents: they are answered and documented from here."""

from dips import errors
from web.problems import Problem, faults

PROBLEMS = (
    Problem(
        errors.PointsInsufficient, 400, "the 4 points lie on 2 azimuths; a plane needs points on 3"
    ),
    Problem(
        errors.InvalidDips,
        400,
        "line 3, column true_dip: 95 is not from 0 to 90 and 2 more",
        faults,
    ),
    Problem(errors.TooManyDips, 400, "more than 100000 picks match; give min, max, log or type"),
    Problem(errors.DipNotFound, 404, f"there is no pick {'0' * 24}"),
    Problem(
        errors.DipChanged,
        412,
        "the pick has been changed; it is revision 3 now",
        lambda error: {"versions": {"yours": error.yours, "current": error.current}},
    ),
)
