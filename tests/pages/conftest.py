from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.pages.visitor import Visitor


@pytest.fixture
def visitor(server) -> Visitor:
    return Visitor(server)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which does nothing while a test queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = chromium.started(playwright)
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
