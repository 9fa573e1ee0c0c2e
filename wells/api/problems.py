"""The errors of wells as problem documents: they are answered and documented from here."""

from web.problems import Problem, faults
from wells import errors

PROBLEMS = (
    Problem(
        "well-not-found",
        404,
        "There is no such well.",
        f"there is no well {'0' * 24}",
        (errors.WellNotFound,),
    ),
    Problem(
        "survey-missing",
        404,
        "The well has no survey.",
        "well sample has no survey",
        (errors.SurveyMissing,),
    ),
    Problem(
        "invalid-survey",
        400,
        "The survey has a fault; the one before stays.",
        "line 3, column depth: depths have to grow; the station before is at 100",
        (errors.SurveyInvalid,),
        faults,
    ),
    Problem(
        "units-differ",
        409,
        "The file has another unit of depth than the well; `depth_unit` has it converted.",
        "the depths of the survey are in ft, those of the well in m; with depth_unit=m they are"
        " converted",
        (errors.UnitsDiffer,),
    ),
    Problem(
        "well-busy",
        503,
        "Others change the well at the same time, again and again.",
        "others are changing the well at the same time; try again",
        (errors.WellChanged,),
    ),
)
