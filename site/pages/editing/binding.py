"""Words of a Danish text that bind: who must, may or need not do what, and on what condition.

"Hver underretning" and "alvorlige underretninger" are two rules, as are "til kommunen" and "til
politiet". A small correction leaves them alone. A word too many only sends a draft to its review;
one too few lets a rule change without.
"""

import re
from difflib import SequenceMatcher


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DUTIES = _words(
    "skal skulle må måtte kan kunne bør burde ret retten pligt pligten forbudt lov loven straks "
    "kræver kræve kræves krævede krævet krav kravet behøver behøve behøves behov frivillig "
    "frivilligt frivillige tvang tilladt tilladte tillader tillade tillades tilladelse nødvendig "
    "nødvendigt nødvendige nødt tvunget pligtig forpligtet forpligter"
)
_DENIALS = _words("ikke aldrig hverken uden ingen intet nej")
_AMOUNTS = _words(
    "hver hvert enhver ethvert alle alt al altid samtlige nogle nogen noget enkelte flere fleste "
    "mange få begge kun alene udelukkende mindst højst"
)
_CONDITIONS = _words(
    "hvis når såfremt medmindre undtagen undtagelse undtagelsen undtagelser undtaget eller enten "
    "dog ellers senest inden før efter"
)
_BINDING = _DUTIES | _DENIALS | _AMOUNTS | _CONDITIONS

#: Authorities, and those whom a duty falls on.
_NAMED = re.compile(
    r"\w*(?:styrelse|nævn(?=(?:ets?|enes?|s)?$)|ombudsmand|domstol|forvaltning"
    r"|departement|ministeri|myndighed|tilsyn|sygehus|hospital|sundhedsvæsen|regering|landsret"
    r"|kredsret|højesteret|kommun(?=e|al))"
    r"|politi(?!k|s\w)|borgmest|socialvagt|børnerejsehold|naalakkersuisu|inatsisartu"
    r"|familiecent|krisecent|mio(?=s?$)|misi(?=s?$)|najorti|tusaannga|allorfik"
    r"|borger|privatperson|folkevalgt|ansat|medarbejd|fagperson|læge|lærer|pædagog|sygeplejersk"
    r"|sundhedsplejersk|jord[ae]mod|jordemødr|plejefamili|sagsbehandl"
)
_ENDING = re.compile(r"(?:e|e?n|e?t|r|er|re|e?ne|e?rne|ere|eren|erens|erne)?s?")
_READ = re.compile(r"\w+")
#: A word with fewer letters is soon another word, but for these.
_SHORTEST = 4
_AGREEING = tuple(
    map(_words, ("en et", "den det", "din dit dine", "sin sit sine", "og at", "ad af"))
)
#: How much two words have in common that are one, spelled otherwise.
_LIKE = 0.75


def binding(text: str) -> list[str]:
    """Every word of ``text`` that binds, in their order; of a name what stands before its ending.

    >>> binding("Kommunen skal altid svare, medmindre politiet er på sagen")
    ['kommun', 'skal', 'altid', 'medmindre', 'politi']
    """
    found = []
    for word in _READ.findall(text.lower()):
        named = _NAMED.match(word)
        if named:
            found.append(named[0] if _ENDING.fullmatch(word, named.end()) else word)
        elif word in _BINDING:
            found.append(word)
    return found


def replaced(before: str, after: str) -> list[str]:
    """The words of ``after`` that took the place of others and are no spelling of them.

    A word that was only added or taken out is none.

    >>> replaced("Det gaelder alvorlge sager", "Det gælder alvorlige sager")
    []
    >>> replaced("Det gælder akutte sager", "Det gælder gamle sager")
    ['gamle']
    """
    old, new = _READ.findall(before.lower()), _READ.findall(after.lower())
    found = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "replace":
            continue
        gone, come = old[i1:i2], []
        for word in new[j1:j2]:
            like = next((one for one in gone if _is_spelling(one, word)), None)
            if like is None:
                come.append(word)
            else:
                gone.remove(like)
        if "".join(gone) != "".join(come):  # a word written as two, or two as one
            found += come if gone else []
    return found


def _is_spelling(old: str, new: str) -> bool:
    """Whether both are one word, spelled otherwise: "u" before a word makes it the opposite."""
    if old == new or any({old, new} <= words for words in _AGREEING):
        return True
    if min(len(old), len(new)) < _SHORTEST or old[0] != new[0]:
        return False
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= _LIKE
