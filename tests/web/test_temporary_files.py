"""Files of multipart forms on disk."""

import gzip
import io
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError
from django.test import RequestFactory, override_settings

from images.ingest.containers import unpacked
from images.render.writers.arrow import write_parquet
from tests.images.render.writers.test_arrow import whole
from web.errors import NoRoom
from web.temporary_files import UnnamedFile, disk

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


@pytest.fixture
def small_budget(monkeypatch):
    before = disk.taken
    monkeypatch.setattr(disk, "limit", before + 1000)
    yield
    assert disk.taken == before


def test_temporary_files_take_what_they_hold_from_one_budget_and_give_it_back(small_budget):
    with UnnamedFile() as one, UnnamedFile() as other:
        one.write(b"a" * 600)
        one.seek(0)
        one.write(b"b" * 600)  # instead of the first ones
        other.write(memoryview(b"c" * 400))
        with pytest.raises(NoRoom, match="more than the limit of"):
            other.write(b"d")
        one.close()
        other.write(b"d" * 600)
        other.seek(0)
        assert other.read() == b"c" * 400 + b"d" * 600


def test_what_a_small_gzip_unpacks_to_is_taken_from_the_budget(small_budget):
    with pytest.raises(NoRoom):
        unpacked(io.BytesIO(gzip.compress(b"0" * 100_000)), limit=1_000_000)


def test_a_parquet_file_is_taken_from_the_budget(small_budget):
    with pytest.raises(NoRoom):
        whole(write_parquet)


def _open_files(directory):
    files = Path("/proc/self/fd").iterdir()
    return sum(os.path.lexists(f) and str(directory) in os.readlink(f) for f in files)
