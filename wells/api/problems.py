"""The errors of wells as problem documents: they are answered and documented from here."""

from web.problems import Problem, faults
from wells import errors

PROBLEMS = (
    Problem("well-not-found", 404, f"there is no well {'0' * 24}", (errors.WellNotFound,)),
    Problem("survey-missing", 404, "well sample has no survey", (errors.SurveyMissing,)),
    Problem(
        "invalid-survey",
        400,
        "line 3, column depth: depths have to grow; the station before is at 100",
        (errors.InvalidSurvey,),
        faults,
    ),
    Problem(
        "units-differ",
        409,
        "the depths of the survey are in ft, those of the well in m; with depth_unit=m they are"
        " converted",
        (errors.UnitsDiffer,),
    ),
    Problem(
        "well-busy",
        503,
        "others are changing the well at the same time; try again",
        (errors.WellChanged,),
    ),
)
