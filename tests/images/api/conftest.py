import pytest
from django.test import Client, RequestFactory


@pytest.fixture
def client() -> Client:
    """A client that gets errors as answers, as clients do."""
    return Client(raise_request_exception=False, SERVER_NAME="localhost")


@pytest.fixture
def rf() -> RequestFactory:
    """Requests for what takes one and is no view."""
    return RequestFactory()
