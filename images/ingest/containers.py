"""What files come packed in: gzip, or a zip of one file."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from isal import isal_zlib
from isal.igzip_lib import IsalError

from images.errors import InvalidFile
from web.temporary_files import filled

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
READ_BYTES = 1024 * 1024
# A zip of one file needs some hundreds of bytes for its directory; what is much longer lists many.
MAX_DIRECTORY_BYTES = 64 * 1024
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
# What zipfile raises over damaged archives.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
# Left beside the file by the archivers of some desktops.
_EXTRAS = {".DS_Store", "Thumbs.db", "desktop.ini"}


def unpacked(file: IO[bytes], limit: int) -> IO[bytes]:
    """The plain bytes of ``file``.

    Parameters: ``file`` is seekable; ``limit`` is the largest number of bytes to unpack to.
    Returns: ``file`` itself where it is not packed, else a new nameless temporary file; either
    stands at its beginning.
    Raises InvalidFile, NoRoom.
    """
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(GZIP):
        return _plain(_gunzipped(file), limit)
    if magic == ZIP:
        with _archive(file) as archive:
            return _plain(_unzipped(archive, _only_member(archive)), limit)
    return file


def _plain(pieces: Iterable[bytes], limit: int) -> IO[bytes]:
    plain = filled(_limited(pieces, limit))
    if plain.read(4).startswith((GZIP, ZIP)):
        plain.close()
        raise InvalidFile("the file is packed twice; unpack it once and send what is inside")
    plain.seek(0)
    return plain


def _limited(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise InvalidFile(f"the file unpacks to more than the limit of {limit} bytes")
        yield piece


def _gunzipped(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of all members; zeros may follow the last one, as tapes leave them."""
    member = isal_zlib.decompressobj(wbits=31)
    while data := file.read(READ_BYTES):
        while data:
            if member.eof:
                data = data.lstrip(b"\0")
                if not data:
                    break
                if not data.startswith(GZIP[: len(data)]):
                    raise InvalidFile("the gzip has other bytes behind its end")
                member = isal_zlib.decompressobj(wbits=31)
            try:
                yield member.decompress(data, READ_BYTES)
                while member.unconsumed_tail:
                    yield member.decompress(member.unconsumed_tail, READ_BYTES)
            except IsalError as error:  # type: ignore[misc]
                raise InvalidFile(f"the gzip is damaged: {error}") from None
            data = member.unused_data
    if not member.eof:
        raise InvalidFile("the gzip is cut off: it ends before its data do")


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip; its directory is looked at before zipfile reads all of it into memory."""
    length = file.seek(0, 2)
    start = max(0, length - _END_OF_DIRECTORY.size - 0xFFFF - _ZIP64_LOCATOR_BYTES)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END_OF_DIRECTORY.size:
        raise InvalidFile("the zip is cut off: it has no directory at its end")
    directory_bytes = _END_OF_DIRECTORY.unpack_from(tail, at)[5]
    if b"PK\x06\x07" in tail[max(0, at - _ZIP64_LOCATOR_BYTES) : at]:
        raise InvalidFile("the zip is of the kind for more than 4 GB; send the file with gzip")
    if directory_bytes > MAX_DIRECTORY_BYTES:
        raise InvalidFile("the zip holds many files; send a zip of one file")
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise InvalidFile(f"the zip is damaged: {str(error)[:100]}") from None


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            raise InvalidFile("the file is a spreadsheet of Excel: save it as CSV")
        raise InvalidFile("the file is a document of Office, which holds no logs")
    if "mimetype" in names and archive.getinfo("mimetype").file_size < READ_BYTES:
        raise InvalidFile("the file is a document of OpenOffice: save it as CSV")
    members = [
        member
        for member in archive.infolist()
        if not (member.is_dir() or member.filename.startswith("__MACOSX/"))
        and member.filename.rpartition("/")[2] not in _EXTRAS
    ]
    if len(members) != 1:
        named = ", ".join(member.filename[:60] for member in members[:3])
        what = f"{len(members)} files ({named}{', …' if len(members) > 3 else ''})"
        raise InvalidFile(f"the zip holds {what if members else 'no file'}; send a zip of one file")
    if members[0].flag_bits & 1:
        raise InvalidFile("the zip is encrypted; send it without a password")
    return members[0]


def _unzipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(member) as file:
            while data := file.read(READ_BYTES):
                yield data
    except _DAMAGE as error:
        what = str(error)[:100] or "it ends too early"
        raise InvalidFile(f"the zip is damaged: {what}") from None
