"""Files that are an image to one program and something else to another are refused."""

import io
from typing import IO

from photos.errors import NotAPhoto

# What other programs look for anywhere in a file. Each is long enough not to come up by chance
# in the pixels of a photo.
_ANYWHERE = (
    *(b"<script", b"<!doctype", b"<html", b"<body", b"<iframe", b"<?php", b"javascript:"),
    *(b"http://www.w3.org/2000/svg", b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"),
)
_LONGEST = max(map(len, _ANYWHERE))
_PDF, _PDF_WITHIN_BYTES = b"%PDF-", 1024
# Archives are read from their end: a record of 22 bytes and a comment of up to 65535.
_ZIP, _ZIP_WITHIN_BYTES = b"PK\x05\x06", 22 + 65_535
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
_JPEG_END = b"\xff\xd9"
_BLOCK_BYTES = 1024 * 1024


def check_is_nothing_else(file: IO[bytes], image_format: str) -> None:
    """Raise NotAPhoto when ``file``, an image of this format, could be taken for more than that."""
    length = file.seek(0, io.SEEK_END)
    tail = _at(file, max(0, length - _ZIP_WITHIN_BYTES), _ZIP_WITHIN_BYTES)
    if not _ends_properly(image_format, _at(file, 0, 12), tail, length):
        raise NotAPhoto(f"there is something behind the end of the {image_format} image")
    if _PDF in _at(file, 0, _PDF_WITHIN_BYTES) or _ZIP in tail or _holds_a_document(file):
        raise NotAPhoto("the image holds a document, a script or an archive besides")


def _ends_properly(image_format: str, head: bytes, tail: bytes, length: int) -> bool:
    if image_format == "PNG":
        return tail.endswith(_PNG_END)
    if image_format == "JPEG":  # some cameras fill up with zeros
        return tail.rstrip(b"\0").endswith(_JPEG_END)
    if image_format == "WEBP":
        return length == int.from_bytes(head[4:8], "little") + 8
    return True  # the parts of a TIFF may lie anywhere


def _holds_a_document(file: IO[bytes]) -> bool:
    file.seek(0)
    overlap = b""
    while block := file.read(_BLOCK_BYTES):
        text = overlap + block.lower()
        if any(mark in text for mark in _ANYWHERE):
            return True
        overlap = text[-_LONGEST:]
    return False


def _at(file: IO[bytes], start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)
