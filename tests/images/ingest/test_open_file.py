import io

import pytest

from images.errors import InvalidFile
from images.ingest.open_file import recognise


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"depth,col1\n1,2\n", "text"),
        (b"PAR1,DEPTH\n1,2\n", "text"),
        (b"CDF,DEPTH\n1,2\n", "text"),
        (b"MATLAB table of A-1\nDEPTH,GR\n1,2\n", "text"),
        (b"\xef\xbb\xbfdepth,col1\n1,2\n", "text"),
        ("depth,col1\n1,2\n".encode("utf-16"), "text"),
        (b"# made by hand\n~Version\n", "LAS"),
        (b"\r\n ~VERSION INFORMATION\r\n", "LAS"),
        ("~V\n".encode("utf-16") * 4, "LAS"),
        (b"   1V1.00RECORD 8192Default", "DLIS"),
    ],
)
def test_a_file_is_recognised_by_its_first_bytes(data, kind):
    assert recognise(io.BytesIO(data)) == kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file holds nothing"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"%PDF-1.4", "a PDF"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a spreadsheet or document of Office: save it as CSV",
        ),
        (b"<?xml version='1.0'?><WITSMLComposite>", "XML; export the log as LAS or CSV"),
        (b"<!DOCTYPE html>", "a web page"),
        (b'{"depth": 1}', "JSON"),
        (b"\x89HDF\r\n", "an HDF5 or netCDF file"),
        (b"CDF\x01\0\0\0\x05", "a netCDF file"),
        (b"PAR1\x15\0\x15\x8e", "a Parquet file"),
        (b"MATLAB 5.0 MAT-file, Platform: GLNXA64", "a MATLAB file"),
        (b"a" * 257 + b"ustar", "a tar archive"),
        (b"\0\x42\x86\0\x80\0DDBHC .020   LOG", "a LIS tape, which is not read here"),
        (b"\0" * 8 + b"\x4e\0\0\0\0\x3e\0\0\x84\0SNAM", "a LIS tape, which is not read here"),
        (b"\x01\x02\x03\x00\x00\x07", "not text, and of no kind that is read here"),
    ],
)
def test_what_is_not_read_is_named(data, reason):
    with pytest.raises(InvalidFile) as caught:
        recognise(io.BytesIO(data))
    assert reason in str(caught.value)
