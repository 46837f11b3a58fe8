"""From a course that is done to its certificate, and to whoever checks it; and one's own rating."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.models import Certificate, Course
from demo.certificates import MODULES
from demo.content import demo_id
from demo.paths import work_through

pytestmark = pytest.mark.browser

WIDTHS = [360, 1280]


def viewport(width: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 800}}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_trainee_gets_the_certificate_and_a_stranger_checks_it(visit, people, tmp_path, width):
    trainee = people("sagsbehandler12")
    work_through({"person": "sagsbehandler12", "modules": MODULES}, trainee, at=timezone.now())
    course = Course.objects.get(pk=demo_id("page", "course-underretninger"))

    # The course is done: one press gives the certificate
    page = visit("sagsbehandler12", course.path, **viewport(width))
    page.get_by_role("link", name="Få beviset").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bevis for kurset")
    page.get_by_role("button", name="Få beviset").click()
    page.wait_for_url("**/laering/beviser/**")
    expect(page.get_by_text("Gælder", exact=True)).to_be_visible()
    certificate = Certificate.objects.get(person=trainee)
    expect(page.get_by_text(certificate.spelled_code)).to_be_visible()

    # Its file is downloaded
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent PDF").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.read_bytes() == bytes(certificate.file.pdf)

    # A stranger types the code, and sees initials alone
    stranger = visit(None, "/da/bevis/", **viewport(width))
    stranger.get_by_label("Kode").fill(certificate.spelled_code.lower())
    stranger.get_by_role("button", name="Kontrollér").click()
    expect(stranger.get_by_text("Gælder", exact=True)).to_be_visible()
    expect(stranger.get_by_text(certificate.initials, exact=True)).to_be_visible()
    expect(stranger.get_by_text(trainee.name)).to_have_count(0)

    # The file is as it was issued; an altered one is found out
    stranger.get_by_label("Eller PDF-filen").set_input_files(file)
    stranger.get_by_role("button", name="Kontrollér").click()
    expect(stranger.get_by_role("heading", name="Filen er, som vi udstedte den")).to_be_visible()
    forged = Path(tmp_path / "forged.pdf")
    forged.write_bytes(file.read_bytes().replace(b"/Title", b"/Tit1e", 1) + b" ")
    stranger.get_by_label("Eller PDF-filen").set_input_files(forged)
    stranger.get_by_role("button", name="Kontrollér").click()
    expect(
        stranger.get_by_role("heading", name="Filen er ikke, som vi udstedte den")
    ).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_trainee_rates_themselves_and_the_mentor_reads_it(visit, width):
    page = visit("sagsbehandler1", "/da/laering/", **viewport(width))
    page.get_by_role("link", name="Mine kompetencer").click()
    expect(page.get_by_text("Læst").first).to_be_visible()
    page.get_by_role("link", name="Kvittere til underretteren").click()
    page.get_by_label("Alene –").check()
    page.get_by_role("button", name="Gem vurderingen").click()
    expect(page.locator("#k-receipt")).to_contain_text("Du siger: Alene")

    mentor = visit("mentor1", "/da/kompetencer/", **viewport(width))
    mentor.get_by_role("link", name="Sagsbehandler Demo 1", exact=True).click()
    row = mentor.get_by_role("listitem").filter(has_text="Kvittere til underretteren")
    expect(row).to_contain_text("Alene")
