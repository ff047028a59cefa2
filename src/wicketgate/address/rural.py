"""Places told in words, as on reservations and in villages without street numbers."""

from __future__ import annotations

from wicketgate.address.lexicon import listed
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import SHORT_DIRECTIONALS, STANDARD_SUFFIXES

MARKERS = listed("""
house hse hogan indian nha hud block blk bo sector sect barriada mile miles mi milepost mp mm marker
chapter chapterhouse bia navajo reservation pueblo rancheria vlg village behind near next across cor jct
turnoff past beside yards feet blocks section township allotment tribal cabin camp cp rnch farm windmill
route trailhead cluster housing lodge nhs subdivision subd hill wash mesa
""")


RELATIONS = listed("near behind next across past beside opposite miles mile mi")
"""Words after which an address is somebody else's."""


def read_description(words: list[str]) -> DeliveryPoint | None:
    """Enough words of place to find it by: a marker with a number, or a marker among three words or more."""
    if MARKERS.isdisjoint(words) or _is_bare_street(words):
        return None
    numbered = any(word[0].isdigit() and len(word) != 5 for word in words)
    if len(words) >= 3 or (numbered and len(words) >= 2):
        return DeliveryPoint("descriptive", street=tuple(words), typed=False)
    return None


def _is_bare_street(words: list[str]) -> bool:
    """A street's name of one word, such as West Mesa Street, that tells no place without its number."""
    name = words[1:] if words[0] in SHORT_DIRECTIONALS else words
    return len(name) == 2 and name[1] in STANDARD_SUFFIXES
