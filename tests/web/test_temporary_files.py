"""Files of multipart forms on disk."""

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError
from django.test import RequestFactory, override_settings

LARGE = os.urandom(3_000_000)


@pytest.fixture
def form(tmp_path, monkeypatch):
    """A request with a file that is too large for memory; and the directory for such files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = SimpleUploadedFile("a b.bin", LARGE, "application/octet-stream")
    return RequestFactory().post("/", {"file": file}), tmp_path


def test_a_large_file_of_a_form_has_no_name_on_disk_and_is_closed_by_the_request(form):
    request, directory = form
    uploaded = request.FILES["file"]
    assert [*directory.iterdir()] == []
    assert (uploaded.name, uploaded.size) == ("a b.bin", len(LARGE))
    assert b"".join(uploaded.chunks()) == LARGE
    request.close()
    assert uploaded.closed


def test_a_form_that_breaks_off_leaves_no_open_file(form):
    request, directory = form
    body = request._stream

    class Broken:
        def read(self, size=-1):
            data = body.read(min(size, 65_536))
            if body.tell() > 2_800_000:
                raise ConnectionResetError
            return data

    request._stream = request.environ["wsgi.input"] = Broken()
    before = _open_files(directory)
    with override_settings(), pytest.raises(UnreadablePostError):
        _ = request.FILES
    assert _open_files(directory) == before
    assert [*directory.iterdir()] == []


def _open_files(directory):
    files = Path("/proc/self/fd").iterdir()
    return sum(os.path.lexists(f) and str(directory) in os.readlink(f) for f in files)
