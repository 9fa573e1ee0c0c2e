"""A client of the running service, and a log of it."""

import pytest
from image_logs import Server

from tests.csvs import random_csv


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
