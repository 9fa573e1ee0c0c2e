"""Tables as people have them: delimited text with any usual delimiter, and LAS."""

import io
from dataclasses import replace

from tables import delimited, las
from tables.encodings import assumption, encoding_of
from tables.table import Known, Table

# Of the beginning of a file, by which LAS is told from delimited text.
HEAD_CHARACTERS = 10_000


def read(data: bytes, max_rows: int, known: Known) -> Table:
    """The table in a file. At most ``max_rows`` rows and one more are read: the caller can see that
    there are too many.

    ``known`` says whether the caller looks for a column. The header is the first line with two such
    columns. Raises TableTooLarge.
    """
    encoding = encoding_of(data)
    text = io.TextIOWrapper(io.BytesIO(data), encoding, "replace")
    is_las = las.is_las(text.read(HEAD_CHARACTERS))
    text.seek(0)
    table = (las if is_las else delimited).read(text, max_rows, known)
    told = None if encoding.startswith("utf") else assumption(data, encoding)
    return replace(table, assumption=told)
