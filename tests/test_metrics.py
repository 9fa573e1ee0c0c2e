"""``/metrics`` over real HTTP, summed over several workers."""

import os
import signal
import time

import pytest
from bson import ObjectId
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from images.models import ImageLog
from tests.csvs import random_csv
from tests.sockets import until


def scraped(server):
    """Each sample by its name and labels."""
    answer = server.get("/metrics")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


@pytest.fixture
def growth(server):
    """By how much a sample grows; numbers are there a moment after the answer."""
    before = scraped(server)

    def growth(name, expected, **labels):
        key = (name, *sorted(labels.items()))
        end = time.monotonic() + 20
        while True:
            grown = scraped(server).get(key, 0) - before.get(key, 0)
            if grown == expected or time.monotonic() > end:
                return grown
            time.sleep(0.02)

    return growth


def test_requests_are_counted_by_route_method_and_status(server, growth):
    for i in range(20):
        server.get(f"/logs/{i}/")
    server.get("/colormaps/")
    server.request("BREW", "/nowhere/")
    of = {"route": "log", "method": "GET", "status": "404"}
    assert growth("http_requests_total", 20, **of) == 20
    assert growth("http_request_duration_seconds_count", 20, route="log") == 20
    nowhere = {"route": "none", "method": "other", "status": "404"}
    assert growth("http_requests_total", 1, **nowhere) == 1


def test_what_is_ingested_and_read_is_counted(server, growth):
    csv = random_csv(2000)
    log = server.upload(csv).json
    server.upload(csv)
    assert growth("image_log_ingested_rows_total", 2000) == 2000
    assert growth("image_log_ingested_bytes_total", len(csv)) == len(csv)
    assert server.get(log["images_url"]).json["count"] == 2000
    # Two chunks of pixels and two of depths.
    assert growth("gridfs_chunks_read_total", 4, bucket="image_logs") == 4


def test_mongodb_and_the_catalogue_are_shown(server):
    server.upload(random_csv(3))
    ImageLog.objects.filter(well="default").update(state="deleting")
    server.upload(random_csv(3, seed=1))
    found = scraped(server)
    assert found["image_logs", ("state", "ready")] == 1
    assert found["image_logs", ("state", "deleting")] == 1
    assert found["image_logs", ("state", "ingesting")] == 0
    assert found["mongodb_up",] == 1
    assert found["mongodb_command_duration_seconds_count", ("command", "insert")] > 0
    assert found["mongodb_connections_open",] >= found["mongodb_connections_in_use",] >= 0
    assert found["http_requests_in_progress",] >= 1


def test_what_the_doctor_found_is_shown(server):
    assert ("unreachable_bytes",) not in scraped(server)
    data = {"files_id": ObjectId(), "n": 0, "data": b"x" * 1234}
    connection.database.image_logs.chunks.insert_one(data)
    with pytest.raises(CommandError, match=r"problems? (is|are) left"):
        call_command("doctor", verbosity=0)
    found = scraped(server)
    assert found["unreachable_bytes",] == 1234
    assert abs(found["doctor_last_run_timestamp_seconds",] - time.time()) < 60


def test_a_worker_that_died_is_counted_on(server, growth):
    for _ in range(10):
        server.get("/colormaps/")
    of = {"route": "colormap-list", "method": "GET", "status": "200"}
    assert growth("http_requests_total", 10, **of) == 10
    dead = server.worker_pids()
    for pid in dead:
        os.kill(pid, signal.SIGKILL)
    for _ in range(10):
        assert server.get("/colormaps/").status == 200
    assert growth("http_requests_total", 20, **of) == 20
    until(lambda: not {*dead} & {*server.worker_pids()})
    until(lambda: scraped(server)["http_requests_in_progress",] == 1)
