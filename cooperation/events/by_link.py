"""The link by which somebody without an account says how an event was: no sign-in.

It is made of the participant, its last day and a signature, in letters alone: digits in a row may
look like a CPR number, and no address that does is ever answered. It opens the evaluation of one
event for one participant and nothing else; it is no longer good once its day is over, once somebody
else stands on the list in that place, and once it was used.
"""

from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import override

from cooperation.models import Participant
from core.languages import DANISH
from core.mail import absolute_url

_LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopabcdef")
_DIGITS = str.maketrans("ghijklmnopabcdef", "0123456789abcdef")
_KEY_LENGTH, _DAY_LENGTH, _PROOF_LENGTH = 32, 6, 40
LENGTH = _KEY_LENGTH + _DAY_LENGTH + _PROOF_LENGTH


def address(participant: Participant) -> str:
    """The full address for a mail; read ``invitation__event`` along."""
    with override(DANISH):  # nobody has said another language
        return absolute_url(reverse("cooperation:evaluate-by-link", args=[token_of(participant)]))


def token_of(participant: Participant) -> str:
    """The secret of that address, good until the last day for answers as it stands now."""
    until = participant.invitation.event.evaluation_ends_on
    day = f"{until.toordinal():0{_DAY_LENGTH}x}"
    return (participant.pk.hex + day + _proof(participant, day)).translate(_LETTERS)


def find(token: str, *, on: date) -> Participant | None:
    """Who answers with ``token`` on that day; none for one that we did not make, or not for this.

    Whoever has answered is found, so that thanks can be said.
    """
    if len(token) != LENGTH:
        return None
    given = token.translate(_DIGITS)
    key, day = given[:_KEY_LENGTH], given[_KEY_LENGTH:-_PROOF_LENGTH]
    try:
        pk, until = UUID(key), date.fromordinal(int(day, 16))
    except ValueError:
        return None
    seated = Participant.objects.seated().select_related("invitation__event__place")
    participant = seated.filter(pk=pk).first()
    if participant is None or not participant.email:
        return None
    if not constant_time_compare(given[-_PROOF_LENGTH:], _proof(participant, day)):
        return None
    return participant if on <= until else None


def _proof(participant: Participant, day: str) -> str:
    """A signature of who, at which address, until when: the address may be another tomorrow."""
    value = f"{participant.pk}:{participant.email.casefold()}:{day}"
    return salted_hmac("cooperation.evaluate", value, algorithm="sha256").hexdigest()[
        :_PROOF_LENGTH
    ]
