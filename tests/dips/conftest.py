"""Wells and picks for tests."""

import pytest


@pytest.fixture
def well():
    """A well in metres with a bit of 8.5 inches and a survey."""
    from tests.dips.examples import SURVEY
    from wells.models import Well, change

    found, _ = Well.ensure("15/9-F-4 A")
    hole = {"depth_unit": "m", "bit_size": 8.5, "bit_size_unit": "in", "survey": SURVEY}
    change(found.pk, hole)
    return Well.objects.get(pk=found.pk)
