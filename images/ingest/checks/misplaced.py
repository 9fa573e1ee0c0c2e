"""Tables that look like picks or like a survey, which are sent elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from images.ingest.table import Column, Told
from tables import pick_names
from tables.table import Column as Named
from wells import survey_files

# The angles of a hole are common among logs. A table of them and little else is a survey, and so is
# one whose rows are as far apart as stations, in metres or feet, and not as lines of a mud log.
MOST_COLUMNS, LEAST_STEP = 4, 6.0
PICKS, SURVEY = "picks-suspected", "survey-suspected"
_PLACES = {
    PICKS: "a list of picks: POST /dips/import/, or Import… in the workbench, takes it as that",
    SURVEY: "the deviation survey of the well: PUT /wells/<id>/survey, or the page of the well,"
    " takes it as that",
}


def suspected(columns: Sequence[Column], step: float | None) -> Iterable[Told]:
    """A warning, as (code, detail), where a table without arrays looks like picks or like a survey.

    ``columns`` are all of the table, ``step`` is its sampling interval, None where it has none.
    """
    named = [found for column in columns if (found := _named(column))]
    planes, hole = pick_names.of_planes(named), survey_files.of_hole(named)
    # Tools that measure the angles of a hole measure the dip of the magnetic field too.
    if planes and planes[-1] not in hole:
        yield _told(PICKS, planes)
    elif hole and (len(columns) <= MOST_COLUMNS or (step is not None and step >= LEAST_STEP)):
        yield _told(SURVEY, hole)


def hint(warnings: Iterable[Told]) -> str:
    """The end of a refusal that says where the table goes; empty without such a warning."""
    return next((f"; {detail}" for code, detail in warnings if code in _PLACES), "")


def _told(code: str, names: Sequence[str]) -> Told:
    return code, f"by its {' and '.join(names)} the table looks like {_PLACES[code]}"


def _named(column: Column) -> Named | None:
    """A column as readers of picks and surveys compare it; None for numbers under a name that is of
    two angles in one text, such as ``Orientation``."""
    found = replace(Named.named(column.name), description=column.description)
    is_pair = pick_names.role(found) in pick_names.PAIRS
    return None if is_pair and column.reason is None else found
