"""Splits an authority's Markdown into headings, prose and fenced TOML blocks.

A document is: one ``#`` title with one block of its own, ``##`` parts, and one
``###`` section per element with exactly one ``toml rule`` block. Nothing may
hide in it: HTML comments and other fences are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.strict import Table, parse

_HEADING = re.compile(r"^(#{1,3}) (\S.*)$")
_FENCE = re.compile(r"^```toml (authority|overlay|rule)$")


@dataclass(slots=True)
class Section:
    """One heading, the prose under it and its TOML block."""

    level: int
    title: str
    part: str
    prose: list[str] = field(default_factory=list)
    kind: str = ""
    toml: str = ""

    @property
    def sense(self) -> str:
        """The prose as paragraphs."""
        paragraphs = "\n".join(self.prose).split("\n\n")
        return "\n\n".join(" ".join(text.split()) for text in paragraphs if text.strip())


@dataclass(frozen=True, slots=True)
class Document:
    """An authority's or an overlay's text, taken apart."""

    title: str
    sense: str
    front: Table
    rules: tuple[tuple[Section, Table], ...]


def read(text: str, kind: str, place: Place) -> Document:
    """Take `text` apart; `kind` names the block that its title must carry (``authority`` or ``overlay``)."""
    sections = _sections(text, place)
    if not sections or sections[0].level != 1 or sections[0].kind != kind:
        raise place.error(f"must begin with a `# title` that carries one ```toml {kind} block.")
    rules: list[tuple[Section, Table]] = []
    for section in sections[1:]:
        where = place.at(section.title.split()[0])
        if section.level == 1:
            raise where.error("a document has one `# title` only.")
        if section.level == 2 and section.kind:
            raise where.error("a `## part` has prose only; blocks stand under a `### element`.")
        if section.level == 3:
            if section.kind != "rule":
                raise where.error("a `### element` needs exactly one ```toml rule block.")
            if not section.sense:
                raise where.error("the statute's sense must stand beside the block, in prose.")
            rules.append((section, parse(section.toml, where)))
    if not rules:
        raise place.error("has no element.")
    front = parse(sections[0].toml, place.at("title"))
    return Document(sections[0].title, sections[0].sense, front, tuple(rules))


def _sections(text: str, place: Place) -> list[Section]:
    sections: list[Section] = []
    part = ""
    block: list[str] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if block is not None:
            if line == "```":
                sections[-1].toml = "\n".join(block)
                block = None
            else:
                block.append(line)
            continue
        if heading := _HEADING.match(line):
            level, title = len(heading[1]), heading[2].strip()
            part = title if level == 2 else part
            sections.append(Section(level, title, part))
        elif fence := _FENCE.match(line):
            if not sections or sections[-1].kind:
                raise _line(place, number, "each heading carries at most one block.")
            sections[-1].kind = fence[1]
            block = []
        elif line.startswith(("```", "~~~", "#")) or "<!--" in line:
            raise _line(
                place, number, "only `#`, `##`, `###` headings, prose and ```toml blocks are allowed."
            )
        elif sections:
            sections[-1].prose.append(line)
        elif line.strip():
            raise _line(place, number, "the first line must be the `# title`.")
    if block is not None:
        raise place.error("the last ```toml block is not closed.")
    return sections


def _line(place: Place, number: int, problem: str) -> AuthorityError:
    return place.at(f"line {number}").error(problem)
