"""What may not be published."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rules.models import Rule


def refuse_unpublishable(rules: Iterable[Rule]) -> None:
    """Refuse to publish something that cites an unverified rule.

    Raises:
        ValidationError: With code "unverified", naming each such rule.
    """
    refused = [str(rule) for rule in rules if not rule.is_publishable]
    if refused:
        raise ValidationError(
            _("These rules are not verified and cannot be published: %(rules)s"),
            code="unverified",
            params={"rules": "; ".join(refused)},
        )
