"""The pictures of the docs come from the demonstration; each is used, and none is missing.

With `WICKETGATE_SCREENSHOTS` naming a folder (`make screenshots`) they are taken anew. What differs from one
demonstration to the next, handles and days, is replaced by the same in every run.
"""

from __future__ import annotations

import os
import re

import pytest

from tests.web.browser import SIZES, chromium, sign_in
from tests.web.demo import ROOT, Demo
from wicketgate.cli.demo_people import ERIN, Person

pytestmark = pytest.mark.xdist_group("browser")

IMAGES = ROOT / "docs" / "images"
SHOTS: dict[str, tuple[Person, str, str]] = {
    "home": (ERIN, "/", "desktop"),
    "case": (ERIN, "/queue/next/", "desktop"),
    "case-phone": (ERIN, "/queue/next/", "phone"),
}
"""Name of the picture: who looks at which page, at which size."""
_SETTLE = r"""() => {
  const handles = new Map(), alphabet = '23456789BCDFGHJKMNPQRSTVWXYZ'
  const handle = (found) => {
    if (!handles.has(found)) {
      const at = handles.size, last = alphabet[Math.floor(at / 28) % 28] + alphabet[at % 28]
      handles.set(found, 'WG-2B4C-5D6F-7G' + last)
    }
    return handles.get(found)
  }
  const today = new Date(), base = Date.UTC(2026, 2, 2)
  const shift = base - Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate())
  const day = (found) => new Date(Date.parse(found + 'T00:00:00Z') + shift).toISOString().slice(0, 10)
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    walk.currentNode.nodeValue = walk.currentNode.nodeValue
      .replace(/WG-[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g, handle)
      .replace(/20\d\d-\d\d-\d\d/g, day)
      .replace(/\b\d\d:\d\d\b/g, '09:30')
  }
}"""


@pytest.mark.skipif("WICKETGATE_SCREENSHOTS" not in os.environ, reason="`make screenshots` takes them")
def test_take_the_pictures(demo: Demo) -> None:
    folder = ROOT / os.environ["WICKETGATE_SCREENSHOTS"]
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name, (who, path, size) in SHOTS.items():
            width, height = SIZES[size]
            page = browser.new_context(viewport={"width": width, "height": height}).new_page()
            sign_in(page, demo.url, who.name, demo.password)
            page.goto(demo.url + path)
            page.evaluate(_SETTLE)
            page.screenshot(path=folder / f"{name}.png", animations="disabled")
            page.context.close()


def test_each_picture_is_there_and_is_shown_by_a_page() -> None:
    shown: set[str] = set()
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for name in re.findall(r"(?:\.\./|docs/)images/([a-z-]+)\.png", page.read_text("utf-8")):
            shown.add(name)
    assert shown == {path.stem for path in IMAGES.glob("*.png")} == set(SHOTS)
    assert all(path.stat().st_size < 200_000 for path in IMAGES.glob("*.png"))
