"""Every kind of page, in every state it has, as who sees it; and what it may weigh.

An address is that below the language; ``{names}`` are filled with the ids of ``world``. ``send``
is posted with the form that the page holds (``form``, a selector), as it would be without script:
its names are filled too; a list replaces a field, ``None`` leaves it out.
"""

from tests.kinds.catalogue.account import OWN_ACCOUNT, PUBLIC, SIGNING_IN, STARTS
from tests.kinds.catalogue.calendar import CALENDAR
from tests.kinds.catalogue.cooperation import COOPERATION
from tests.kinds.catalogue.devices import DEVICES
from tests.kinds.catalogue.events import EVENTS
from tests.kinds.catalogue.learning import LEARNING, LEARNING_OF_OTHERS
from tests.kinds.catalogue.mentoring import GOALS, HANDOVERS, MENTORING
from tests.kinds.catalogue.people import PEOPLE_PAGES
from tests.kinds.catalogue.reports import REPORTS
from tests.kinds.catalogue.rounds import ROUNDS

#: Two halves, drawn by two modules of tests, so that two processes share them.
OUTSIDE = [*PUBLIC, *SIGNING_IN, *OWN_ACCOUNT, *LEARNING, *LEARNING_OF_OTHERS, *DEVICES]
INSIDE = [*STARTS, *MENTORING, *GOALS, *HANDOVERS, *ROUNDS, *PEOPLE_PAGES]
INSIDE += [*COOPERATION, *EVENTS, *REPORTS, *CALENDAR]
KINDS = [*OUTSIDE, *INSIDE]

#: Addresses below a language that never draw a page of their own to read.
NO_PAGES = {
    "account_set_password", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_download_recovery_codes", "wagtailcore_login",
    "wagtailcore_authenticate_with_password",
    "courses:certificate-file", "courses:certificate-badge", "courses:give-back",
    "courses:progress-csv", "courses:progress-xlsx",
    "courses:notes-file",
    "courses:save", "courses:unsave", "courses:delete-note", "courses:restore-note",
    "courses:see-answer", "print_lesson_file", "print_module_file",
    "courses:enrol", "courses:opened", "courses:read", "courses:seen",
    "courses:take-path", "courses:retake-path", "courses:case_begin",
    "courses:case_choose", "courses:case_back", "courses:case_again", "courses:case_another",
    "courses:case_tie",
    "courses:undo-batch", "courses:take-off",
    "courses:put-back", "courses:end-rule", "courses:reminders", "courses:see-reminder",
    "courses:assign", "courses:remind",
    "courses:export-csv", "courses:export-xlsx",
    "cooperation:report-begin", "cooperation:report-send-round", "cooperation:report-rows-csv",
    "cooperation:report-csv", "cooperation:report-ask-file", "cooperation:report-fetch-file",
    "mentoring:home", "mentoring:confirm", "mentoring:api-sessions", "mentoring:add-member",
    "mentoring:end-member", "mentoring:change-state",
    "mentoring:plan-file", "mentoring:answer-goal", "mentoring:goal-state",
    "mentoring:handover-file", "mentoring:send-handover", "mentoring:ask-mentor",
    "mentoring:answer-receiver", "mentoring:confirm-handover", "mentoring:finish-follow-up",
    "mentoring:move-follow-up", "mentoring:follow-up-owner",
    "mentoring:take-back", "mentoring:link", "mentoring:agreement",
    "notices:open", "notices:archive", "notices:read-all", "notices:choose-mail",
    "devices:sign-out",  # leaves at once where nothing waits; tests/browser/device/test_pages.py
    "own_devices:shut-out", "own_devices:let-in", "own_devices:forget",
    "people:ask-for-export", "people:fetch-export", "people:seen-file", "people:take-back",
    "people:others-seen-file",
    "mentoring:decide-round", "mentoring:take-need", "mentoring:take-stay",
    "mentoring:export-needs", "mentoring:export-stays", "mentoring:list-csv",
    "mentoring:list-xlsx", "mentoring:save-view", "mentoring:fix", "mentoring:free",
    "mentoring:item", "mentoring:edit-item", "mentoring:add-item", "mentoring:readiness-reminders",
    "cooperation:meeting-step", "cooperation:move-item", "cooperation:change-action",
    "cooperation:paper", "cooperation:remove-paper", "cooperation:practice-step",
    "cooperation:remove-partner",
    "cooperation:event-file", "cooperation:announce-event", "cooperation:remove-part",
    "cooperation:send-invitations", "cooperation:withdraw-invitation", "cooperation:sign-off",
    "cooperation:participants-csv", "cooperation:participants-xlsx", "cooperation:become-practice",
    "course_contents", "path_contents",
    "people:invite", "people:withdraw", "people:end_affiliation", "people:reopen_account",
}  # fmt: skip
