"""The words of the pages on which courses are taken along and read without net.

The script decides nothing of what is said: it picks from here and fills in numbers and titles.
"""

from collections.abc import Callable
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.cases import Ending, Verdict


def words() -> dict[str, Any]:
    """Everything, in the active language."""
    return {"words": {**_taking(), **_reading(), **_quiz(), **_case(), **_rating()}}


def _both(counted: Callable[[int], str]) -> list[str]:
    """The two forms of a counted word, the number left open."""
    return [counted(count).replace("%(count)d", "{count}") for count in (1, 2)]


def _taking() -> dict[str, Any]:
    return {
        "kilobytes": _("{size} kB"),
        "megabytes": _("{size} MB"),
        "under_a_minute": _("less than a minute"),
        "minutes": _both(lambda count: ngettext("%(count)d minute", "%(count)d minutes", count)),
        "hours": _both(lambda count: ngettext("%(count)d hour", "%(count)d hours", count)),
        "days": _both(lambda count: ngettext("%(count)d day", "%(count)d days", count)),
        "lessons": _both(lambda count: ngettext("%(count)d lesson", "%(count)d lessons", count)),
        "takes": _("{time} at the speed of now"),
        "speed_unknown": _("how long it takes you see when it has begun"),
        "no_room": _("There is no room for {size} on this device. Make room first."),
        "sign_in": _("Sign in again. What has been fetched stays here."),
        "no_answer": _("There is no answer. Perhaps you have no net right now."),
        "fetching": _("Is being fetched"),
        "updating": _("What is new is being fetched"),
        "of": _("{done} of {total}"),
        "left": _("{time} left"),
        "pause": _("Pause"),
        "go_on": _("Go on"),
        "try_again": _("Try again"),
        "read": _("Read the course"),
        "look_for_news": _("Look for changes"),
        "looking": _("Looking …"),
        "news": _("There are changes. They are being fetched."),
        "no_news": _("Nothing has changed."),
        "gone": _("It is not offered any more. You can go on reading what is here."),
        "drop": _("Delete from this device"),
        "drop_sure": _("Delete it from this device? What you have done in it is kept."),
        "drop_yes": _("Yes, delete"),
        "drop_no": _("No, keep it"),
        "stuck": {
            "full": _("There is no room left on this device. Make room, then try again."),
            "sign_in": _("Sign in again, then try again. What has been fetched stays here."),
            "gone": _("Something in it is not offered any more. Try again later."),
            "damaged": _("What arrived was damaged on the way. Try again."),
        },
    }


def _reading() -> dict[str, Any]:
    return {
        "not_here": _("This is not on this device"),
        "to_list": _("Courses on this device"),
        "to_course": _("To the list of lessons"),
        "locked": _("This device is locked."),
        "locked_here": _("Unlock first, so that what you do is kept."),
        "not_set_up": _("Make this device ready first, so that what you do is kept."),
        "unlock": _("Unlock"),
        "beside": _("opens beside this page"),
        "set_up": _("Make this device ready"),
        "full": _("This device has no room left. What you did is not kept. Make room first."),
        "waiting": _("Ready to be sent – waits for net"),
        "done": _("Done"),
        "not_begun": _("Not begun"),
        "min": _("{minutes} min"),
        "optional": _("Optional"),
        "module": _("Module {number}"),
        "place": _("Module {module} · lesson {number} of {all}"),
        "left_out": _both(
            lambda count: ngettext(
                "%(count)d part can only be read with net.",
                "%(count)d parts can only be read with net.",
                count,
            )
        ),
        "next": _("Next:"),
        "mark_read": _("Mark as read"),
        "no_picture": _("Picture: {text}"),
        "error_prefix": _("Error:") + " ",
        "record_read": _("Read: {title}"),
        "record_quiz": _("Quiz: {title}, {score} of {total} right"),
        "record_case": _("Case: {title}, {ending}"),
    }


def _quiz() -> dict[str, Any]:
    return {
        "quiz": _("Quiz"),
        "quiz_help": _("Only you see your answers. Take the time you need."),
        "send_answers": _("Send answers"),
        "missing": {
            "choose": _("Choose an answer to question {number}."),
            "write": _("Write an answer to question {number}."),
            "number": _("Write a number as the answer to question {number}, for example 24."),
            "twice": _("Use each number once in question {number}."),
        },
        "cpr": _(
            "The field holds digits that look like a CPR number. Delete them. "
            "Write about the work, never about a person."
        ),
        "score": _("{score} of {total} right"),
        "passed": _("Passed"),
        "not_passed": _("Not passed yet"),
        "server_counts": _("It counts when it has been received. Then it is marked once more."),
        "question": _("Question {number}"),
        "right": _("Right"),
        "not_right": _("Not right"),
        "not_counted": _("Does not count"),
        "older": _("The Danish text is newer than this translation."),
        "your_answer": _("Your answer"),
        "right_answer": _("Right answer"),
        "partly": _("{right} of {parts} parts are right. The question counts when all are."),
        "gap": _("Gap {gap}"),
    }


def _case() -> dict[str, Any]:
    return {
        "begin_case": _("Begin the case"),
        "what_do_you_do": _("What do you do?"),
        "choose_one": _("Choose what you do."),
        "do_it": _("Do it"),
        "step_back": _("One step back"),
        "begin_again": _("Begin again"),
        "what_came": _("What came of it"),
        "took": _("It took {time}."),
        "clock_of_case": _("The clock of the case:"),
        "deadlines": _("Deadlines"),
        "met": _("Met {moment}"),
        "late": _("Too late, {moment}"),
        "missed": _("Missed: {time} too late"),
        "time_left": _("{time} left"),
        "how_it_ended": _("How it ended"),
        "spoilt": _("It would have been a good ending, had every deadline been met."),
        "another_way": _("Try another way"),
        "choose_differently": _("Choose differently here"),
        "your_choices": _("Your choices"),
        "endings": {ending.value: str(ending.label) for ending in Ending},
        "verdicts": {verdict.value: str(verdict.label) for verdict in Verdict},
        "weekdays": [str(WEEKDAYS[number]) for number in range(7)],
        "weekday_at": _("{weekday} at {time}"),
        "moment": _("{moment} · day {day}"),
        "and": _("{first} and {last}"),
        "units": {
            "weeks": _both(lambda count: ngettext("%(count)d week", "%(count)d weeks", count)),
            "months": _both(lambda count: ngettext("%(count)d month", "%(count)d months", count)),
        },
    }


def _rating() -> dict[str, Any]:
    return {
        "rate": _("Where are you now?"),
        "rate_help": _("You and your mentor see it. Change it whenever you like."),
        "keep_rating": _("Keep"),
        "nothing_new": _("You have changed nothing."),
        "no_ratings_here": _(
            "The competences are not on this device yet. They come the next time you have net."
        ),
        "record_rating": _both(
            lambda count: ngettext(
                "Own rating: %(count)d answer", "Own rating: %(count)d answers", count
            )
        ),
    }
