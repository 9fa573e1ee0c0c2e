"""Tables as people have them: delimited text with any usual delimiter, and LAS."""

import codecs
import io

from tables import delimited, las
from tables.table import Known, Table

# Of the beginning of a file, by which LAS is told from delimited text.
HEAD_CHARACTERS = 10_000
BLOCK_BYTES = 1024**2


def read(data: bytes, max_rows: int, known: Known) -> Table:
    """The table in a file. At most ``max_rows`` rows and one more are read: the caller can see that
    there are too many.

    ``known`` says whether the caller looks for a column. The header is the first line with two such
    columns. Raises TableTooLarge.
    """
    text = io.TextIOWrapper(io.BytesIO(data), _encoding(data))
    is_las = las.is_las(text.read(HEAD_CHARACTERS))
    text.seek(0)
    return (las if is_las else delimited).read(text, max_rows, known)


def _encoding(data: bytes) -> str:
    """UTF-16 or UTF-8 if all of ``data`` is that, else Latin-1. The text is never held as a whole:
    one character beyond the BMP would quadruple it."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), BLOCK_BYTES):
            decoder.decode(data[start : start + BLOCK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return encoding
