"""Messages. What pages say with them is tested with the pages."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.test import Client


def place_of_messages(path):
    response = Client(SERVER_NAME="localhost").get(path)
    assert response.status_code == 200
    return get_messages(response.wsgi_request)


@pytest.mark.parametrize("path", ["/colormaps/viridis.png", "/logs/", "/photos/"])
def test_what_answers_programs_makes_no_place_for_messages(path):
    assert place_of_messages(path) == []


@pytest.mark.parametrize("path", ["/", "/login/"])
def test_pages_have_a_place_for_messages(path):
    assert isinstance(place_of_messages(path), BaseStorage)
