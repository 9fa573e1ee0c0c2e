"""The memory of imports of picks: none for a body on its way, and then only what is reserved."""

import gc
import io
import os
import tracemalloc
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from dips.api.views import ImportView
from web.budget import budget

DATA = b"depth,dip,azimuth\n" + b"".join(b"%d,2,3\n" % number for number in range(40_000))


class Body(io.BytesIO):
    """Notes what each read asks for, and how much memory is reserved meanwhile."""

    def __init__(self, data):
        super().__init__(data)
        self.sizes, self.reserved = [], set()

    def read(self, size=-1):
        self.sizes.append(size)
        self.reserved.add(budget.reserved)
        return super().read(size)


def post(body, length):
    request = RequestFactory().generic("POST", "/dips/import", b" ", "text/csv")
    request._stream, request.user = body, AnonymousUser()
    request.META["CONTENT_LENGTH"] = str(length)
    return ImportView.as_view()(request)


@pytest.fixture
def open_files(tmp_path, monkeypatch):
    """How many temporary files are open."""
    # Answers that other tests did not read to their end hold memory until they are collected.
    gc.collect()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def count():
        files = Path("/proc/self/fd").iterdir()
        return sum(os.path.lexists(f) and str(tmp_path) in os.readlink(f) for f in files)

    return count


def test_a_body_that_is_on_its_way_holds_no_memory_of_the_budget_and_leaves_no_file(open_files):
    body = Body(DATA[:50_000])
    answer = post(body, 50_000)
    assert answer.status_code == 201
    assert body.reserved == {0}
    assert 0 < min(body.sizes) <= max(body.sizes) < 2**20
    assert (budget.reserved, open_files()) == (0, 0)


def test_a_body_that_breaks_off_leaves_no_file(open_files):
    class Broken(Body):
        def read(self, size=-1):
            if self.tell() > 300_000:
                assert open_files() == 1
                raise ConnectionResetError
            return super().read(size)

    answer = post(Broken(DATA), len(DATA))
    assert (answer.status_code, open_files()) == (400, 0)


def test_a_file_that_finds_no_memory_is_refused_before_it_is_in_memory(monkeypatch):
    large = DATA * 12
    monkeypatch.setattr(budget, "limit", len(large))
    body = io.BytesIO(large)
    tracemalloc.start()
    try:
        answer = post(body, len(large))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 400
    assert b"send parts" in answer.content
    assert peak < len(large) / 2
    assert budget.reserved == 0
