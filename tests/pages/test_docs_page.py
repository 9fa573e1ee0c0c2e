"""``/docs/`` in a real browser: forms with nothing to clear, and pictures that are shown."""

import pytest

from images.ingest.sample import sample_csv


def operation(page, method, path):
    """An operation that is ready to be tried."""
    block = page.locator(f".opblock-{method}", has=page.locator(f'[data-path="{path}"]'))
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Try it out").click()
    return block


@pytest.fixture
def docs(open_page, server):
    page = open_page()
    page.goto("/docs/")
    page.locator(".opblock").first.wait_for()
    return page


def test_no_form_of_an_upload_is_filled_with_the_word_string(docs):
    for path in ("/upload-csv/", "/logs/", "/photos/"):
        block = operation(docs, "post", path)
        fields = block.locator("input[type=text], textarea")
        fields.first.wait_for()
        filled = {field.input_value() for field in fields.all()}
        assert filled.isdisjoint({"string", "0"}), path


def test_the_sections_stand_in_the_order_in_which_people_need_them(docs):
    names = docs.locator(".opblock-tag").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == [
        *("image logs", "images", "wells", "dips", "photos", "colormaps", "health")
    ]


def test_a_picture_is_shown(docs, server):
    server.upload(b"".join(sample_csv(200)), well="sample")
    block = operation(docs, "get", "/get-images/{top}/{base}/")
    names = [
        row.get_attribute("data-param-name") for row in block.locator("tr[data-param-name]").all()
    ]
    assert names[:6] == ["top", "base", "format", "well", "log", "colormap"]
    for name, value in {"top": "9000.1", "base": "9010", "well": "sample"}.items():
        block.locator(f'tr[data-param-name="{name}"] input').fill(value)
    block.locator('tr[data-param-name="format"] select').select_option("png")
    block.get_by_role("button", name="Execute").click()
    picture = block.locator(".live-responses-table img")
    picture.wait_for()
    assert picture.get_attribute("src").startswith("blob:")
    assert picture.evaluate("(image) => image.naturalHeight") == 100
