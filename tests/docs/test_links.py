"""Whoever follows a link arrives, and every page can be found from the map."""

from pathlib import Path

import pytest

from tests.docs.pages import INDEX, PAGES, ROOT, anchors, links, name_of


def target(page: Path, link: str) -> tuple[Path, str]:
    path, _, anchor = link.partition("#")
    return ((page.parent / path).resolve() if path else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_arrives(page: Path) -> None:
    for link in links(page):
        assert "://" not in link, f"{link} leaves the repository; name the source in words instead."
        path, anchor = target(page, link)
        assert path.exists(), f"{link} does not exist"
        assert path.is_relative_to(ROOT), f"{link} leaves the repository"
        if anchor:
            assert anchor in anchors(path), f"{link}: there is no such heading"


def test_every_page_is_reachable_from_the_map() -> None:
    reached, waiting = {INDEX}, [INDEX]
    while waiting:
        page = waiting.pop()
        for link in links(page):
            path, _ = target(page, link)
            if path.suffix == ".md" and path.is_file() and path not in reached:
                reached.add(path)
                waiting.append(path)
    assert [name_of(page) for page in PAGES if page not in reached] == []
