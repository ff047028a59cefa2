"""The small authority in `tests/law/sound`, in which everything holds, and it with a mistake made."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.law.drafts import ON, toml
from wicketgate.law import CompiledLaw, compile_authority, load

SOUND = Path(__file__).parent / "sound"
NAME = "draft-law"
OVERLAY = "extra"
MISTAKES: list[dict[str, Any]] = tomllib.loads((SOUND / "mistakes.toml").read_text())["mistakes"]
_SPOKEN_OF = {"name", "element", "like", "lost", "file", "edit", "caught"}


def sound(*overlays: str, root: Path = SOUND) -> CompiledLaw:
    """The authority, compiled."""
    return compile_authority(load(NAME, overlays, on=ON, root=root))


def with_mistake(mistake: Mapping[str, Any], folder: Path) -> Path:
    """The authority with the mistake made in its text, under `folder`."""
    home = folder / "draft_law"
    shutil.copytree(SOUND / "draft_law", home)
    file = home / mistake.get("file", "authority.md")
    file.write_text(_changed(file.read_text(), mistake))
    return folder


def _changed(text: str, mistake: Mapping[str, Any]) -> str:
    if "edit" in mistake:
        old, new = mistake["edit"]
        assert old in text, old
        return text.replace(old, new)
    identity = mistake["element"]
    section = _section(text, mistake.get("like", identity))
    if mistake.get("lost"):
        return text.replace(section, "")
    changed = section
    for key, value in mistake.items():
        if key not in _SPOKEN_OF:
            changed = _with_key(changed, key, value)
    if "like" in mistake:
        changed = changed.replace(f'"{mistake["like"]}"', f'"{identity}"')
        return text + changed.replace(f"### {mistake['like']} ", f"### {identity} ")
    return text.replace(section, changed)


def _section(text: str, identity: str) -> str:
    start = text.index(f"### {identity} ")
    end = text.find("### ", start + 4)
    return text[start:] if end < 0 else text[start:end]


def _with_key(section: str, key: str, value: object) -> str:
    lines = [line for line in section.split("\n") if not line.startswith(f"{key} = ")]
    lines.insert(lines.index("```toml rule") + 1, f"{key} = {toml(value)}")
    return "\n".join(lines)
