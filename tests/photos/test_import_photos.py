"""``manage.py import_photos``."""

import io
import itertools
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from photos.models import CorePhoto
from storage.errors import StorageUnavailable
from tests.photos.pictures import picture


def run(*arguments: object, **options: Any) -> str:
    out = io.StringIO()
    command = [*map(str, arguments)]
    call_command("import_photos", *command, stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(20):
        name = f"box_{number}_{9000 + number}.0-{9000.5 + number}.jpg"
        tmp_path.joinpath(name).write_bytes(picture(seed=number))
    tmp_path.joinpath("notes.txt").write_text("not a photo")
    return tmp_path


def test_a_folder_is_imported_with_the_depths_in_the_names(folder):
    assert "20 imported, 0 there already, 0 refused" in run(folder, "--well", "A-1")
    photos = [*CorePhoto.objects.order_by("top_depth")]
    assert [photo.top_depth for photo in photos] == [9000 + n for n in range(20)]
    assert photos[3].photo.read() == picture(seed=3)
    assert photos[3].photo.content_type == "image/jpeg"


def test_importing_again_imports_only_what_is_new(folder):
    run(folder, "--well", "A-1")
    folder.joinpath("box_-5.5--4.jpg").write_bytes(picture(seed=99))
    assert "1 imported, 20 there already" in run(folder, "--well", "A-1", "--in-flight", 3)
    assert CorePhoto.objects.get(top_depth=-5.5).base_depth == -4


def test_refusals_are_told_with_their_reasons_and_stop_nothing(folder):
    folder.joinpath("bad_1-2.jpg").write_bytes(b"<svg/>")
    folder.joinpath("undepthed.jpg").write_bytes(picture())
    folder.joinpath("reversed_2-1.jpg").write_bytes(picture())
    folder.joinpath("dots_1..2-3.jpg").write_bytes(picture())
    out = io.StringIO()
    with pytest.raises(CommandError, match="4 of 24"):
        call_command("import_photos", str(folder), "--well", "A", stdout=out, stderr=out)
    assert "20 imported, 0 there already, 4 refused" in out.getvalue()
    for reason in ("not a whole image", "_TOP-BASE", "reversed", "finite decimal"):
        assert reason in out.getvalue()


def test_a_manifest_gives_depths_and_captions(folder, tmp_path):
    names = sorted(path.name for path in folder.glob("*.jpg"))[:2]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
        f"file,top_depth,base_depth,caption\n{names[0]},1,2,first\n{names[1]},3,4.5,\n"
    )
    assert "2 imported" in run(folder, "--well", "A", "--manifest", manifest)
    assert [*CorePhoto.objects.values_list("top_depth", "base_depth", "caption")] == [
        (1, 2, "first"),
        (3, 4.5, ""),
    ]


def test_a_file_that_the_manifest_names_and_nobody_has_is_refused(folder, tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("file,top_depth,base_depth\nnowhere.jpg,1,2\n")
    with pytest.raises(CommandError, match="1 of 1"):
        run(folder, "--well", "A", "--manifest", manifest)


def test_what_cannot_be_started_is_told(folder, tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("name,top\n")
    with pytest.raises(CommandError, match="no column base_depth, file, top_depth"):
        run(folder, "--well", "A", "--manifest", manifest)
    with pytest.raises(CommandError, match="cannot be read"):
        run(folder, "--well", "A", "--manifest", folder)
    with pytest.raises(CommandError, match="no directory"):
        run(folder / "nowhere", "--well", "A")
    with pytest.raises(CommandError, match="at least 1"):
        run(folder, "--well", "A", "--in-flight", 0)
    with pytest.raises(CommandError, match="characters"):
        run(folder, "--well", " ")


@pytest.fixture
def mongodb_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> bool:
        raise StorageUnavailable("MongoDB cannot be reached")

    monkeypatch.setattr("photos.shelf.aadd", away)


def test_when_mongodb_goes_away_it_says_that_it_can_be_repeated(folder, mongodb_goes_away):
    with pytest.raises(CommandError, match="run it again"):
        run(folder, "--well", "A")


def test_when_mongodb_goes_away_no_photo_stays_open(folder, mongodb_goes_away, monkeypatch):
    seconds = itertools.chain([0], itertools.repeat(0.3))
    opened = []
    path_open = Path.open

    def slowly(path: Path, mode: str) -> Any:
        # The first has met MongoDB before the others, on a slow disk, are open.
        time.sleep(next(seconds))
        opened.append(path_open(path, mode))
        return opened[-1]

    monkeypatch.setattr(Path, "open", slowly)
    with pytest.raises(CommandError):
        run(folder, "--well", "A")
    assert opened
    assert all(file.closed for file in opened)
