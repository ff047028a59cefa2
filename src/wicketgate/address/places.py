"""Names that tell what a place is: custody, an agency, a business, somebody else's mailbox; or no place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wicketgate.address.fold import words
from wicketgate.address.normalise import abbreviate
from wicketgate.address.pub28 import CORE_SUFFIXES


class Named(NamedTuple):
    """A phrase that was found: the rule's code and the words."""

    code: str
    words: tuple[str, ...]


_PHRASES = {
    "AD-07": """
jail; jailhouse; gaol; prison; penitentiary; correctional; correction; corrections; detention; detained;
detainee; inmate; incarcerated; reformatory; custody; lockup; jails; prisons; penal; stockade; brig;
juvenile hall; work release; house of correction; processing center; processing ctr; service processing;
residential reentry; halfway house; boot camp; honor farm; prison farm; fci; usp; mdc; mcc; fdc; fpc;
tdcj; cdcr; adc; booking; hold room; holding cell; county hold; carcel; prision; penal; reclusorio;
detenido; detenida; preso; presa; centro de detencion; centro correccional; institucion correccional;
state hospital for the criminally insane; removal center
""",
    "AD-15": """
ice; ero; hsi; ice office; field office; uscis; cbp; border patrol; dhs; homeland security; immigration;
immigration court; inmigracion; eoir; courthouse; court house; district court; county court; municipal
court; superior court; justice center; clerk of court; consulate; consulado; embassy; embajada; consul;
police; police department; sheriff; sheriffs; marshal; marshals; probation; parole; irs; internal revenue;
social security administration; ssa; federal building; city hall; town hall; state house; department of;
dept of; district attorney; public defender; us attorney; catholic charities; salvation army; red cross;
legal aid; united way; charity; charities; rescue mission; mission; shelter; albergue; refugio; refuge;
goodwill; food bank; soup kitchen; lutheran services; social services; human services; welfare office;
port of entry; customs
""",
    "AD-13": """
restaurant; restaurante; cafe; diner; bar; grill; pizzeria; taqueria; bakery; mcdonalds; walmart; target;
starbucks; bus station; bus terminal; bus depot; greyhound; train station; amtrak; airport; terminal;
dealership; motors; auto sales; used cars; car wash;  hotel; motel; hostel; inn; suites hotel;
resort; hospital; clinic; medical center; nursing home; church; iglesia; temple; mosque; synagogue;
school; elementary school; high school; university; college; library; bank; gas station; truck stop;
convenience store; store; supermarket; grocery; market; mall; shopping center; warehouse; factory; plant;
storage; self storage; parking lot; parking garage; office building; office park; laundromat; salon;
barber shop; gym; theater; stadium; casino; cemetery; funeral home; construction site; job site; rest
area; campground; marina; company; corporation; corp; inc; llc; ltd; estacion de autobuses; terminal de
autobuses; hospital general; gasolinera; tienda; mercado; escuela; hospedaje; under bridge; underpass
""",
    "AD-28": """
c/o; care of; attn; attention; pmb; private mailbox; private mail box; mail boxes etc; mailboxes etc; ups
store; the ups store; postal annex; pak mail; mail center; virtual office; registered agent; attorney;
attorneys; law office; law offices; law firm; lawyer; esq; abogado; abogada; abogados; bufete; a cargo de;
en casa de; al cuidado de
""",
    "AD-22": """
http; https; www; javascript; drop table; delete from; insert into; union select; union all select; select
from; select all; select 1; truncate table; alter table; update set; xp cmdshell; exec; ssn; itin; social
security number; dob; date of birth; phone; phone number; telephone; telefono; cell phone; celular; fax;
email; e mail; correo electronico
""",
}


def _by_first() -> dict[str, list[Named]]:
    index: dict[str, list[Named]] = {}
    for code, block in _PHRASES.items():
        for phrase in block.split(";"):
            named = Named(code, tuple(abbreviate(words(phrase))))
            index.setdefault(named.words[0], []).append(named)
    return index


_INDEX = _by_first()
TRIGGERS = frozenset(_INDEX)
MULTI_UNIT = frozenset(words("apartments apts apartamentos multifamily trailer rv")) | {"mobile"}
"""Names that say many units stand behind one number."""


def named_places(line: Sequence[str]) -> Iterable[Named]:
    """Every phrase of the lexicon that the standard words contain."""
    if TRIGGERS.isdisjoint(line):
        return
    for at, word in enumerate(line):
        for named in _INDEX.get(word, ()):
            end = at + len(named.words)
            if tuple(line[at:end]) != named.words or (end < len(line) and line[end] in CORE_SUFFIXES):
                continue  # "Old Mission Rd" is a road
            yield named
