from collections.abc import Iterator

import pytest

from tests.pages.viewer.workbench import Workbench


@pytest.fixture
def bench(open_page) -> Iterator[Workbench]:
    """A workbench on whose pages no script may fail."""
    bench = Workbench(open_page())
    yield bench
    assert not bench.errors
