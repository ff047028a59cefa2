"""Standard abbreviations of mail addresses, after USPS Publication 28 (appendices B and C).

One table each for street suffixes, directionals, secondary units and states,
with the spellings people use. Words of names that have two customary forms
(Saint and St, Fort and Ft, Fifth and 5th) are settled here too, so that two
spellings of one address become one text.
"""

from __future__ import annotations

from wicketgate.address.lexicon import in_order, listed, variants

SUFFIXES = variants("""
aly: alley allee ally; anx: anex annex annx; arc: arcade; ave: av aven avenu avenue avn avnue avenida;
byu: bayou bayoo; bch: beach; bnd: bend; blf: bluf bluff; blfs: bluffs; btm: bot bottm bottom; blvd: boul
boulevard boulv bulevar; br: brnch branch; brg: brdge bridge; brk: brook; brks: brooks; bg: burg; byp:
bypa bypas bypass byps; cp: cmp camp; cyn: canyn canyon cnyn; cpe: cape; cswy: causeway causwa; ctr: cen
cent center centr centre cnter cntr; ctrs: centers; cir: circ circl circle crcl crcle; cirs: circles; clf:
cliff; clfs: cliffs; clb: club; cmn: common; cmns: commons; cor: corner; cors: corners; crse: course; ct:
court crt; cts: courts; cv: cove; cvs: coves; crk: creek; cres: crescent crsent crsnt; crst: crest; xing:
crossing crssng; xrd: crossroad; curv: curve; dl: dale; dm: dam; dv: divide div; dr: driv drive drv; drs:
drives; est: estate; ests: estates; expy: exp expr express expressway expw; ext: extension extn extnsn;
exts: extensions; fls: falls; fry: ferry frry; fld: field; flds: fields; flt: flat; flts: flats; frd:
ford; frds: fords; frst: forest forests; frg: forg forge; frgs: forges; frk: fork; frks: forks; ft: fort
frt; fwy: freeway freewy frway frwy; gdn: garden gardn grden grdn; gdns: gardens grdns; gtwy: gateway
gatewy gatway; gln: glen; glns: glens; grn: green; grns: greens; grv: grov grove; grvs: groves; hbr: harb
harbor harbr hrbor; hbrs: harbors; hvn: haven; hts: ht heights; hwy: highway highwy hiway hiwy hway; hl:
hill; hls: hills; holw: hllw hollow hollows holws; inlt: inlet; is: island islnd; iss: islands islnds;
isle: isles; jct: jction jctn junction junctn juncton; jcts: jctns junctions; knl: knol knoll; knls:
knolls; lk: lake; lks: lakes; land; lndg: landing lndng; ln: lane; lgt: light; lgts: lights; lf: loaf;
lck: lock; lcks: locks; ldg: ldge lodg lodge; loop: loops; mall; mnr: manor; mnrs: manors; mdw: meadow;
mdws: meadows medows; mews; ml: mill; mls: mills; msn: missn mssn; mtwy: motorway; mt: mnt mount; mtn:
mntain mntn mountain mountin mtin; mtns: mntns mountains; nck: neck; orch: orchard orchrd; oval: ovl;
opas: overpass; park: prk parks; pkwy: parkway parkwy pkway pky parkways pkwys; pass; psge: passage; path:
paths; pike: pikes; pne: pine; pnes: pines; pl: place; pln: plain; plns: plains; plz: plaza plza; pt:
point; pts: points; prt: port; prts: ports; pr: prairie prr; radl: rad radial radiel; ramp; rnch: ranch
ranches rnchs; rpd: rapid; rpds: rapids; rst: rest; rdg: rdge ridge; rdgs: ridges; riv: river rvr rivr;
rd: road; rds: roads; rte: route rt; row; rue; run; shl: shoal; shls: shoals; shr: shoar shore; shrs:
shoars shores; skwy: skyway; spg: spng spring sprng; spgs: spngs springs sprngs; spur: spurs; sq: sqr sqre
squ square; sqs: sqrs squares; sta: station statn stn; stra: strav straven stravenue stravn strvn strvnue;
strm: stream streme; st: street strt str; sts: streets; smt: sumit sumitt summit; ter: terr terrace; trwy:
throughway; trce: trace traces; trak: track tracks trk trks; trfy: trafficway; trl: trail trails trls;
tunl: tunel tunls tunnel tunnels tunnl; tpke: trnpk turnpike turnpk; upas: underpass; un: union; uns:
unions; vly: valley vally vlly; vlys: valleys; via: vdct viadct viaduct; vw: view; vws: views; vlg: vill
villag village villg villiage; vlgs: villages; vl: ville; vis: vist vista vst vsta; walk: walks; wall;
way: wy; ways; wl: well; wls: wells
""")
"""Street suffix, or what stands for it, to its standard abbreviation."""

STANDARD_SUFFIXES = frozenset(SUFFIXES.values()) | {"esplanade", "promenade", "alameda"}
CORE_SUFFIXES = listed("""
aly ave blvd byp cir ct cv cres dr expy fwy hwy ln loop pkwy pike pl plz rd rte sq st ter trl tpke way xing
""")
"""Suffixes that hardly ever end a name of another kind: they mark where a street ends."""
SPANISH_TYPES = listed("""
calle cll camino cam carr carretera callejon paseo pso vereda calz calzada
""")
"""Street types that stand before the name."""

DIRECTIONALS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "norte": "n",
    "sur": "s",
    "este": "e",
    "oeste": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "no": "no",
    "so": "so",
}
SHORT_DIRECTIONALS = listed("n s e w ne nw se sw")
LONG_DIRECTIONALS = frozenset(word for word in DIRECTIONALS if len(word) > 2)

UNITS = variants("""
apt: apartment apartamento apto aprt appt apart; bldg: building bld bldng edif edificio; dept: department
depto; fl: floor flr piso; hngr: hanger hangar; lot; pier; rm: room; slip; spc: space sp; ste: suite suit;
stop; trlr: trailer; unit; #: num numero; pmb; bsmt: basement bsmnt; frnt: front; lbby: lobby; lowr: lower
downstairs; ofc: office; ph: penthouse; rear; side; uppr: upper upstairs; dorm; cubicle; cabin
""")
UNITS_WITH_VALUE = listed("""
apt bldg dept fl hngr lot pier rm slip spc ste stop trlr unit # pmb dorm cabin no casa
""")
UNITS_ALONE = listed("bsmt frnt lbby lowr ofc ph rear side uppr")
UNITS_OF_A_DWELLING = listed("apt unit ste rm # spc lot trlr no casa dorm")
"""Designators that name nothing by themselves: ``Apt 4``, ``Unit 4`` and ``# 4`` compare equal."""

_ORDINALS = in_order("""
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
""")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_NAMES = {
    **{word: f"{rank}{_ENDINGS.get(rank, 'th')}" for rank, word in enumerate(_ORDINALS, start=1)},
    "saint": "st",
    "sainte": "ste",
    "doctor": "dr",
    "interstate": "i",
    "ih": "i",
    "autopista": "aut",
    "urbanizacion": "urb",
    "urbanization": "urb",
    "condominio": "cond",
    "condominium": "cond",
    "condo": "cond",
    "residencial": "res",
    "barrio": "bo",
    "carretera": "carr",
    "parcelas": "parc",
    "parcela": "parc",
    "reparto": "repto",
    "kilometro": "km",
    "hectometro": "hm",
    "bx": "box",
    "rfd": "rr",
    "hcr": "hc",
    "rrt": "rr",
}
_CARDINALS = in_order("""
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
""")
NUMBER_WORDS = {word: str(value) for value, word in enumerate(_CARDINALS, start=1)}

ABBREVIATIONS: dict[str, str] = {
    **SUFFIXES,
    **_NAMES,
    **{k: v for k, v in UNITS.items() if k not in SUFFIXES},
}
"""Any word to its standard form, wherever it stands; directionals depend on their place (`normalise`)."""

_STATES = """
AL Alabama, AK Alaska, AZ Arizona Ariz, AR Arkansas Ark, CA California Calif Cal, CO Colorado Colo, CT
Connecticut Conn, DE Delaware Del, DC District_of_Columbia Washington_DC, FL Florida Fla, GA Georgia, HI
Hawaii, ID Idaho, IL Illinois Ill, IN Indiana Ind, IA Iowa, KS Kansas Kan Kans, KY Kentucky, LA
Louisiana, ME Maine, MD Maryland, MA Massachusetts Mass, MI Michigan Mich, MN Minnesota Minn, MS
Mississippi Miss, MO Missouri, MT Montana Mont, NE Nebraska Neb Nebr, NV Nevada Nev, NH New_Hampshire,
NJ New_Jersey, NM New_Mexico Nuevo_Mexico, NY New_York Nueva_York, NC North_Carolina Carolina_del_Norte,
ND North_Dakota, OH Ohio, OK Oklahoma Okla, OR Oregon Ore, PA Pennsylvania Penn Penna, RI Rhode_Island,
SC South_Carolina Carolina_del_Sur, SD South_Dakota, TN Tennessee Tenn, TX Texas Tex Tejas, UT Utah, VT
Vermont, VA Virginia, WA Washington Wash, WV West_Virginia, WI Wisconsin Wis Wisc, WY Wyoming Wyo, AS
American_Samoa, GU Guam, MP Northern_Mariana_Islands CNMI Northern_Marianas, PR Puerto_Rico, VI
Virgin_Islands US_Virgin_Islands USVI, FM Federated_States_of_Micronesia Micronesia, MH
Marshall_Islands, PW Palau, AA Armed_Forces_Americas, AE Armed_Forces_Europe, AP Armed_Forces_Pacific
"""


def _states() -> dict[str, str]:
    table = {}
    for entry in _STATES.split(","):
        code, *names = entry.split()
        for name in (code, *names):
            table[name.replace("_", " ").lower()] = code
    return table


STATES = _states()
"""Folded name or code to the two letters; districts, territories, associated states and military included."""
MILITARY_STATES = frozenset(("AA", "AE", "AP"))
