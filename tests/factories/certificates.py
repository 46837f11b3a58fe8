"""Certificates that nobody had to earn."""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from courses.certificates.codes import new_code
from courses.certificates.completions import COURSE
from courses.certificates.drawing import draw
from courses.certificates.validity import end_of
from courses.models import Certificate, CertificateFile
from people.models import Person


def make_certificate(person: Person, **fields: Any) -> Certificate:
    """A certificate of ``person``, valid today, with its file."""
    at = timezone.now()
    today = timezone.localdate()
    defaults = {
        "person": person,
        "completed": COURSE,
        "completed_id": uuid.uuid4(),
        "language": "da",
        "holder": person.name,
        "content": {
            "title": {"da": "Underretninger"},
            "competences": [{"da": "Tage imod en underretning", "kl": ""}],
            "acts": [{"number": "11/2024", "da": "Lovbekendtgørelse nr. 11 fra 2024", "kl": ""}],
        },
        "minutes": 75,
        "course_on": today - timedelta(days=10),
        "law_on": today - timedelta(days=900),
        "issued_at": at,
        "issued_on": today,
        "ends_on": end_of(today),
        "expires_on": end_of(today),
        "code": new_code(),
    }
    certificate = Certificate(**(defaults | fields))
    pdf = draw(certificate)
    certificate.sha256 = hashlib.sha256(pdf).hexdigest()
    certificate.save()
    CertificateFile.objects.create(certificate=certificate, pdf=pdf)
    return certificate
