"""Tables of columns with these names, and what is found in them."""

from images.ingest.layout.find import find
from images.ingest.layout.plan import Options
from images.ingest.names.columns import column_of
from images.ingest.table import Table

EIGHT = range(8)


def found(columns, **options):
    """The logs in a table with a depth and these columns."""
    table = Table("", (column_of("DEPTH"), *map(column_of, columns)), lambda _: iter(()))
    return find(table, Options(**options))


def only(columns):
    [log] = found(columns).logs
    return log
