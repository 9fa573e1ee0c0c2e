"""The Python client against the service, over real HTTP."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import matplotlib as mpl
import numpy as np
import pytest
from image_logs import NotFound, ProblemError, Server, ServerTooOld, Unavailable
from image_logs.__main__ import main

from tests.csvs import random_csv

mpl.use("Agg")


@pytest.fixture
def client(server):
    with Server(f"http://127.0.0.1:{server.port}") as client:
        yield client


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.csv"
    path.write_bytes(random_csv(1200, top=9000.1, step=0.1))
    return path


@pytest.fixture
def log(client, server, sample):
    answer = server.upload(sample.read_bytes(), well="A 1/2")
    return client.log(answer.json["id"])


def test_a_window_is_a_labelled_array_of_depth_and_azimuth(log, server):
    window = log.window(9000.1, 9001)
    assert window.dims == ("depth", "azimuth")
    assert window.shape == (10, 150)
    assert window.attrs["well"] == "A 1/2"
    assert float(window.depth[0]) == 9000.1
    assert float(window.azimuth[1]) == pytest.approx(2.4)
    npy = server.get(f"/get-images/9000.1/9001/?log={log.id}&format=npy").body
    assert window.values.tobytes() == npy[-window.values.nbytes :]


def test_a_window_without_ends_is_the_whole_log(log):
    assert len(log.window().depth) == log.facts["rows"]


def test_logs_is_a_table_that_pages_by_itself(client, log, monkeypatch):
    monkeypatch.setattr("image_logs.server.PAGE", 1)
    frame = client.logs(well="A 1/2")
    assert [*frame.index] == [log.id]
    assert frame.loc[log.id, "rows"] == log.facts["rows"]
    assert client.logs(well="none").empty


def test_find_says_which_logs_there_are_where_not_one_matches(client, log):
    assert client.find("A 1/2").id == log.id
    with pytest.raises(LookupError, match="one log of well 'B' is needed and 0 match"):
        client.find("B")


def test_a_picture_is_of_the_height_and_the_colormap_asked_for(log):
    picture = log.picture(9000.1, 9100, height=80, colormap="viridis")
    assert picture.size == (150, 80)
    assert len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)) > 10


def test_a_plot_has_depth_going_down_and_the_quarters_of_the_hole(log):
    axes = log.plot(9000.1, 9010)
    low, high = axes.get_ylim()
    assert low > high
    assert [tick.get_text() for tick in axes.get_xticklabels()] == [
        *("0°", "90°", "180°", "270°", "360°")
    ]
    mpl.pyplot.close(axes.figure)


def test_a_download_is_the_file_as_it_was_sent(log, server, tmp_path):
    path = tmp_path / "window.csv"
    size = log.download(path, "csv", 9000.1, 9001)
    assert path.read_bytes() == server.get(f"/get-images/9000.1/9001/?log={log.id}&format=csv").body
    assert size == path.stat().st_size


def test_a_problem_is_an_exception_with_the_detail_of_its_document(client, log):
    with pytest.raises(NotFound, match="there is no trace from") as caught:
        log.window(1, 2)
    assert (caught.value.status, caught.value.type) == (404, "nothing-in-range")
    with pytest.raises(ProblemError, match="no colormap") as caught:
        log.picture(9000.1, 9001, colormap="virdis")
    assert caught.value.status == 400


def test_an_address_that_the_server_does_not_know_says_which_version_is_needed(client):
    with pytest.raises(ServerTooOld, match=r"/nothing/ needs version .* of the server"):
        client.request("GET", "/nothing/")


class Busy(BaseHTTPRequestHandler):
    """Answers 503 with Retry-After until it was asked ``refusals`` times."""

    refusals = 1
    bodies: list[bytes] = []  # noqa: RUF012 - one server at a time

    def do_POST(self):
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        status = 503 if len(self.bodies) <= self.refusals else 200
        body = b'{"detail": "busy", "type": "urn:problem-type:overloaded"}'
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Retry-After", "1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def busy(monkeypatch):
    monkeypatch.setattr(Busy, "bodies", [])
    with HTTPServer(("127.0.0.1", 0), Busy) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        with Server(f"http://127.0.0.1:{listening.server_port}", retries=1) as client:
            yield client
        listening.shutdown()
        thread.join()


def test_an_upload_is_sent_again_whole_where_the_server_says_retry_after(busy, sample):
    assert busy.upload(sample)["detail"] == "busy"
    assert len(Busy.bodies) == 2
    assert all(sample.read_bytes() in body for body in Busy.bodies)


def test_a_server_that_stays_busy_is_unavailable(busy, sample, monkeypatch):
    monkeypatch.setattr(Busy, "refusals", 99)
    with pytest.raises(Unavailable, match="busy"):
        busy.upload(sample)
    assert len(Busy.bodies) == 2


def test_the_command_line_lists_and_downloads(log, server, tmp_path, capsys):
    url = ["--url", f"http://127.0.0.1:{server.port}"]
    assert main([*url, "logs", "--well", "A 1/2"]) == 0
    assert log.id in capsys.readouterr().out
    path = tmp_path / "window.npz"
    assert main([*url, "download", log.id, str(path), "--top", "9000.1", "--base", "9001"]) == 0
    with np.load(path) as arrays:
        assert len(arrays["depths"]) == 10


def test_the_command_line_says_what_is_wrong_and_ends_with_1(server, tmp_path, capsys):
    url = ["--url", f"http://127.0.0.1:{server.port}"]
    assert main([*url, "download", "0" * 24, str(tmp_path / "x.npz")]) == 1
    assert "there is no image log" in capsys.readouterr().err
