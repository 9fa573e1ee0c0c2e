"""More clients than there are threads, and clients that leave."""

import contextlib
import json
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import zarr

from images.ingest.sample import sample_csv
from tests.csvs import random_csv
from tests.problems import assert_problem
from tests.server import Answer, Server
from tests.sockets import begun, received, until
from tests.values import published, random_values

THREADS = 2


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """One worker of two threads, one of which may ingest."""
    settings = {"WEB_WORKERS": "1", "WEB_THREADS": str(THREADS), "MAX_INGESTS": "1"}
    with Server(settings, log=tmp_path_factory.mktemp("log") / "log") as server:
        yield server


def problem_in(data):
    return json.loads(data.partition(b"\r\n\r\n")[2])


def in_progress(server):
    """How many requests have their thread, but for the one that asks."""
    metrics = server.get("/metrics").body.decode()
    return float(re.search(r"^http_requests_in_progress (\S+)", metrics, re.MULTILINE)[1]) - 1


def lines(server):
    return [json.loads(line) for line in server.log_lines()]


def test_requests_beyond_the_threads_get_503_and_probes_are_answered(small):
    with contextlib.ExitStack() as stack:
        for _ in range(THREADS):
            stack.enter_context(begun(small, "/photos/"))
        until(lambda: in_progress(small) == THREADS)
        with ThreadPoolExecutor(20) as threads:
            answers = [*threads.map(small.get, ["/logs/"] * 40)]
        probes = [small.get(path).status for path in ("/healthz", "/readyz", "/metrics")]
    for answer in answers:
        assert_problem(answer, 503, "overloaded")
        assert answer.headers["X-Request-ID"]
    assert probes == [200, 200, 200]
    until(lambda: small.get("/logs/").status == 200)


def test_readers_of_zarr_may_ask_for_more_chunks_at_once_than_there_are_threads(small):
    depths, values = random_values(40_000, 36)
    log = published(depths, values, well="Z", sha256="2" * 64)
    url = f"http://127.0.0.1:{small.port}/logs/{log.pk}.zarr"
    with zarr.config.set({"async.concurrency": 10 * THREADS}):
        read = zarr.open_array(f"{url}/values", mode="r")[:]
    np.testing.assert_array_equal(read, values)


def _answer_to_another(server, path):
    """What a second upload gets, once the request before it has given its thread back."""
    answer = b":overloaded"
    while b":overloaded" in answer:
        with begun(server, path) as client:
            answer = received(client)
    return answer


def test_uploads_beyond_their_bound_are_refused_before_their_body_is_read(small):
    small.upload(b"".join(sample_csv(200)), well="sample")
    for path in ("/upload-csv/", "/new-log"):
        with begun(small, path):
            until(lambda: in_progress(small) == 1)
            answer = _answer_to_another(small, path)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nRetry-After: " in answer
            assert problem_in(answer)["type"] == "urn:problem-type:too-many-ingests"
            assert small.get("/get-images/9000.1/9001/").status == 200
        until(lambda: small.upload(random_csv(3)).status == 200)


def test_a_client_that_sends_a_large_upload_too_much_still_gets_the_answer(small):
    csv = random_csv(5000)
    with begun(small, "/upload-csv/"):
        until(lambda: in_progress(small) == 1)
        answer = small.upload(csv)
    assert_problem(answer, 503, "too-many-ingests")


def test_clients_that_ask_without_a_pause_leave_threads_to_others(small):
    counts = [0] * 12

    def ask(number):
        with small.connection() as connection:
            while min(counts) < 20:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                counts[number] += 1

    with ThreadPoolExecutor(12) as threads:
        [*threads.map(ask, range(12))]
    assert min(counts) > max(counts) / 100


@pytest.mark.parametrize(
    ("name", "item"),
    [("Accept", "a,"), ("If-None-Match", '"",'), ("Cookie", "a;"), ("Range", "-,")],
)
def test_headers_that_are_long_together_are_refused_before_anything_reads_them(small, name, item):
    """gunicorn joins those of one name: Django took four seconds to read such an ``Accept``."""
    with small.connection() as connection:
        connection.putrequest("GET", "/logs/")
        for _ in range(90):
            connection.putheader(name, item * 2000)
        connection.endheaders()
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
    assert_problem(answer, 431, "headers-too-large")


def test_clients_that_leave_hold_nothing(small):
    for _ in range(3):
        with contextlib.ExitStack() as clients:
            for path in ("/photos/", "/upload-csv/"):
                clients.enter_context(begun(small, path))
        until(lambda: small.upload(random_csv(3)).status == 200)


def test_after_all_of_this_nothing_was_a_fault(small):
    assert not [line for line in lines(small) if "traceback" in line or line["level"] == "ERROR"]
