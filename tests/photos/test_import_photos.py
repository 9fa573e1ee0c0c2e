"""``manage.py import_photos``."""

import io
import itertools
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from photos.management.commands.import_photos import Command
from photos.models import CorePhoto
from storage.errors import StorageUnavailable
from tests.photos.pictures import picture
from web.budget import ByteBudget
from wells.models import Well


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
    for reason in ("not a whole image", "holds no depths", "reversed", "dots_1..2-3.jpg: refused"):
        assert reason in out.getvalue()


def test_folders_are_walked_and_what_is_skipped_is_named(folder):
    below = folder / "wet" / "2024"
    below.mkdir(parents=True)
    below.joinpath("9100,0m_to_9101,5m.JPG").write_bytes(picture(seed=50))
    out = run(folder, "--well", "A-1")
    assert "21 imported, 0 there already, 0 refused, 1 skipped" in out
    assert f"{folder}/notes.txt: skipped, its name is not that of an image" in out
    assert CorePhoto.objects.filter(top_depth=9100, base_depth=9101.5).exists()


def test_a_folder_without_a_photo_ends_with_1(tmp_path):
    tmp_path.joinpath("notes.txt").write_text("nothing")
    with pytest.raises(CommandError, match="nothing was imported") as raised:
        run(tmp_path, "--well", "A-1")
    assert raised.value.returncode == 1


def test_whole_numbers_that_may_be_boxes_are_said(tmp_path):
    tmp_path.joinpath("core_12-13.jpg").write_bytes(picture())
    assert "12 and 13 were taken for depths; they may be numbers of boxes" in run(
        tmp_path, "--well", "A"
    )


def test_a_well_whose_name_has_numbers_is_told_from_depths(tmp_path):
    tmp_path.joinpath("16_2-6_1932-1937.jpg").write_bytes(picture())
    assert "1 imported" in run(tmp_path, "--well", "16/2-6")
    assert CorePhoto.objects.get().top_depth == 1932


def test_a_fifo_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe_1.0-2.0.jpg")
    with pytest.raises(CommandError, match="1 of 1"):
        run(tmp_path, "--well", "A")
    with pytest.raises(CommandError, match="not a regular file"):
        run(tmp_path, "--well", "A", "--manifest", tmp_path / "pipe_1.0-2.0.jpg")


def test_every_photo_waits_for_its_share_of_the_budget_of_bytes(folder, monkeypatch):
    """Eight at once need more than there is; none of them is refused for that."""
    small = ByteBudget(60 * 1024**2, patience_seconds=0.01)
    monkeypatch.setattr("photos.examine.budget", small)
    assert "20 imported, 0 there already, 0 refused" in run(folder, "--well", "A")


def test_the_well_is_made_with_its_first_photo(folder):
    run(folder, "--well", "15/9-F-4")
    assert Well.objects.get().name == "15/9-F-4"


def test_every_option_has_a_help_text(capsys):
    parser = Command().create_parser("manage.py", "import_photos")
    assert [action.dest for action in parser._actions if not action.help] == []


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


def test_a_manifest_reaches_no_file_outside_its_folder(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.jpg"
    outside.write_bytes(picture())
    folder.joinpath("link.jpg").symlink_to(outside)
    manifest = folder / "manifest.csv"
    for name in (outside, f"../{outside.parent.name}/secret.jpg", "link.jpg"):
        manifest.write_text(f"file,top_depth,base_depth\n{name},1,2\n")
        out = io.StringIO()
        with pytest.raises(CommandError, match="1 of 1"):
            call_command(
                *("import_photos", str(folder), "--well", "A", "--manifest", str(manifest)),
                stdout=out,
                stderr=out,
            )
        assert f"it lies outside {folder}" in out.getvalue()
    assert not CorePhoto.objects.exists()


def test_a_caption_that_breaks_the_line_is_refused(folder):
    name = next(folder.glob("*.jpg")).name
    manifest = folder / "manifest.csv"
    manifest.write_text(f'file,top_depth,base_depth,caption\n{name},1,2,"a\nb"\n')
    with pytest.raises(CommandError, match="1 of 1"):
        run(folder, "--well", "A", "--manifest", manifest)


def test_what_cannot_be_started_is_told(folder, tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("name,top\n")
    with pytest.raises(CommandError, match="no column base_depth, file, top_depth"):
        run(folder, "--well", "A", "--manifest", manifest)
    manifest.write_bytes(b"file,top_depth,base_depth\n\xff,1,2\n")
    with pytest.raises(CommandError, match="cannot be read"):
        run(folder, "--well", "A", "--manifest", manifest)
    with pytest.raises(CommandError, match="not a regular file"):
        run(folder, "--well", "A", "--manifest", folder)
    with pytest.raises(CommandError, match="no directory"):
        run(folder / "nowhere", "--well", "A")
    with pytest.raises(CommandError, match="at least 1"):
        run(folder, "--well", "A", "--in-flight", 0)
    with pytest.raises(CommandError, match="characters"):
        run(folder, "--well", " ")


@pytest.fixture
def mongodb_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> bool:
        raise StorageUnavailable("MongoDB cannot be reached")

    monkeypatch.setattr("photos.editing.add", away)


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
