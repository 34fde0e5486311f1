"""The words that report speech, by the construction that each reports it in: lists to read and to add to.

A cue is listed under how much may speak against it (`attributions` counts that) before it is no report any more:
`firmly` where something does, such as a negation or a subject that names nobody; `mostly` where nothing does;
`plainly` only where the sentence's own verb is the cue. `unlisted` says which of these holds for words that no list
names, `never` who is excepted from it. Constructions stand from the one that is right most often down.
"""

from __future__ import annotations

from typing import NamedTuple

FIRMLY, MOSTLY, PLAINLY = 1, 0, -1
CLASSES = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective", "PUNCT": "colon"}


class Construction(NamedTuple):
    """A construction of a class of words, and the words that report speech in it."""

    of: str
    name: str
    family: str
    unlisted: int | None = None
    firmly: str = ""
    mostly: str = ""
    plainly: str = ""
    never: str = ""


CONSTRUCTIONS = (
    Construction("verb", "quotation before", "quotations", unlisted=MOSTLY,
        firmly="answer assure conclude continue declare explain read reply respond say shout tell tweet write",
        plainly="go note report suggest",
        never="be call have make recall"),
    Construction("verb", "quotation after a mark", "quotations", unlisted=MOSTLY,
        firmly="add ask conclude continue interject joke note read reply respond say shoot shout state tweet write"),
    Construction("colon", "quotation at once", "quotations", unlisted=FIRMLY),
    Construction("verb", "quotation after words", "quotations", unlisted=PLAINLY,
        firmly="accord add continue put respond say send tweet",
        mostly="go tell write",
        never="ask be have speak support take think"),
    Construction("verb", "quotation at once", "quotations", unlisted=MOSTLY,
        firmly="call chant cite declare read say title write yell",
        never="be have"),
    Construction("verb", "main clause around parataxis", "set into a sentence", unlisted=FIRMLY),
    Construction("verb", "clause", "clauses", unlisted=MOSTLY,
        firmly=(
            "acknowledge add address admit allege announce appear argue ask assert assure boast calculate call "
            "caution charge claim complain concede conclude confirm consider contend continue convince counter "
            "declare demonstrate deny describe discuss emphasize estimate expect explain express feel forget "
            "guess hint hope imagine indicate insist joke lament learn note notice pledge point post predict "
            "promise propose question read realize recognize recommend reiterate remark remind reply report "
            "respond reveal say seem signal speculate state stress suggest suspect tell vow warn wonder worry "
            "write"
        ),
        plainly="hear highlight need see show think understand",
        never="allow be become cause do ensure get have help let make mean prove turn watch"),
    Construction("verb", "main clause after parataxis", "set into a sentence", unlisted=FIRMLY,
        plainly="know"),
    Construction("colon", "up to a quotation", "quotations",
        firmly=":"),
    Construction("verb", "clause before", "clauses", unlisted=PLAINLY,
        firmly="find read say",
        mostly="reveal tweet warn",
        never="be call come continue do explain go have help reply see win"),
    Construction("verb", "main clause after prep", "set into a sentence", unlisted=MOSTLY,
        firmly="accord",
        plainly="base",
        never="follow give include"),
    Construction("verb", "object of", "objects", unlisted=MOSTLY,
        firmly="accuse",
        never="take"),
    Construction("verb", "sentence around", "set into a sentence",
        firmly="argue note say write"),
    Construction("verb", "about", "prepositions", unlisted=FIRMLY,
        mostly="care",
        plainly="interview worry",
        never="be make tell"),
    Construction("verb", "object as", "objects", unlisted=MOSTLY,
        firmly=(
            "cast characterize cite defend denounce describe dismiss frame identify list name paint portray "
            "position praise quote see slam"
        ),
        never="use"),
    Construction("verb", "clause around", "clauses", unlisted=FIRMLY,
        never="believe think"),
    Construction("adjective", "about", "nouns and adjectives", unlisted=MOSTLY,
        firmly="concerned nervous worried"),
    Construction("verb", "object complement", "objects", unlisted=MOSTLY,
        firmly=(
            "add ask assure call convince deem encourage explain express hire hop insist note order press "
            "promise propose remind say see seem show suggest tell urge warn"
        ),
        plainly="instruct invite persuade push",
        never="be become force have help keep lead leave pressure prompt require spend take use"),
    Construction("noun", "about", "nouns and adjectives",
        firmly="anxiety concern conversation detail doubt joke message remark talk word",
        mostly="comment question"),
    Construction("verb", "main clause before prep", "set into a sentence",
        firmly="accord"),
    Construction("verb", "for doing", "prepositions", unlisted=MOSTLY,
        firmly="call",
        never="be"),
    Construction("verb", "up to a quotation", "quotations", unlisted=PLAINLY,
        firmly=(
            "accuse acknowledge add admit argue assert assure blast call chant cite claim concede continue "
            "declare defend describe dismiss dub email emphasize explain express frame imply insist interject "
            "joke label lament note pledge portray post proclaim promise put refuse remark reply reveal say "
            "shoot shout slam state suggest tell tweet vow write yell"
        ),
        mostly=(
            "accord block caution deliver denounce discuss issue list mock name point praise predict propose "
            "question quote report respond see seem share talk title"
        ),
        never=(
            "act allow appear attend back base be become begin break bring build buy carry change come compare "
            "draw elect emerge end endorse enter expand expect face fail feel fight get give grow happen have "
            "hear help hit hold host include increase involve join kill know lead leave like live look lose "
            "meet move need obtain oversee pass pay pick promote prompt provide push raise reach receive refer "
            "remain represent require return seek send serve set sign sit speak spend stand start stop support "
            "take trump try turn use watch wear win work"
        )),
    Construction("noun", "clause", "nouns and adjectives",
        firmly=(
            "admission agreement assertion belief case complaint confidence doubt fear hope remark speculation "
            "statement suggestion"
        ),
        plainly="concern"),
    Construction("verb", "of", "prepositions", unlisted=PLAINLY,
        firmly="accuse boast speak think warn",
        mostly="assure",
        never="be say take"),
    Construction("verb", "object for", "objects", unlisted=PLAINLY,
        firmly="attack back blame blast chide criticize endorse hit mock nominate slam support take thank",
        mostly="call congratulate praise",
        never="be cast do give make pay provide raise"),
    Construction("verb", "infinitive", "infinitives", unlisted=PLAINLY,
        firmly=(
            "aim ask call chant claim decline encourage expect hop like order persuade pledge prefer promise "
            "refuse say seem tell threaten urge vow warn"
        ),
        mostly="advise agree appear decide hope know look mean offer seek struggle vote want",
        never=(
            "afford allow be begin choose continue design do fail force get have help hire instruct lead leave "
            "manage move need poise prepare pressure prompt schedule scramble set spend start suppose take tend "
            "try turn use work"
        )),
    Construction("verb", "against", "prepositions", unlisted=MOSTLY,
        firmly="be rail vote warn",
        never="file go run"),
    Construction("verb", "as", "prepositions",
        firmly=(
            "cast characterize cite criticize defend describe dismiss frame identify know lambast mention name "
            "paint point portray position praise quote regard"
        ),
        mostly="present view",
        plainly="list refer see"),
    Construction("verb", "rest of sentence", "rest of sentence",
        firmly=(
            "accuse acknowledge acquiesce announce applaud argue ask assert balk blame blast boast chant "
            "characterize cite claim comment complain concede conclude condemn confirm congratulate contemplate "
            "contradict convince credit criticize cry declare decline detail discover discuss dismiss dispute "
            "doubt dub dwell emphasize envision explain express forget guess heap highlight hope interject joke "
            "label lament like liken mention mock mull note order outline persuade point portray posit praise "
            "predict prefer promise promote propose question rail recall recite recount refer reference refuse "
            "reiterate remember respond reveal savage say seem signal slam speculate stress suggest thank tout "
            "underscore urge vouch vow warn wish witness wonder yell"
        ),
        mostly=(
            "add admit allude apologize assail assure attribute bemoan brag brush call care caution chide "
            "contend counter decide decry defend demand deride describe disavow disclose email estimate fear "
            "figure float hint hop illustrate indicate inform insist invoke lambast mandate perceive plead post "
            "press proclaim pronounce publish quote rank reaffirm realize reject remind repeat report retweete "
            "shout single spot state suspect threaten title trumpet tweet voice"
        ),
        plainly=(
            "accord advocate agree aim allege answer appear appoint approve assume attack authorize ban believe "
            "calculate cast challenge charge clarify consider contrast count deem demonstrate denounce deny "
            "determine devote disagree display downplay encourage endorse enjoy establish expect experience "
            "expose file find frame hail identify ignore imagine imply intend issue knock know lay learn list "
            "look mount name negotiate nominate notice offer opt pivot plan pledge position pressure project "
            "protest rattle read rebuke rebut recognize recommend regard release remark reply resist rip rule "
            "see seek show sign split support talk tell testify think touch understand unveil want weigh worry "
            "write"
        )),
    Construction("verb", "for", "prepositions",
        firmly=(
            "advocate apologize ask attack blame blast call campaign chide criticize hit hop know praise push "
            "slam take vouch"
        ),
        mostly="congratulate thank vote",
        plainly="cast look say"),
    Construction("verb", "object and more", "objects",
        firmly=(
            "accuse address announce attribute blame blast characterize charge chide cite credit criticize "
            "denounce describe dismiss emphasize endorse expect express frame hail highlight hit identify "
            "introduce knock liken list mention name nominate paint point portray promote propose question "
            "quote reference regard see show sign slam sue thank tout voice warn"
        ),
        mostly="call challenge contrast defend discuss lay mock post praise present recall tweet view",
        plainly=(
            "attack back cast compare congratulate deny devote distance file include offer pledge position "
            "report seek support want"
        )),
    Construction("verb", "object with", "objects",
        firmly="charge find show"),
    Construction("noun", "infinitive", "nouns and adjectives",
        firmly="inclination promise reluctance",
        mostly="desire pledge",
        plainly="decision plan refusal"),
    Construction("verb", "object", "objects",
        firmly=(
            "acknowledge announce answer applaud articulate assail assert back bash bemoan blast broadcast "
            "brush champion chant cite condemn confirm contemplate contradict criticize declare decry deem "
            "defend denounce deride disavow disclose discuss dismiss display dispute document downplay echo "
            "emphasize endorse expect explain explore expose express feel herald highlight insult justify "
            "lament list mention mock note offer oppose outline point post praise prefer promise propose "
            "question reaffirm rebut recall recite recount reject remember repeat report resist restrict rip "
            "say shrug single state stress suggest talk thank tout veto walk withdraw withhold witness"
        ),
        mostly=(
            "believe congratulate consider credit decline demand detail email embrace fire hammer ignore "
            "introduce know like love predict project read recognize recommend reference reiterate retweete "
            "reveal signal slam support tweet want welcome write"
        ),
        plainly=(
            "accuse address appoint approve attack ban blame block call challenge claim compare deny describe "
            "enjoy establish experience exploit favor file hail identify invoke issue label lay name nominate "
            "pass pledge promote publish reach release remind request see share show sign target voice"
        )),
    Construction("verb", "with", "prepositions",
        firmly="agree call disagree side take",
        mostly="show",
        plainly="align charge find identify respond"),
)  # fmt: skip

UNLISTED: dict[str, dict[str, int]] = {kind: {} for kind in CLASSES.values()}
GRADES: dict[tuple[str, str, str], int | None] = {}
ORDER: dict[tuple[str, str], int] = {}
KNOWN: dict[str, set[str]] = {kind: set() for kind in CLASSES.values()}
FAMILIES: dict[tuple[str, str], str] = {}
for _rank, _one in enumerate(reversed(CONSTRUCTIONS)):
    ORDER[_one.of, _one.name] = _rank
    FAMILIES[_one.of, _one.name] = _one.family
    if _one.unlisted is not None:
        UNLISTED[_one.of][_one.name] = _one.unlisted
    for _grade, _words in (
        (FIRMLY, _one.firmly),
        (MOSTLY, _one.mostly),
        (PLAINLY, _one.plainly),
        (None, _one.never),
    ):
        GRADES |= {(_one.of, _one.name, _word): _grade for _word in _words.split()}
        KNOWN[_one.of].update(_words.split())
