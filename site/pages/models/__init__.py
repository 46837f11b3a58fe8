"""The page types of the site, one module per kind."""

from pages.models.base import BasePage
from pages.models.case import CasePage
from pages.models.finding import Findable
from pages.models.glossary import GlossaryTerm
from pages.models.home import HomePage
from pages.models.information import InformationPage
from pages.models.learning import CataloguePage, CoursePage, LessonPage, ModulePage
from pages.models.privacy import PrivacyPage
from pages.models.translation import TranslationRequest

__all__ = [
    "BasePage",
    "CasePage",
    "CataloguePage",
    "CoursePage",
    "Findable",
    "GlossaryTerm",
    "HomePage",
    "InformationPage",
    "LessonPage",
    "ModulePage",
    "PrivacyPage",
    "TranslationRequest",
]
