"""People, organisations, keys, uploads, the journal."""

from __future__ import annotations

from django.urls import path

from anxin.web import api_guide
from anxin.web.bureau import (
    api_calls,
    api_keys,
    journal,
    layouts,
    organisations,
    people,
    sweeps,
    upload_settings,
    uploads,
)

urlpatterns = [
    path("system", sweeps.system, name="system"),
    path("system/people", people.listing, name="people"),
    path("system/people/export.xlsx", people.export, name="people-export"),
    path("system/people/new", people.new, name="person-new"),
    path("system/people/<int:pk>", people.detail, name="person"),
    path("system/people/<int:pk>/<slug:action>", people.act, name="person-act"),
    path("system/organisations", organisations.listing, name="organisations"),
    path("system/organisations/export.xlsx", organisations.export, name="organisations-export"),
    path("system/layouts", layouts.listing, name="layouts"),
    path("system/layouts/export.xlsx", layouts.export, name="layouts-export"),
    path("system/layouts/new", layouts.new, name="layout-new"),
    path("system/layouts/<int:pk>", layouts.detail, name="layout"),
    path("system/layouts/<int:pk>/trial.xlsx", layouts.trial_export, name="layout-trial"),
    path("system/layouts/<int:pk>/mapping", layouts.mapping, name="layout-mapping"),
    path("system/layouts/<int:pk>/<slug:action>", layouts.act, name="layout-act"),
    path("system/keys", api_keys.listing, name="api-keys"),
    path("system/keys/export.xlsx", api_keys.export, name="api-keys-export"),
    path("system/keys/new", api_keys.new, name="api-key-new"),
    path("system/keys/guide", api_guide.guide, name="api-guide"),
    path("system/keys/<int:pk>", api_keys.detail, name="api-key"),
    path("system/keys/<int:pk>/<slug:action>", api_keys.act, name="api-key-act"),
    path("system/calls", api_calls.listing, name="api-calls"),
    path("system/calls/export.xlsx", api_calls.export, name="api-calls-export"),
    path("system/journal", journal.listing, name="journal"),
    path("system/journal/export.xlsx", journal.export, name="journal-export"),
    path("system/journal/verify", journal.verify, name="journal-verify"),
    path("system/uploads", uploads.overview, name="uploads"),
    path("system/uploads/export/<slug:what>.xlsx", uploads.export, name="upload-export"),
    path("system/uploads/records", uploads.listing, name="upload-records"),
    path("system/uploads/records/<int:pk>", uploads.detail, name="upload-record"),
    path("system/uploads/resend", uploads.resend, name="upload-resend"),
    path("system/uploads/new", upload_settings.new, name="upload-new"),
    path("system/uploads/platforms/<int:pk>", upload_settings.edit, name="upload-settings"),
    path("system/uploads/platforms/<int:pk>/<slug:action>", upload_settings.switch, name="upload-switch"),
    path("system/sweeps", sweeps.listing, name="sweeps"),
    path("system/sweeps/export.xlsx", sweeps.export, name="sweeps-export"),
    path("system/sweeps/<int:pk>", sweeps.detail, name="sweep"),
]
