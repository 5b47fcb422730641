"""The law as the system reads it, and what this bureau has recorded itself."""

from __future__ import annotations

from django.urls import path

from anxin.web.bureau import (
    law_deadlines,
    law_procedures,
    law_settings,
    law_settings_calendar,
    law_settings_propose,
    law_values,
)

urlpatterns = [
    path("law", law_values.listing, name="law"),
    path("law/export.xlsx", law_values.export, name="law-export"),
    path("law/values/<str:key>", law_values.detail, name="law-value"),
    path("law/deadline", law_deadlines.reckon, name="law-deadline"),
    path("law/procedures", law_procedures.listing, name="law-procedures"),
    path("law/procedures/<slug:key>", law_procedures.detail, name="law-procedure"),
    path("law/procedures/<slug:key>/export.xlsx", law_procedures.export, name="law-procedure-export"),
    path("law/statutes", law_values.statutes, name="law-statutes"),
    path("law/statutes/export.xlsx", law_values.statutes_export, name="law-statutes-export"),
    path("law/settings", law_settings.to_confirm, name="law-settings"),
    path("law/settings/export/<slug:what>.xlsx", law_settings.export, name="law-settings-export"),
    path("law/settings/new", law_settings_propose.new_value, name="law-settings-new"),
    path("law/settings/check", law_settings_propose.new_check, name="law-settings-check"),
    path("law/settings/calendars", law_settings_calendar.calendars, name="law-settings-calendars"),
    path(
        "law/settings/calendars/template.xlsx", law_settings_calendar.template, name="law-settings-template"
    ),
    path("law/settings/<slug:sort>", law_settings.listing, name="law-settings-list"),
    path("law/settings/<slug:sort>/<int:pk>", law_settings.record, name="law-settings-record"),
    path("law/settings/<slug:sort>/<int:pk>/<slug:action>", law_settings.act, name="law-settings-act"),
]
