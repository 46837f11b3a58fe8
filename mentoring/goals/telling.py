"""What is told of learning goals: that something stands on the page of the goal, never what."""

from django.utils.translation import gettext_lazy as _

from core.telling import Kind

_GOALS = _("Learning goals")

KINDS = (
    Kind("mentoring.goal_proposed", _GOALS, _("A learning goal waits for your answer")),
    Kind("mentoring.goal_agreed", _GOALS, _("Your proposal of a learning goal is agreed")),
    Kind(
        "mentoring.goal_declined",
        _GOALS,
        _("Your proposal of a learning goal is declined"),
        _("Talk about it, and propose something else."),
    ),
    Kind("mentoring.goal_reached", _GOALS, _("A learning goal is marked as reached")),
    Kind("mentoring.goal_stopped", _GOALS, _("A learning goal is marked as stopped")),
)
