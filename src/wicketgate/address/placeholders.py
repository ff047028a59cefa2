"""Texts that stand where an address should: the grammar of "not provided", "unknown" and "none".

A whole line is a placeholder when, after folding, nothing is left in it but words
of this vocabulary (English and Spanish), numbers, and the words of its own last
line. One such word inside a line proves nothing: Unknown Road exists.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from wicketgate.address.pub28 import ABBREVIATIONS


def _words(text: str) -> frozenset[str]:
    return frozenset(ABBREVIATIONS.get(word, word) for word in text.split())


NOT_GIVEN = _words("""
failed fail fails failure refused refuses refuse refusal declined declines decline provide provided provides
providing supplied supply give given gave disclose disclosed undisclosed withheld withhold answer answered
respond responded response furnish furnished omitted redacted confidential reported report obtained
collected received entered submitted proporcionado proporcionada proporciono proporcionar proporciona dio
dado dada rehuso rehusa nego niega quiso contesto declaro indico informo suministro suministrado
suministrada reportado negado dar dicho
""")
"""AD-02: no address was given."""
NO_VALUE = _words("""
na none null nil nothing blank empty void nan undefined applicable applic aplica ninguno ninguna ningun nada
vacio vacia left blanco nd nope
""")
"""AD-04: not applicable, none, empty."""
UNKNOWN = _words("""
unknown unk unkn unkwn unknwn ukn unknw unspecified undetermined unlisted unavailable unverified
unconfirmed unsure invalid incorrect wrong bad fake bogus false test testing dummy sample example
placeholder tbd tba tbc pending determined homeless houseless unhoused unsheltered transient vagrant
indigent nomad nowhere anywhere somewhere everywhere elsewhere various whereabouts mail matter moved
deceased returned undeliverable same above below attached see whatever dont doesnt didnt cant wont care
cares know knows known idk dunno who missing lost lacks lacking without large abode asdf asdfg asdfgh
asdfasdf qwerty qwertyuiop zxcv zxcvb zxcvbn lorem ipsum xyz xxyyzz foo foobar any anystreet anytown
anycity yourstreet youraddress streets fixed recall remember remembers forgot forgotten available current
present determine noaddress nfa undomiciled desconocido desconocida desconoce desconozco ignora ignorado
sabe saber sin tiene disponible pendiente determinar mismo misma igual anterior falta faltante perdido
maybe perhaps possibly probably allegedly purportedly quizas
vagabundo conocido conocida prueba recuerda especificado especificada hogar
""")
"""AD-03: unknown, not existing, to come, or filler."""
STRONG = NOT_GIVEN | NO_VALUE | UNKNOWN
GLUE = _words("""
to the a an of is was at by for in on be been has have had it he she they i we you me his her their your my
this that yet no not non did does do were will would address addr adr adrs address1 location residence
residential home house place street avenue road number info information data details subject person client
individual alien taxpayer detainee applicant name last permanent mailing physical valid listed unit apt zip
zipcode code city state county town country reside resides residing lives living resident record records
file system all as and or line field entry value here enter insert time when asked per up with from cover
letter request note notes other only also still really actually else where 2 u de
la el los las su lo se en y o ni con
para por que al del hay direccion domicilio calle casa vive persona sujeto ciudad estado codigo postal fijo
fija numero no nombre sr sra
""")
"""Words that a placeholder is padded with."""
LOUD = _words("""
xx no not without address addr name test sample example abc xyz asdfg asdfgh qwertyuiop zxcv provide
unknown unk unkn unkwn unknwn ukn none na null nil failed refused declined undisclosed unspecified
undetermined nowhere somewhere anywhere whatever homeless transient fake bogus tbd tba tbc any anystreet
noname asdf qwerty placeholder dummy desconocido desconocida ninguno ninguna provide provided proporcionado
proporcionada dont doesnt idk blank empty made madeup makebelieve pretend imaginary invented fictitious
your my our some nonexistent sin nombre ningun nadie nada inexistente inventado inventada ficticio ficticia
falso falsa
""")
"""Words that make even a numbered, typed street doubtful (AD-17)."""


def _shortened(words: Iterable[str]) -> frozenset[str]:
    """Each long word with any one letter left out: the commonest slip of the pen."""
    return frozenset(
        word[:at] + word[at + 1 :] for word in words if len(word) >= 6 for at in range(len(word))
    )


_REPEATED = frozenset(letter * times for letter in "abcdefghijklmnopqrstuvwxyz" for times in range(3, 13))
_ALIKE = _shortened(STRONG)
LOUD_SPELLINGS = LOUD | _shortened(LOUD) | _REPEATED
TRIGGERS = STRONG | LOUD_SPELLINGS
"""A line with none of these words and no letters set apart is no placeholder."""
_VOWEL = re.compile(r"[aeiouy]|[^a-z]")
_ABBREVIATED = frozenset(ABBREVIATIONS) | frozenset(ABBREVIATIONS.values())
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedc")
_RUNS = frozenset(
    row[at : at + size]
    for whole in _ROWS
    for row in (whole, whole[::-1])
    for size in range(4, len(row) + 1)
    for at in range(len(row) - size + 1)
)
"""Neighbours of the alphabet or of the keyboard, four or more: nobody's name."""
_LEET = str.maketrans("013457$@", "oieastsa")


def close_up(words: list[str]) -> list[str]:
    """Letters set apart, three or more in a row, made one word: ``F A I L E D`` is ``failed``."""
    if sum([len(word) == 1 for word in words]) < 3:
        return words
    closed: list[str] = []
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        closed += ["".join(run)] if len(run) >= 3 else run
        run = []
        closed.append(word)
    return closed[:-1]


def placeholder_code(words: list[str], last_line: Collection[str] = ()) -> str | None:
    """AD-02, AD-03 or AD-04 when the words are a placeholder and nothing else; else None."""
    codes: set[str] = set()
    seen = numbered = False
    for word in close_up(words):
        if word[0].isdigit() and not word[-1].isalpha():
            numbered = True
            continue
        parts = _parts(word)
        if parts is not None:
            seen = True
            codes.update(code for code in parts if code)
        elif word not in last_line:
            return None
    return min(codes) if codes else "AD-03" if seen and not numbered else None


@lru_cache(maxsize=16_384)
def is_gibberish(word: str) -> bool:
    """True for neighbours of the keyboard, and for four letters or more without a vowel: ``hjkl``."""
    if word in _RUNS or (len(word) % 2 == 0 and word[: len(word) // 2] * 2 == word and word[:4] in _RUNS):
        return word not in _ABBREVIATED
    return len(word) > 3 and word.isalpha() and not _VOWEL.search(word) and word not in _ABBREVIATED


def is_doubtful_name(words: list[str]) -> bool:
    """True when the name of a numbered street is nothing but a loud placeholder and padding."""
    closed = close_up(words)
    loud = [word in LOUD_SPELLINGS or word.translate(_LEET) in LOUD for word in closed]
    if any(map(is_gibberish, closed)):
        return True
    return any(loud) and all(
        is_loud or word in GLUE or word in STRONG for word, is_loud in zip(closed, loud, strict=True)
    )


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str | None, ...] | None:
    """The codes of a word's vocabulary parts (None for padding); None when it is no placeholder."""
    if word in NO_VALUE:
        return ("AD-04",)
    if word in NOT_GIVEN:
        return ("AD-02",)
    if word in UNKNOWN or word in _REPEATED or word in ("xx", "zz", "x"):
        return ("AD-03",)
    if word in GLUE:
        return (None,)
    plain = word.translate(_LEET)
    if plain != word and len(word) >= 4 and not word.isdigit() and plain in STRONG:
        return _parts(plain)
    if len(word) >= 5 and (
        word in _ALIKE or any(word[:at] + word[at + 1 :] in _NEARBY for at in range(len(word)))
    ):
        return ("AD-03",)
    return _run_together(word) if 4 <= len(word) <= 60 else None


_NEARBY = frozenset(word for word in STRONG if len(word) >= 6) | frozenset(
    word for word in _ALIKE if len(word) >= 5
)
_LONGEST = max(map(len, STRONG | GLUE))


def _run_together(word: str) -> tuple[str | None, ...] | None:
    """``notprovided``: words of the vocabulary without spaces between them, a strong one among them."""
    reached: list[tuple[str | None, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            held, piece = reached[start], word[start:end]
            if held is None or (piece not in STRONG and piece not in GLUE):
                continue
            code = (
                "AD-04"
                if piece in NO_VALUE
                else "AD-02"
                if piece in NOT_GIVEN
                else "AD-03"
                if piece in STRONG
                else None
            )
            known = reached[end]
            if known is None or (code and not any(known)):
                reached[end] = (*held, code)
    parts = reached[len(word)]
    return parts if parts and any(parts) else None
