"""Diagrams that are drawn at the same time."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import numpy as np

from dips import diagrams
from dips.diagrams import Style
from dips.models import Query
from dips.picks import editing, holes
from dips.picks.selection import Selection, select

draw = partial(diagrams.rose, style=Style("svg", 400, 400), mirrored=False, by="count", sectors=36)


def waiting(picks, begun, go):
    """The same picks; whoever draws them has begun, and goes on when told."""

    class Waiting(Selection):
        @property
        def known(self):
            begun.set()
            assert go.wait(10)
            return np.isfinite(self.dip)

    return Waiting(**vars(picks))


def test_an_svg_is_the_same_while_another_thread_ends_one(well):
    fields = {"depth": 1500.0, "height": 0.4, "azimuth": 60.0, "reference": "top of hole"}
    editing.add(holes.hole(well.name), fields, "anna")
    picks = select(Query(well=well.name))
    begun, go = (Event(), Event()), (Event(), Event())
    with ThreadPoolExecutor(2) as threads:
        drawings = []
        for number in (0, 1):
            of_thread = waiting(picks, begun[number], go[number])
            drawings.append(threads.submit(draw, of_thread))
            assert begun[number].wait(10)
        go[0].set()
        first = drawings[0].result()
        go[1].set()
        assert drawings[1].result() == first == draw(picks)
