"""Whoever looks at the pages sees what is wrong with one: else nothing found would mean nothing."""

from __future__ import annotations

import pytest

from tests.browser.chromium import open_chromium, what_is_missing
from tests.browser.onlooker import onlooker

pytestmark = pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing())

WRONG = """<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><div style="width: 700px">wide</div>
<p style="color: #bbb; background: #fff">faint</p><input><script>document.title = "ran"</script></main></html>"""


async def test_a_page_that_is_wide_faint_and_without_labels_is_found_out_and_runs_nothing() -> None:
    async with open_chromium() as browser:
        eye = await onlooker(browser, "be", "https://alerts.example.org")
        await eye.page.set_content(WRONG)
        await eye.look("wrong")
        assert await eye.page.title() == "x"
    found = "\n".join(eye.found)
    for what in ("in another language", "wider than 320 pixels", "color-contrast", "label"):
        assert what in found
    assert "wider than 1280" not in found
