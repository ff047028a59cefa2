"""Small authorities written into a folder, for tests that need a draft of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from wicketgate.core.context import SwitchValue
from wicketgate.law import Authority, CompiledLaw, compile_authority, load

ON = date(2026, 3, 1)
NAME = "draft-law"
PARAMETERS = """
[threshold]
sense = "A number."
unit = "things"
values = [
  { from = 2020-01-01, value = 25, reference = "First." },
  { from = 2026-01-01, value = 30, reference = "Second." },
]
"""
SWITCHES = """
[S1_choice]
question = "Which?"
default = "strict"
[[S1_choice.values]]
value = "strict"
sense = "The strict one."
[[S1_choice.values]]
value = "loose"
sense = "The loose one."
[[S1_choice.values]]
value = "unlawful"
sense = "Nobody may."
not_selectable = "a court held it unlawful"

[S2_number]
question = "How many?"
default = 25
minimum = 1
maximum = 500
"""
VOCABULARY = """
scope = ["1 U.S.C. 2(a)"]
[[statutes]]
cite = "18 U.S.C. 2"
to = "18 U.S.C. 99"
class = "criminal"
family = "general_crimes"
sense = "A range."
[[grounds]]
cite = "8 U.S.C. 1(a)"
class = "first"
sense = "A ground."
[items]
profile = ["thing"]
beyond_profile = ["more"]
return = ["all"]
outside_identity = ["other"]
[phrases]
locate = ["find"]
general = ["the case"]
civil = ["civil"]
willfulness = ["refused"]
other_document = ["see list"]
"""


def rule(identity: str = "A1", /, **changes: object) -> dict[str, object]:
    """The keys of a valid rule, changed; a None takes a key away."""
    keys: dict[str, object] = {
        "id": identity,
        "cite": "1 U.S.C. 2(a)",
        "effective_from": date(2020, 1, 1),
        "needs": ["form"],
        "require": "form = 'written'",
        "message": "Something is missing.",
        "remedy": "Add it.",
        "severity": "defect",
    }
    keys |= changes
    return {key: value for key, value in keys.items() if value is not None}


def section(keys: Mapping[str, object], heading: str | None = None) -> str:
    """One element's Markdown section."""
    block = "\n".join(f"{key} = {toml(value)}" for key, value in keys.items())
    return f"### {heading or keys['id']} A title\n\nThe sense.\n\n```toml rule\n{block}\n```\n"


def document(sections: Sequence[str], kind: str = "authority", front: str | None = None) -> str:
    """A whole Markdown document."""
    front = front if front is not None else f'name = "{NAME}"\ncite = "1 U.S.C. 2(a)"'
    return "\n".join([f"# A draft\n\nProse.\n\n```toml {kind}\n{front}\n```\n\n## A part\n", *sections])


def overlay(*rules: Mapping[str, object]) -> str:
    """A whole overlay named ``extra``."""
    front = f'name = "extra"\nauthority = "{NAME}"\nsource = "An agreement."'
    return document([section(keys) for keys in rules], "overlay", front)


def write(folder: Path, *rules: Mapping[str, object], **files: str) -> Path:
    """Write an authority under `folder`; `files` replace whole files (dots as underscores)."""
    home = folder / "draft_law"
    (home / "overlays").mkdir(parents=True, exist_ok=True)
    texts = {
        "authority_md": document([section(keys) for keys in rules or (rule(),)]),
        "parameters_toml": PARAMETERS,
        "switches_toml": SWITCHES,
        "vocabulary_toml": VOCABULARY,
    } | files
    for name, text in texts.items():
        stem, _, ending = name.rpartition("_")
        place = home / "overlays" / "extra.md" if stem == "overlay" else home / f"{stem}.{ending}"
        place.write_text(text, encoding="utf-8")
    return folder


def loaded(
    folder: Path, *overlays: str, on: date = ON, switches: Mapping[str, SwitchValue] | None = None
) -> Authority:
    """The draft, loaded."""
    return load(NAME, overlays, on=on, switches=switches or {}, root=folder)


def compiled(folder: Path, *rules: Mapping[str, object]) -> CompiledLaw:
    """The draft with these rules, compiled."""
    return compile_authority(loaded(write(folder, *rules)))


def toml(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
