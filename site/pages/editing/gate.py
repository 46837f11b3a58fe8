"""What stands in the way of publishing a page that is too heavy: no reason was given for it.

The reason is a field of the page, so it travels with the version into the review, through the
schedule and into the history. It covers what the page weighed when it was given; a page that grows
on from there asks again. ``BasePage.publish`` asks here, whatever door the page is published by;
the editor's form asks before that, so that the answer stands beside the field.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pages.editing.weighing import Weight

if TYPE_CHECKING:
    from pages.models import BasePage

#: How much a page may grow beyond what its reason covers: a few words are no new reason.
TOLERANCE = 1.1
SHORTEST_REASON = 10


def why_not(page: "BasePage", weight: Weight) -> str:
    """Why ``page``, which weighs ``weight``, may not be published; empty where it may."""
    if not weight.is_heavy:
        return ""
    problems = " ".join(weight.problems)
    if len(page.weight_reason.strip()) < SHORTEST_REASON:
        ask = _("Make it lighter, or write why it may weigh so much: one sentence will do.")
        return f"{problems} {ask}"
    covered = page.weight_explained
    if covered is not None and weight.total > covered * TOLERANCE:
        ask = _(
            "The reason was given when the page weighed %(then)d kB. Now it weighs %(now)d kB: "
            "write it anew."
        )
        return f"{problems} {ask % {'then': covered // 1000, 'now': weight.total // 1000}}"
    return ""
