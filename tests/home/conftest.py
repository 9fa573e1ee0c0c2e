import pytest

from tests.home.visitor import Visitor


@pytest.fixture
def visitor(server) -> Visitor:
    return Visitor(server)
