import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.pages.visitor import Visitor

# The first that there is: the one without windows takes half the time.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]


@pytest.fixture
def visitor(server) -> Visitor:
    return Visitor(server)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; without one the tests fail, they do not skip."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert found, f"none of {', '.join(CHROMIUMS)} is on PATH"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which does nothing while a test queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(server, browser) -> Iterator:
    """Opens a page of the server in a context of its own."""
    contexts = []

    def open_page(**options) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        base_url = f"http://127.0.0.1:{server.port}"
        contexts.append(browser.new_context(base_url=base_url, **options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()
