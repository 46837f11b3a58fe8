"""The case simulator. What is imported here is its engine: pure functions over a version.

Nothing here asks the database or knows a request: a version is read into a :class:`Story`
(``story``), what somebody chose is played again on it (``replay``), and an editor's draft is
judged (``check``). See ``docs/case-simulator.md``.
"""

from courses.cases.check import MOST_BYTES, Problem, check, weigh
from courses.cases.clock import Span, Unit
from courses.cases.replay import NotInStory, Run, replay
from courses.cases.story import Choice, Deadline, Ending, Step, Story, Verdict, read

__all__ = [
    "MOST_BYTES",
    "Choice",
    "Deadline",
    "Ending",
    "NotInStory",
    "Problem",
    "Run",
    "Span",
    "Step",
    "Story",
    "Unit",
    "Verdict",
    "check",
    "read",
    "replay",
    "weigh",
]
