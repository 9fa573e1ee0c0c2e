"""The service while MongoDB is away, on a MongoDB of its own."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.csvs import random_csv
from tests.pages.visitor import Visitor
from tests.photos.pictures import picture
from tests.problems import assert_problem
from tests.server import on_its_own_mongodb
from tests.sockets import until

CSV = random_csv(50)
PHOTO = picture()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A server and its MongoDB, which a test may stop and must start again."""
    settings = {"MONGO_TIMEOUT_MS": "1500", "INGEST_LEASE_SECONDS": "0"}
    log = tmp_path_factory.mktemp("log") / "log"
    with on_its_own_mongodb(tmp_path_factory.mktemp("mongodb"), settings, log) as both:
        yield both
    assert "Traceback" not in log.read_text()


def test_before_an_upload_mongodb_away_is_a_503_and_liveness_does_not_mind(service):
    server, mongod = service
    mongod.stop()
    try:
        with ThreadPoolExecutor(10) as clients:
            upload = clients.submit(server.upload, CSV)
            readiness = clients.submit(server.get, "/readyz")
            scrape = clients.submit(server.get, "/metrics")
            paths = ("/", "/logs/", "/get-images/0/1/", "/logs/6b00ce3c3b02b1a0e1f0aaaa/")
            for answer in (upload.result(), *clients.map(server.get, paths)):
                assert_problem(answer, 503, "storage-unavailable")
            checks = assert_problem(readiness.result(), 503, "not-ready")["checks"]
            assert checks["mongodb"].startswith("does not answer")
            assert checks["temporary_directory"] == "ok"
            assert b"mongodb_up 0.0" in scrape.result().body
            assert server.get("/healthz").status == 200
    finally:
        mongod.start()
    _works_when_back(server)


def test_mongodb_killed_during_an_upload_stores_all_or_nothing(service):
    server, mongod = service
    large = random_csv(20_000, seed=9)
    killer = threading.Timer(0.8, lambda: os.kill(mongod.pid, signal.SIGKILL))
    killer.start()
    statuses = []
    while killer.is_alive() or not statuses or statuses[-1] == 200:
        answer = server.upload(large + b"\n" * len(statuses), well="B")
        statuses.append(answer.status)
        if answer.status != 200:
            assert_problem(answer, 503, "storage-unavailable")
    mongod.stop()
    mongod.start()
    _works_when_back(server)
    listed = server.get("/logs/?well=B").json["results"]
    assert len(listed) in {statuses.count(200), statuses.count(200) + 1}
    for log in listed:
        assert server.get(log["images_url"]).json["count"] == 20_000


def test_the_forms_of_the_home_page_are_answered_with_a_503(service):
    server, mongod = service
    visitor = Visitor(server)
    token = visitor.token()
    mongod.stop()
    try:
        fields = {"well": "A", "top_depth": "1", "base_depth": "2"}
        with ThreadPoolExecutor(4) as clients:
            sent = [
                clients.submit(
                    visitor.send_as_is, path, {name: ("a", data)}, csrfmiddlewaretoken=key, **fields
                )
                for path, name, data in (("/new-log", "file", CSV), ("/new-photo", "photo", PHOTO))
                for key in (token, "x")
            ]
            for answer in sent:
                assert_problem(answer.result(), 503, "storage-unavailable")
    finally:
        mongod.start()
    _works_when_back(server)


def test_a_frozen_mongodb_is_a_503_in_time(service):
    server, mongod = service
    os.kill(mongod.pid, signal.SIGSTOP)
    asked = {
        "/logs/": "storage-unavailable",
        "/": "storage-unavailable",
        "/get-images/0/1/": "storage-unavailable",
        "/photos/6b00ce3c3b02b1a0e1f0aaaa/image": "storage-unavailable",
        "/readyz": "not-ready",
    }
    try:
        start = time.monotonic()
        with ThreadPoolExecutor(10) as clients:
            upload = clients.submit(server.upload, CSV + b"\n")
            scrape = clients.submit(server.get, "/metrics")
            answers = [*clients.map(server.get, asked)]
            for answer, kind in zip(answers, asked.values(), strict=True):
                assert_problem(answer, 503, kind)
            assert_problem(upload.result(), 503, "storage-unavailable")
            assert b"mongodb_up 0.0" in scrape.result().body
        assert time.monotonic() - start < 20  # the driver alone would wait for 30
    finally:
        os.kill(mongod.pid, signal.SIGCONT)
    _works_when_back(server)


def _works_when_back(server):
    until(lambda: server.upload(CSV).status == 200)
