"""The few labels of Wagtail's forms that it does not offer for translation."""

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
