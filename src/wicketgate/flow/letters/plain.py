"""Letters as plain text, for people who read them in a mail program or write very many at once."""

from __future__ import annotations

import textwrap

from wicketgate.flow.letters.composed import Letter

_WIDTH = 90


def text(letter: Letter) -> str:
    """What the printed answer says, as lines of at most 90 characters."""
    content = letter.content
    parts = [
        content["title"],
        "\n".join(
            (
                f"Your reference: {content['reference']}",
                f"Date: {content['date']}",
                f"Authority: {content['authority']}",
            )
        ),
        textwrap.fill(content["opening"], _WIDTH),
    ]
    for number, point in enumerate(content["points"], 1):
        parts.append(
            f"{number}. {point['code']} – {point['citation']}\n"
            + _indented(point["message"])
            + "\n"
            + _indented("How to mend it: " + point["remedy"])
        )
    parts += [textwrap.fill(each, _WIDTH) for each in content["closing"]]
    parts.append(f"This letter rests on version {content['version']} of the authority.")
    return "\n\n".join(parts) + "\n"


def _indented(paragraph: str) -> str:
    return textwrap.fill(paragraph, _WIDTH, initial_indent="   ", subsequent_indent="   ")
