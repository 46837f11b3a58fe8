"""What courses keep about people."""

from django.utils.translation import gettext_lazy as _

from core.declarations import DataDeclaration, Fate, Keep, Records

DECLARATIONS = [
    DataDeclaration(
        title=_("Courses and progress"),
        purpose=_("So that you can go on where you were, and see what you have done."),
        fields=(_("courses you take"), _("lessons you have opened and read"), _("when")),
        access=_(
            "You. The coordinator of your town sees what is done or due, by name. Your leader sees "
            "totals of five people or more."
        ),
        retention=_("Until the municipality no longer needs it."),
        models=("courses.Enrolment", "courses.LessonProgress"),
        position=30,
    ),
    DataDeclaration(
        title=_("Learning paths"),
        purpose=_("So that you know what to learn until when, and nobody is forgotten."),
        fields=(
            _("paths you walk, and who gave them"),
            _("the day they are due"),
            _("steps that are done"),
            _("reminders you got, and those you have stopped"),
        ),
        access=_(
            "You. The coordinator of your town sees what is done or due, by name. Your leader sees "
            "totals of five people or more."
        ),
        retention=_("Until the municipality no longer needs it."),
        models=(
            "courses.Assignment",
            "courses.StepDone",
            "courses.PathRule",
            "courses.Reminder",
            "courses.ReminderStop",
        ),
        position=30,
    ),
    DataDeclaration(
        title=_("Answers to quizzes"),
        purpose=_("So that you can learn from them and try again."),
        fields=(_("what you answered"), _("how many were right"), _("when")),
        access=_("You alone."),
        retention=_("Until the municipality no longer needs it."),
        models=("courses.QuizAttempt", "courses.Answer", "courses.CorrectedAttempt"),
        position=31,
    ),
    DataDeclaration(
        title=_("Who corrected a question"),
        purpose=_("So that it can be asked why a result was changed."),
        fields=(_("the question"), _("what was decided, and why"), _("who decided it"), _("when")),
        access=_("Editors and reviewers. The reason is read by whoever answered the question."),
        retention=_("As long as the question is kept."),
        models=("courses.Correction",),
        position=57,
    ),
    DataDeclaration(
        title=_("Cases you have played"),
        purpose=_("So that you can go on, step back and try another way."),
        fields=(
            _("what you chose"),
            _("how the case ended"),
            _("with whom"),
            _("in which session"),
            _("when"),
        ),
        access=_("You, and the one you played with."),
        retention=_("Until the municipality no longer needs it."),
        models=("courses.CasePlay",),
        position=32,
    ),
    DataDeclaration(
        title=_("Changes of the law that you have seen"),
        purpose=_("So that you are told once what is new since you learnt it."),
        fields=(_("which change you have marked as seen"), _("when")),
        access=_("You alone."),
        retention=_("Until the municipality no longer needs it."),
        models=("courses.SeenChange",),
        position=33,
    ),
    DataDeclaration(
        title=_("What you have saved for later"),
        purpose=_("So that you find a lesson, a case or a rule again."),
        fields=(_("what you have saved"), _("when")),
        access=_("You alone."),
        retention=_("Until you remove it, or your account is removed."),
        models=("courses.Bookmark",),
        position=34,
    ),
    DataDeclaration(
        title=_("Your notes"),
        purpose=_("So that you can write down what you want to remember of a lesson or a case."),
        fields=(_("what you have written"), _("at which lesson or case"), _("when")),
        access=_("You alone. Not your leader, not your coordinator, not an administrator."),
        retention=_(
            "Until you delete it: then it can be brought back for 30 days. All are deleted with "
            "your account."
        ),
        models=("courses.Note",),
        position=34,
    ),
    DataDeclaration(
        title=_("What you tell the editors"),
        purpose=_("So that errors in lessons are found and mended, and you get an answer."),
        fields=(
            _("what you have written"),
            _("about which lesson or case"),
            _("when"),
            _("the answer, and who gave it"),
        ),
        access=_("You, the editors and the subject reviewers."),
        retention=_("Two years after it was closed."),
        models=("courses.Remark",),
        position=35,
    ),
    DataDeclaration(
        title=_("Certificates"),
        purpose=_("So that you can show what you have completed, and others can check it."),
        fields=(
            _("your name as it was then"),
            _("what you completed, and when"),
            _("the file itself"),
            _("whether it is valid"),
            _("if it was revoked: when, by whom and why"),
        ),
        access=_(
            "You. Your coordinator sees what you have a certificate of and may revoke it. Whoever "
            "has its code sees on the check page what you completed, the dates, whether it is "
            "valid, and your initials; your name where you allow it."
        ),
        retention=_("Until the municipality no longer needs it."),
        models=("courses.Certificate", "courses.CertificateFile"),
        position=36,
    ),
]

RECORDS = [
    Records("courses.Enrolment", mine=("person",)),
    Records("courses.LessonProgress", mine=("person",)),
    Records(
        "courses.Assignment",
        mine=("person",),
        acted=("assigned_by",),
        logged=("courses.assignment", "pk"),
        work="courses.personal_data.end_paths",
    ),
    Records("courses.StepDone", mine=("assignment__person",)),
    Records(
        "courses.Reminder",
        mine=("assignment__person",),
        acted=("made_by",),
        fate=Fate.ERASED,
        keep=(Keep(2 * 365, "made_at"),),
    ),
    Records("courses.ReminderStop", mine=("person",), fate=Fate.ERASED),
    Records("courses.PathRule", acted=("made_by",)),
    Records("courses.QuizAttempt", mine=("person",), fate=Fate.ERASED),
    Records("courses.Answer", mine=("attempt__person",), fate=Fate.ERASED),
    Records("courses.CorrectedAttempt", mine=("attempt__person",), fate=Fate.ERASED),
    Records("courses.Correction", acted=("made_by",)),
    Records(
        "courses.CasePlay",
        mine=("person", "partner"),
        fate=Fate.ERASED,
        let_go=("partner",),
        keep=(Keep(3 * 365, "last_at"),),
    ),
    Records("courses.Bookmark", mine=("person",), fate=Fate.ERASED),
    Records("courses.Note", mine=("person",), fate=Fate.ERASED),
    Records(
        "courses.Remark",
        mine=("person",),
        acted=("answered_by", "closed_by"),
        fate=Fate.ERASED,
        logged=("courses.remark", "pk"),
    ),
    Records("courses.SeenChange", mine=("person",), fate=Fate.ERASED),
    Records(
        "courses.Certificate",
        mine=("person",),
        acted=("revoked_by",),
        logged=("courses.certificate", "pk"),
        fate=Fate.BLANKED,
        blank={"holder": "", "revoked_note": "", "shows_name": False, "reminds": False},
    ),
    Records("courses.CertificateFile", mine=("certificate__person",), fate=Fate.ERASED),
    Records(
        "courses.CertificateRule",
        holds_nothing="It says which rule a course cites, the same for all who completed it.",
    ),
]
