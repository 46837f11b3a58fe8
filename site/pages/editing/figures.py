"""Figures in a Danish text, and what they count: what a small correction leaves alone.

"24 timers frist" and "24 dages frist" differ, as do "1. juli" and "1. juni", "tirsdag" and
"onsdag". A word too many only sends a draft to its review; one too few lets a time limit change
without.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: "en" and "et" are articles, and "anden" another one, far more often than numbers.
_NUMBERS = _words(
    "nul én ét éen éet to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten "
    "seksten sytten atten nitten tyve tredive fyrre fyrretyve halvtreds halvtredsindstyve tres "
    "tresindstyve halvfjerds halvfjerdsindstyve firs firsindstyve halvfems halvfemsindstyve "
    "hundred hundrede hundreder tusind tusinde tusinder million millioner halv halve halvt "
    "halvanden halvandet halvdel halvdelen kvart tredjedel fjerdedel dobbelt"
)
_ORDINALS = _words(
    "første tredje fjerde femte sjette syvende ottende niende tiende ellevte elvte tolvte "
    "trettende fjortende femtende sekstende syttende attende nittende tyvende tredivte "
    "fyrretyvende halvtredsindstyvende tresindstyvende halvfjerdsindstyvende firsindstyvende "
    "halvfemsindstyvende hundrede hundredende tusinde tusindende sidste"
)
_MONTHS = _words(
    "januar februar marts april maj juni juli august september oktober november december jan "
    "feb febr apr jun jul aug sep sept okt nov dec primo medio ultimo"
)
_SIGNS = _words("§ % ‰ procent promille pct pctpoint md mdr mdl tirs ons tors fre lør")

_COUNTS = re.compile(
    # a word in which it says nothing else
    r"\w*(?:døgn|måned|minut|procent|promille|kvartal|weekend)\w*"
    # days with what stands before them, weekdays too: never "opdage"
    r"|(?!opdag)\w*dag(?:e|en|ene)?s?"
    r"|(?:man|tirs|ons|tors|fre|lør|søn)dag\w*"
    # units that end other words, too ("bruge", "maritime", "vilkår"), with what may stand before
    r"|(?:{before}|arbejds|kalender|ferie|jule|påske|skole|prøve|svangerskabs|barsels)?"
    r"uge(?:r|n|rne)?s?"
    r"|(?:{before}|arbejds|kontor|skole|undervisnings|åbnings|vagt)?time(?:r|n|rne)?s?"
    r"|(?:{before}|kalender|skole|regnskabs|finans|leve|barne|børne|ungdoms|for|efter)?"
    r"år(?:et|ene)?s?"
    r"|kvarter(?:er|et|erne)?s?|sekund(?:er|et|erne)?s?"
    # what lasts so long, or comes again so often
    r"|\w*(?:time|dag|uge|år)(?:r|e|er)?s?frist\w*"
    r"|(?:{before})?(?:time|dag|ugent|år)lig\w*|(?:{before}|fler|mange|mindre)?årig\w*"
    r"|(?:time|dage|uge|år)(?:lang|vis)\w*"
    # "enogtyvende", "toogtredivte"
    r"|(?:en|to|tre|fire|fem|seks|syv|otte|ni)og(?:tyve|trediv|fyrre|halvtreds|tres|halvfjerds"
    r"|firs|halvfems)\w*".replace(
        "{before}", r"\d+|(?:hver|halv|hel|kvart|en|et|" + "|".join(sorted(_NUMBERS)) + ")"
    )
)
_NAMED = _NUMBERS | _ORDINALS | _MONTHS | _SIGNS
_READ = re.compile(r"[§%‰]|\w+")
_DIGITS = re.compile(r"\d+")


def figures(text: str) -> list[str]:
    """Every figure of ``text`` and everything that it may count, in their order.

    >>> figures("Senest 24 timer efter, jf. § 5, og inden femtende juli")
    ['24', 'timer', '§', '5', 'femtende', 'juli']
    """
    found = []
    for word in _READ.findall(text.lower()):
        found += _DIGITS.findall(word)
        if word in _NAMED or word.removesuffix("s") in _NAMED or _COUNTS.fullmatch(word):
            found.append(word)
    return found
