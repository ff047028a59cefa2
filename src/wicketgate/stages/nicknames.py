"""First names that one person may bear in place of another.

Used only to see who could be confused with whom; a nickname never makes a match.
A name may stand in several classes.
"""

from __future__ import annotations

_CLASSES = """
abigail abby gail
albert alberto al bert beto
alejandra alexandra sandra alex ale jandra sasha
alejandro alexander alex alec ale sandro xander jandro
alfonso poncho alonso fonso
alfred alfredo al fred freddy fredo
amanda mandy
andrew andres andy drew
angela angelica angie angelita
anthony antonio tony tonio tono anton
antonia toni tonia
barbara barb barbie babs
beatrice beatriz bea betty trish
benjamin benjamin ben benny benji min
bernard bernardo bernie barney
carlos charles carl charlie chuck carlitos chas
caroline carolina carol carrie carolyn
catalina catherine katherine kathryn cathy kathy kate katie kat cata kay
cecilia ceci celia cissy
christina cristina chris tina christy cris crissy
christopher cristobal chris topher kit cris
concepcion concha conchita
consuelo chelo
cynthia cindy
daniel dan danny dani
daniela daniella dani
david dave davey
deborah debra deb debbie
dolores lola lolita
donald don donny
dorothy dorothea dot dottie dolly
eduardo edward ed eddie ted lalo ned teddy
elena helen helena nell nellie ellen eleanor lena
elizabeth isabel elisabeth liz lizzie beth betty eliza betsy libby lisa elisa isa bella chabela
emilia emily em emmy
emmanuel manuel manny manolo manu
enrique henry hank harry quique kike
ernesto ernest ernie neto
eugene gene eugenio
federico frederick fred freddy fede rico
felipe philip phillip phil pipe
fernando ferdinand fer nando
florence florencia flo flor
francis francisco frank pancho paco frankie franco cisco kiko
francisca frances fran paca pancha fanny
gabriel gabe gabi
gabriela gabrielle gabi gaby
george jorge georgie
gerald gerardo gerry jerry gerard
gertrude gertrudis trudy tula
gilbert gilberto gil bert beto
graciela grace chela
gregory gregorio greg goyo
guadalupe lupe lupita
guillermo william bill billy will memo liam guille willy
gustavo gus tavo
harold hal harry
hector tito
ignacio nacho iggy
jacob jake jack jacobo
jacqueline jackie jacky
james jaime jim jimmy jamie diego santiago jacobo
jane juana jean janie jenny joan joanna johanna juanita
jennifer jenny jen jenna
jessica jess jessie
jesus chuy chucho
john juan jack johnny jon juancho ivan giovanni sean ian
jonathan jon jonny nathan
jose joseph joe joey pepe chepe giuseppe
josefa josephine josie pepa fina
joshua josh josue
judith judy judi
kenneth ken kenny
lawrence lorenzo larry lencho
leonard leonardo leo len lenny
luis louis lewis lou louie lucho
luisa louise lou lulu
magdalena magda lena maggie
marcos mark marcus marco marc
margaret margarita maggie meg peggy marge rita greta margie daisy
maria mary marie mari molly polly maricela marita mariquita
martha marta marty patty
matthew mateo matt matty
mercedes meche merche
michael miguel mike mickey mick mitch
michelle micaela shelly
miriam mimi
nicholas nicolas nick nico colas
nicole nicola nicky nikki
pamela pam
patricia pat patty trish tricia
patrick patricio pat paddy rick
paul pablo pol
peter pedro pete perico
rachel raquel rae shelly
rafael raphael rafa rafe
ramon raymond ray moncho
rebecca rebeca becky becca
ricardo richard rick ricky dick rich rico
robert roberto bob bobby rob robbie bert beto tito
rodrigo roderick rod
roland rolando rollie
ronald ron ronny ronaldo
rosario charo chayo
rosa rose rosie rosita rosalia rosalind
rosalinda linda rosa
samantha sam sammy
samuel sam sammy
sarah sara sally sadie
sebastian seb bastian sebas
sofia sophia sophie sofi
stephen steven esteban steve stefan
stephanie estefania steph stefany fani
susan susana suzanne sue susie suzy
teresa theresa tess terry tere teri
theodore teodoro ted teddy theo
thomas tomas tom tommy
timothy timoteo tim timmy
ursula uschi
valentina valerie val vale
veronica vero ronnie
victor vic vico
victoria vicky tori vicki
vincent vicente vince vinny chente
virginia ginny ginger vicky
walter walt wally gualterio
xavier javier xavi javi
yolanda yoli yola
zachary zach zack
"""

CLASSES: dict[str, tuple[str, ...]] = {}
"""Folded first name -> the names of its classes (each class is named by its first member)."""

for _line in _CLASSES.split("\n"):
    _members = _line.split()
    for _member in dict.fromkeys(_members):
        CLASSES[_member] = (*CLASSES.get(_member, ()), _members[0])
