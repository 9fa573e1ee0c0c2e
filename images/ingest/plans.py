"""Which tables of a file hold logs, and which logs."""

from images.errors import InvalidFile
from images.ingest.checks import misplaced
from images.ingest.layout.find import distinct, find
from images.ingest.layout.plan import Layout, Options
from images.ingest.table import Contents, Table

# Of one file, as each log is written by itself, and as each array has files of its own.
MAX_LOGS, MAX_ARRAYS = 1000, 100


def plans_of(contents: Contents, options: Options) -> list[tuple[Table, Layout]]:
    """The tables that hold logs, with their layouts; the others become ``ignored``.

    Each log gets a name of its own in the file. Raises InvalidFile where there is no log.
    """
    plans: list[tuple[Table, Layout]] = []
    refusals: list[InvalidFile] = []
    for table in contents.tables:
        try:
            plan = find(table, options)
        except InvalidFile as error:
            if len(contents.tables) == 1:
                raise
            refusals.append(error)
            contents.ignored.append((table.name, str(error)))
            continue
        if plan.logs:
            plans.append((table, plan))
        else:
            contents.ignored += plan.ignored
    if not plans:
        raise refusals[0] if refusals else _no_log(contents)
    logs = [log for _, plan in plans for log in plan.logs]
    arrays = sum(log.width > 1 for log in logs)
    if len(logs) > MAX_LOGS or arrays > MAX_ARRAYS:
        raise InvalidFile(
            f"the file holds {len(logs)} logs, {arrays} of them arrays; at most {MAX_LOGS} and"
            f" {MAX_ARRAYS} are taken at a time: choose some with columns="
        )
    named = iter(distinct(logs, contents.warnings))
    for _, plan in plans:
        plan.logs = [next(named) for _ in plan.logs]
    return plans


def _no_log(contents: Contents) -> InvalidFile:
    reasons = "; ".join(f"{name or 'a column'}: {why}" for name, why in contents.ignored[:3])
    told = (told for table in contents.tables for told in misplaced.suspected(table.columns, None))
    return InvalidFile(
        f"no column holds values beside the depths ({reasons or 'there is none'})"
        f"{misplaced.hint(told)}"
    )
