"""Finding decisions: by group, by what became of them, by words of any version they ever had."""

import re

from django.db.models import Exists, OuterRef, Q

from cooperation.models import DecidedQuerySet, DecisionVersion
from core.languages import fold
from core.search_terms import clean_query

#: What a decision is called on the phone: 2027/4.
NUMBER = re.compile(r"\b(\d{4})/(\d{1,4})\b", re.ASCII)


def searched(decisions: DecidedQuerySet, query: str) -> DecidedQuerySet:
    """Those that say every word of ``query``, now or in an earlier version; number and year too.

    Words are found as they are spelt: whoever searches a register knows a word of it. Old
    Kalaallisut spelling is found by the new one, since both are asked for.
    """
    for year, number in NUMBER.findall(query):
        decisions = decisions.filter(year=int(year), number=int(number))
    for word in clean_query(NUMBER.sub(" ", query)).split():
        spelt = {word, fold(word)}
        in_words = Q()
        for one in spelt:
            for name in ("title_da", "title_kl", "text_da", "text_kl"):
                in_words |= Q(**{f"{name}__icontains": one})
        earlier = DecisionVersion.objects.filter(in_words, decision=OuterRef("pk"))
        found = Q(Exists(earlier)) | Q(source__icontains=word)
        if word.isdecimal() and len(word) == 4:
            found |= Q(year=int(word))
        decisions = decisions.filter(found)
    return decisions
