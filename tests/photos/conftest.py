import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """A client that gets errors as answers, as clients do."""
    return Client(raise_request_exception=False, SERVER_NAME="localhost")
