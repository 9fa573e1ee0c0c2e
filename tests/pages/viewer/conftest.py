from collections.abc import Iterator

import pytest

from tests.pages.viewer.picks import look_at, make_pick, make_well, only_log
from tests.pages.viewer.walls import Plane, Wall
from tests.pages.viewer.workbench import Workbench


@pytest.fixture
def bench(open_page) -> Iterator[Workbench]:
    """A workbench on whose pages no script may fail."""
    bench = Workbench(open_page())
    yield bench
    assert not bench.errors


@pytest.fixture
def wall():
    return Wall(35, 120, [Plane(1001, 0.2, 70), Plane(1002, 0.1, 200)])


@pytest.fixture
def well(server, wall):
    return make_well(server, wall, "A-1")


@pytest.fixture
def picking(server, bench, well, wall):
    """The workbench at the first plane, while picking."""
    bench.open(
        well, f"?track=image*{only_log(server)}*width.500&track=tadpoles*&top=1000&base=1003"
    )
    look_at(bench, wall.planes[0])
    bench.page.keyboard.press("p")
    bench.page.wait_for_function("() => bench.editor?.picker.active")
    return bench


@pytest.fixture
def picked(server, bench, well, wall):
    """The workbench of a well with two picks, the first one in its window."""
    picks = [make_pick(server, well, plane) for plane in wall.planes]
    bench.open(
        well, f"?track=image*{only_log(server)}*width.400&track=tadpoles*&top=1000.5&base=1002.5"
    )
    bench.page.wait_for_function("() => bench.picks.all.length === 2")
    bench.picks = picks
    return bench.show(1000.8, 1001.2)
