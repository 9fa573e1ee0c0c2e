"""The errors of wells as problem documents: they are answered and documented from here."""

from web.problems import Problem, faults
from wells import errors

PROBLEMS = (
    Problem(errors.WellNotFound, 404, f"there is no well {'0' * 24}"),
    Problem(errors.SurveyMissing, 404, "well sample has no survey"),
    Problem(
        errors.InvalidSurvey,
        400,
        "line 3, column depth: depths have to grow; the station before is at 100",
        faults,
    ),
    Problem(
        errors.UnitsDiffer,
        409,
        "the depths of the survey are in ft, those of the well in m; with depth_unit=m they are"
        " converted",
    ),
    Problem(
        errors.WellChanged,
        503,
        "others are changing the well at the same time; try again",
        name="well-busy",
    ),
)
