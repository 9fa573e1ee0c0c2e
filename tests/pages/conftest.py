import pytest

from tests.pages.visitor import Visitor


@pytest.fixture
def visitor(server) -> Visitor:
    return Visitor(server)
