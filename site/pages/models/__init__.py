"""The page types of the site, one module per kind."""

from pages.models.base import BasePage
from pages.models.case import CasePage
from pages.models.condition import OutsideLink, PageCondition
from pages.models.finding import Findable
from pages.models.glossary import GlossaryTerm
from pages.models.home import HomePage
from pages.models.information import InformationPage
from pages.models.learning import CataloguePage, CoursePage, LessonPage, ModulePage
from pages.models.privacy import PrivacyPage
from pages.models.shared import Checklist, ChecklistPoint, ContactCard
from pages.models.translation import (
    TranslationApproval,
    TranslationOrder,
    TranslationRequest,
)
from pages.models.wording import Wording

__all__ = [
    "BasePage",
    "CasePage",
    "CataloguePage",
    "Checklist",
    "ChecklistPoint",
    "ContactCard",
    "CoursePage",
    "Findable",
    "GlossaryTerm",
    "HomePage",
    "InformationPage",
    "LessonPage",
    "ModulePage",
    "OutsideLink",
    "PageCondition",
    "PrivacyPage",
    "TranslationApproval",
    "TranslationOrder",
    "TranslationRequest",
    "Wording",
]
