"""What an editor meets in the admin is Danish, also what its script draws."""

import pytest

from tests.axe import violations
from tests.factories.files import drawn
from tests.files.samples import LEGAL_DOCUMENTS
from tests.kinds import english

pytestmark = [pytest.mark.browser, pytest.mark.once]

ADMIN_PAGES = [
    ("editor", "/admin/"),
    ("editor", "/admin/pages/{lesson_page}/edit/"),
    ("editor", "/admin/pages/add/pages/lessonpage/{module_page}/"),
    ("editor", "/admin/pages/{case_page}/edit/"),
    ("editor", "/admin/pages/add/pages/casepage/{module_page}/"),
    ("editor", "/admin/pages/{lesson_page}/history/"),
    ("editor", "/admin/pages/{lesson_page}/copy/"),
    ("reviewer", "/admin/pages/{lesson_page}/move/"),  # who may take it down, too
    ("editor", "/admin/sider/tunge/"),
    ("editor", "/admin/sider/kladder/"),
    ("editor", "/admin/sider/{lesson_page}/vaegt/"),
    ("editor", "/admin/snippets/pages/contactcard/add/"),
    ("editor", "/admin/snippets/pages/checklist/add/"),
    ("reviewer", "/admin/"),
    ("reviewer", "/admin/sider/laes-igen/"),
    ("reviewer", "/admin/sider/rettelser/"),
    ("translator", "/admin/"),
    ("editor", "/admin/images/"),
    ("editor", "/admin/images/multiple/add/"),
    ("editor", "/admin/documents/multiple/add/"),
    ("editor", "/admin/beskeder/"),
    ("editor", "/admin/beskeder/{unanswered}/"),
    ("editor", "/admin/beskeder/{answered}/"),
    ("translator", "/admin/pages/{lesson_page}/"),
    ("translator", "/admin/localize/submit/page/{lesson_page}/"),
    ("translator", "/admin/oversaettelser/"),
    ("translator", "/admin/oversaettelser/koe/"),
    ("translator", "/admin/oversaettelser/mangler/"),
    ("translator", "/admin/oversaettelser/filer/"),
    ("translator", "/admin/oversaettelser/tekst/regler/{rule_to_write}/kl/"),
    ("reviewer", "/admin/oversaettelser/tekst/spoergsmaal/{question_to_read}/kl/"),
    ("translator", "/admin/oversaettelser/side/{lesson_key}/kl/"),
    ("translator", "/admin/oversaettelser/side/{half_key}/kl/"),
    ("translator", "/admin/pages/{half_page}/edit/"),
    ("translator", "/admin/oversaettelser/kursus/{course_key}/kl/"),
    ("reviewer", "/admin/pages/{lesson_page}/edit/"),
    ("reviewer", "/admin/pages/{lesson_page}/unpublish/"),
    ("reviewer", "/admin/reports/workflow_tasks/"),
    ("reviewer", "/admin/gennemgang/"),
    ("reviewer", "/admin/lov/{new_act}/"),
    ("reviewer", "/admin/lov/{new_act}/ny-version/"),
    ("reviewer", "/admin/lov/regel/{waiting_rule}/"),
    ("reviewer", "/admin/snippets/rules/act/inspect/{new_act}/"),
    ("reviewer", "/admin/snippets/rules/rule/edit/{waiting_rule}/"),
]
#: The pages of the admin that are of this product: its bank, law, competences, paths and cases.
OUR_PAGES = [
    ("editor", "/admin/"),
    ("reviewer", "/admin/"),
    ("editor", "/admin/sider/tunge/"),
    ("reviewer", "/admin/sider/laes-igen/"),
    ("editor", "/admin/sider/{lesson_page}/vaegt/"),
    ("editor", "/admin/snippets/pages/contactcard/add/"),
    ("editor", "/admin/snippets/pages/checklist/add/"),
    ("editor", "/admin/pages/{case_page}/edit/"),
    ("editor", "/admin/pages/add/pages/casepage/{module_page}/"),
    ("editor", "/admin/snippets/courses/question/"),
    ("editor", "/admin/snippets/courses/question/add/"),
    ("editor", "/admin/snippets/courses/question/edit/{question}/"),
    ("editor", "/admin/snippets/courses/question/inspect/{question}/"),
    ("editor", "/admin/spoergsmaal/ind/"),
    ("editor", "/admin/spoergsmaal/ud/"),
    ("editor", "/admin/spoergsmaal/statistik/"),
    ("editor", "/admin/spoergsmaal/{question}/statistik/"),
    ("editor", "/admin/spoergsmaal/{question}/brug/"),
    ("reviewer", "/admin/spoergsmaal/version/{question_version}/ret/"),
    ("editor", "/admin/snippets/courses/learningpath/"),
    ("editor", "/admin/snippets/courses/learningpath/add/"),
    ("editor", "/admin/snippets/courses/learningpath/edit/{learning_path}/"),
    ("editor", "/admin/snippets/competences/framework/"),
    ("editor", "/admin/snippets/competences/framework/edit/{framework}/"),
    ("editor", "/admin/snippets/competences/frameworkversion/"),
    ("editor", "/admin/snippets/competences/frameworkversion/edit/{framework_version}/"),
    ("editor", "/admin/snippets/competences/topic/"),
    ("reviewer", "/admin/snippets/competences/topic/add/"),
    ("editor", "/admin/kompetencer/hent/"),
    ("reviewer", "/admin/snippets/rules/act/"),
    ("reviewer", "/admin/snippets/rules/act/add/"),
    ("reviewer", "/admin/snippets/rules/act/inspect/{new_act}/"),
    ("reviewer", "/admin/snippets/rules/rule/"),
    ("reviewer", "/admin/snippets/rules/rule/add/"),
    ("reviewer", "/admin/snippets/rules/rule/edit/{waiting_rule}/"),
    ("reviewer", "/admin/snippets/pages/glossaryterm/"),
    ("reviewer", "/admin/gennemgang/"),
    ("reviewer", "/admin/lov/{new_act}/"),
    ("reviewer", "/admin/lov/{new_act}/ny-version/"),
    ("reviewer", "/admin/lov/regel/{waiting_rule}/"),
]
OF_WAGTAIL_ALONE = {*ADMIN_PAGES} - {*OUR_PAGES}
#: What is Wagtail's own: a landmark for each nested block, named by its label, which choices of one
#: step have in common; and the list of its outline, which scrolls without a focus of its own.
OF_WAGTAIL = ("landmark-unique: #block_group-", "scrollable-region-focusable: .w-minimap__list")
DIALOGS = ["schedule-publishing-dialog", "set-privacy"]


@pytest.fixture
def open_page(site, visitors):
    """Open a page of the admin as somebody, and wait for its script."""

    def open_as(who, path):
        page = visitors(who).page
        page.set_viewport_size({"width": 1280, "height": 900})
        address = site.url + site.fill(path)
        assert page.goto(address, wait_until="load").status == 200
        assert page.url == address  # who is refused is sent to the front of the admin
        page.wait_for_function("() => document.querySelector('.sidebar--slim, .sidebar nav, #nav')")
        return page

    return open_as


@pytest.mark.parametrize(
    ("who", "path"),
    [
        *sorted(OUR_PAGES),
        *(pytest.param(*page, marks=pytest.mark.full) for page in sorted(OF_WAGTAIL_ALONE)),
    ],
)
def test_admin_is_danish_once_its_script_has_run_and_ours_has_no_violation(open_page, who, path):
    page = open_page(who, path)
    faults = english.faults(page.evaluate(english.TEXTS))
    found = violations(page, inside="main") if (who, path) in OUR_PAGES else []

    assert faults == []
    assert [one for one in found if not one.startswith(OF_WAGTAIL)] == []


@pytest.mark.parametrize("dialog", DIALOGS)
def test_dialogs_about_a_page_are_danish(open_page, dialog):
    page = open_page("reviewer", "/admin/pages/{lesson_page}/edit/")
    opener = page.locator(f'[data-a11y-dialog-show="{dialog}"]').first
    if not opener.is_visible():  # the panel stays open from one page to the next
        page.locator('[data-side-panel-toggle="status"]').click()
    opener.click()
    page.locator(f"#{dialog} [type=submit]").first.wait_for()

    assert english.faults(page.evaluate(english.TEXTS)) == []


@pytest.mark.parametrize(
    ("path", "sample"),
    [
        ("/admin/images/multiple/add/", ("billede.png", drawn())),
        ("/admin/documents/multiple/add/", ("vejledning.pdf", LEGAL_DOCUMENTS["vejledning.pdf"])),
    ],
    ids=["image", "document"],
)
def test_upload_and_its_refusal_are_answered_in_danish(open_page, path, sample):
    page = open_page("editor", path)
    for name, content in [sample, ("x.exe", b"MZ")]:
        page.locator("input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
    page.locator("#upload-list li.upload-success form").wait_for()
    page.locator("#upload-list li.upload-failure").wait_for()

    assert english.faults(page.evaluate(english.TEXTS)) == []
