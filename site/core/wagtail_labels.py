"""The few places of Wagtail and its plug-ins that no setting reaches: labels, and an order."""

from typing import Any

from django.utils.translation import gettext_lazy as _


def name_fields() -> None:
    """Give the fields that Wagtail names after their variables a label that can be translated."""
    from wagtail.admin.forms import choosers, workflows
    from wagtail_localize import models
    from wagtail_localize.views.report import TranslationsReportFilterSet

    link_text = _("Link text")
    labels = {
        choosers.AnchorLinkChooserForm: {"link_text": link_text},
        choosers.EmailLinkChooserForm: {
            "email_address": _("E-mail address"),
            "link_text": link_text,
            "subject": _("Subject of the e-mail"),
            "body": _("Text of the e-mail"),
        },
        choosers.ExternalLinkChooserForm: {"link_text": link_text},
        choosers.PhoneLinkChooserForm: {"phone_number": _("Phone number"), "link_text": link_text},
        workflows.WorkflowPageForm: {"page": _("Page")},
        workflows.WorkflowContentTypeForm: {"content_types": _("Kinds of content")},
    }
    for form, fields in labels.items():
        for name, label in fields.items():
            form.base_fields[name].label = label
    TranslationsReportFilterSet.base_filters["source_locale"].label = _("From language")
    TranslationsReportFilterSet.base_filters["target_locale"].label = _("To language")
    models.DATE_FORMAT = "%d.%m.%Y"  # without the English name of a month


def order_translations() -> None:
    """Give the report on translations an order, or its pages would overlap.

    What changed last in the source comes first.
    """
    from wagtail_localize.views.report import TranslationsReportView

    unordered = TranslationsReportView.get_queryset

    def get_queryset(self: Any) -> Any:
        newest = ("-source__last_updated_at", "target_locale__language_code", "pk")
        return unordered(self).order_by(*newest)

    TranslationsReportView.get_queryset = get_queryset
