"""Reading a page made to stall us takes at most in proportion to its size: CPU of a page against that of half of it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from services.ingest.sources.html_text import TooTangled, text_of_fragment
from services.ingest.sources.page_reading import read_page

P = "<p>" + "A sentence of some words that stands here. " * 3 + "</p>"
DEEP = 900
HOSTILE: dict[str, Callable[[int], str]] = {
    "plain paragraphs": lambda n: P * n,
    "deep colours": lambda n: ("<div style='color:#fff'>" * DEEP + "x" + "</div>" * DEEP) * (n // 300),
    "deep articles": lambda n: ("<article>" * DEEP + P + "</article>" * DEEP) * (n // 300),
    "deep bodies": lambda n: ("<div itemprop=articleBody>" * DEEP + P + "</div>" * DEEP) * (n // 300),
    "many articles": lambda n: "".join(f"<article>{P}{number}</article>" for number in range(n)),
    "many main parts": lambda n: f"<main><h1>t</h1>{P}<article>{P}</article></main>" * n,
    "many headings of comments": lambda n: "<h3>Comments</h3><p>x</p><h4>Comments</h4>" * n,
    "deep lines to other news": lambda n: ("<div>" * DEEP + "Read also: <a>x</a>" + "</div>" * DEEP) * (n // 300),
    "lines to nothing": lambda n: "<p>Related:</p>" * n + "<!-- -->" * n,
    "struck digits": lambda n: "1<s>2</s>3" * 4 * n,
    "nothing but what is struck": lambda n: "<s>2</s>" * 8 * n,
    "openings of CSS comments": lambda n: f"<style>{'/*' * 40 * n}</style><p style='{'/*' * 40 * n}'>x",
    "openings of addresses": lambda n: f'<p style="{"url(" * 40 * n}">x',
    "blocks within blocks": lambda n: f"<style>{'a{' * 20 * n}</style>",
    "attribute selectors": lambda n: f"<style>{'[a*=b' * 20 * n}</style>",
    "one list of selectors": lambda n: f"<style>{','.join(f'.k{x}>.m' for x in range(4 * n))}{{opacity:0}}</style>",
    "edges of a clip": lambda n: f"<p style='clip-path:polygon({'0 0 ,' * 20 * n}x'>q",
    "a style for each": lambda n: "".join(f"<p style='color:#{x:06x}'>q</p>" for x in range(2 * n)),
}


@pytest.fixture(autouse=True)
def _no_collector() -> Iterator[None]:
    """Its turns fall into whichever of two readings comes upon them."""
    gc.disable()
    yield
    gc.enable()


def cpu(html: str, readings: int = 4) -> float:
    """The quickest of so many."""

    def once() -> float:
        start = time.process_time()
        read_page(f"<h1>x</h1>{html}", any_text=True)
        text_of_fragment(html)
        return time.process_time() - start

    return min(once() for _ in range(readings))


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_the_page_takes_no_more_than_some_three_times_the_work(page: Callable[[int], str]) -> None:
    floor = 0.02  # what is read in less than that cannot be compared, and stalls nobody
    whole = page(1200)
    if cpu(whole, readings=1) >= 3.2 * floor:
        assert cpu(whole) < 3.2 * max(cpu(page(600)), floor)


def test_styles_made_to_stall_are_refused() -> None:
    rules = "".join(".b .c{opacity:0}" for _ in range(1000))
    with pytest.raises(TooTangled):
        read_page(f"<style>{rules}</style>" + "<div class=c>x</div>" * 5000)
