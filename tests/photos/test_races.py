"""Requests that change one photo at the same time, against real threads and a real MongoDB."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from photos import rows
from tests.photos.pictures import assert_problem, form, picture, post, put
from tests.photos.test_photos_api import stored_files

ROUNDS = 8


@pytest.fixture
def together() -> Iterator[Callable[..., list[Any]]]:
    """Calls that begin at the same instant, each in a thread; what they return."""
    with ThreadPoolExecutor(4) as threads:

        def together(*calls: Callable[[], Any]) -> list[Any]:
            barrier = Barrier(len(calls))

            def run(call: Callable[[], Any]) -> Any:
                barrier.wait()
                return call()

            return [*threads.map(run, calls)]

        yield together
        barrier = Barrier(4)
        [*threads.map(lambda _: (barrier.wait(), connection.close()), range(4))]


def photo(seed: int) -> dict[str, Any]:
    return {"photo": form(picture("PNG", seed=seed))["photo"]}


def wide(seed: int) -> bytes:
    """A photo that has a preview."""
    return picture("PNG", (1100, 4), seed=seed)


def test_a_patch_beside_a_put_is_not_lost(client, together):
    url = f"/photos/{post(client).json()['id']}/"
    for number in range(ROUNDS):
        caption = f"caption {number}"
        answers = together(
            partial(put, client, url, **photo(number)),
            partial(client.patch, url, {"caption": caption}, "application/json"),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        now = client.get(url).json()
        assert now["caption"] == caption
        assert now["sha256"] == answers[0].json()["sha256"]


def test_two_puts_leave_one_photo_one_preview_and_no_orphan(client, together):
    url = f"/photos/{post(client, wide(99)).json()['id']}/"
    for number in range(ROUNDS):
        answers = together(
            partial(put, client, url, photo=form(wide(2 * number))["photo"]),
            partial(put, client, url, photo=form(wide(2 * number + 1))["photo"]),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        assert client.get(url).json()["sha256"] in {a.json()["sha256"] for a in answers}
        assert stored_files() == 2
    assert connection.database.photos.leases.count_documents({}) == 0


def test_a_put_that_another_put_follows_before_it_returns_is_answered_200(client, monkeypatch):
    url = f"/photos/{post(client, wide(1)).json()['id']}/"
    change, following = rows.change, iter([wide(3)])

    def followed(*arguments):
        changed = change(*arguments)
        for file in following:
            assert put(client, url, photo=form(file)["photo"]).status_code == 200
        return changed

    monkeypatch.setattr(rows, "change", followed)
    first = put(client, url, photo=form(wide(2))["photo"])
    assert first.status_code == 200
    assert client.get(url).json()["sha256"] != first.json()["sha256"]
    assert stored_files() == 2


def test_put_beside_delete_is_answered_200_or_404_and_leaves_nothing(client, together):
    for number in range(ROUNDS):
        url = f"/photos/{post(client, wide(number)).json()['id']}/"
        replaced, deleted = together(
            partial(put, client, url, photo=form(wide(100 + number))["photo"]),
            partial(client.delete, url),
        )
        assert replaced.status_code in (200, 404)
        assert deleted.status_code == 204
        assert_problem(client.get(url), 404, "photo-not-found")
        assert stored_files() == 0


def test_get_beside_put_is_never_404(client, together):
    url = f"/photos/{post(client).json()['id']}"

    def get() -> list[int]:
        asked = {"Range": "bytes=1-9"}
        return [client.get(f"{url}/image", headers=asked).status_code for _ in range(5)]

    for number in range(ROUNDS):
        _, *statuses = together(partial(put, client, url, **photo(number)), get, get, get)
        assert {status for found in statuses for status in found} == {206}


def test_patches_of_top_and_of_base_at_once_never_cross(client, together):
    for _ in range(ROUNDS):
        url = f"/photos/{post(client, top_depth=0, base_depth=10).json()['id']}/"
        answers = together(
            partial(client.patch, url, {"top_depth": 8}, "application/json"),
            partial(client.patch, url, {"base_depth": 4}, "application/json"),
        )
        assert 200 in [answer.status_code for answer in answers]
        for answer in answers:
            if answer.status_code == 409:
                assert_problem(answer, 409, "photo-changed", "meanwhile")
        now = client.get(url).json()
        assert now["top_depth"] <= now["base_depth"]
        client.delete(url)
