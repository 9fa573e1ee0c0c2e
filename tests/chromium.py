"""The Chromium of this machine, for tests, benchmarks and the pictures of the documents."""

import shutil

from playwright.sync_api import Browser, Playwright

# The first that there is: the one without windows takes half the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]


def started(playwright: Playwright) -> Browser:
    """Without a Chromium this fails; nothing is skipped."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert found, f"none of {', '.join(PROGRAMS)} is on PATH"
    # With scrollbars, which take room, as people have them.
    shown = ["--hide-scrollbars"]
    return playwright.chromium.launch(
        executable_path=found, args=ARGUMENTS, ignore_default_args=shown
    )
