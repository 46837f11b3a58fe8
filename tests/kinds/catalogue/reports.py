"""Half-year reports."""

from tests.kinds.catalogue.kind import Kind, empty

_REPORTS = "samarbejde/rapporter/"
_FILES = f"{_REPORTS}{{report}}/filer/"

REPORTS = [
    Kind("reports", _REPORTS, "coordinator"),
    Kind("reports, those of long ago", f"{_REPORTS}?halvaar=2019-1", "new coordinator"),
    Kind("report, frozen", f"{_REPORTS}{{report}}/", "leader"),
    Kind("report, frozen, with its rows", f"{_REPORTS}{{report}}/", "coordinator"),
    Kind("report of a municipality", f"{_REPORTS}{{own_report}}/", "town coordinator"),
    Kind("report, corrected since", f"{_REPORTS}{{older_report}}/", "coordinator"),
    Kind("report, a newer edition", f"{_REPORTS}{{newer_report}}/", "leader"),
    Kind("report, being corrected", f"{_REPORTS}{{corrected_report}}/", "coordinator"),
    Kind("report, a correction", f"{_REPORTS}{{correction}}/", "coordinator"),
    Kind("report, throw a correction away", f"{_REPORTS}{{correction}}/ret/kasser/", "coordinator"),
    Kind("report, correct", f"{_REPORTS}{{report}}/ret/", "coordinator"),
    Kind(
        "report, correct for no reason",
        f"{_REPORTS}{{report}}/ret/",
        "coordinator",
        422,
        empty("reason"),
    ),
    Kind("report, draft", f"{_REPORTS}{{draft_report}}/", "coordinator"),
    Kind("report, out for comment", f"{_REPORTS}{{round_report}}/", "leader"),
    Kind(
        "report, comment, empty",
        f"{_REPORTS}{{round_report}}/",
        "leader",
        422,
        empty("text"),
        form="#kommentarer form",
    ),
    Kind("report, words", f"{_REPORTS}{{draft_report}}/ord/alle/", "coordinator"),
    Kind(
        "report, words, somebody was faster",
        f"{_REPORTS}{{draft_report}}/ord/sessions/",
        "coordinator",
        422,
        {"text_da": ["Flere timer."], "seen": ["7"]},
    ),
    Kind("report, deliver", f"{_REPORTS}{{draft_report}}/aflever/", "coordinator"),
    Kind("report, too early to deliver", f"{_REPORTS}{{running_report}}/aflever/", "coordinator"),
    Kind("report, rows", f"{_REPORTS}{{report}}/tal/sessions/all/alle/", "coordinator"),
    Kind("report, no rows", f"{_REPORTS}{{draft_report}}/tal/readiness/late/alle/", "coordinator"),
    # One request more while the page looks again by itself.
    Kind("report, file waits", f"{_FILES}{{file_waiting}}/", "coordinator", requests=4),
    Kind("report, file under way", f"{_FILES}{{file_under_way}}/", "coordinator", requests=4),
    Kind("report, file failed", f"{_FILES}{{file_failed}}/", "coordinator"),
    Kind("report, file ready", f"{_FILES}{{file_ready}}/", "coordinator"),
]
