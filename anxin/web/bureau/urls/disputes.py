"""Mediation, legal aid, arbitration."""

from __future__ import annotations

from django.urls import path

from anxin.web.bureau import (
    arbitration,
    arbitration_acts,
    arbitration_calendar,
    arbitration_case,
    arbitration_hearings,
    arbitration_new,
    arbitration_record,
    arbitration_roster,
    legal_aid,
    mediation,
    mediation_acts,
    mediation_case,
    mediation_directory,
    mediation_letters,
    mediation_new,
    mediation_register,
    mediation_signing,
)

urlpatterns = [
    path("mediation", mediation.overview, name="mediation"),
    path("mediation/export.xlsx", mediation.export, name="mediation-export"),
    path("mediation/register", mediation_register.listing, name="mediation-register"),
    path("mediation/register.xlsx", mediation_register.export, name="mediation-register-export"),
    path("mediation/mine", mediation.mine, name="mediation-mine"),
    path("mediation/mine.xlsx", mediation.mine_export, name="mediation-mine-export"),
    path("mediation/new", mediation_new.new, name="mediation-new"),
    path("mediation/cases", mediation.listing, name="mediation-cases"),
    path("mediation/cases.xlsx", mediation.listing_export, name="mediation-cases-export"),
    path("mediation/cases/<int:pk>", mediation_case.detail, name="mediation-case"),
    path("mediation/cases/<int:pk>/plan.xlsx", mediation_case.plan_export, name="mediation-plan-export"),
    path("mediation/cases/<int:pk>/papers/<int:document>", mediation_case.paper, name="mediation-paper"),
    path("mediation/cases/<int:pk>/preview/<int:share>", mediation_case.preview, name="mediation-preview"),
    path("mediation/cases/<int:pk>/refusal", mediation_letters.refusal, name="mediation-refusal"),
    path("mediation/cases/<int:pk>/signing", mediation_signing.detail, name="mediation-signing"),
    path(
        "mediation/cases/<int:pk>/signing/<int:paper>/file",
        mediation_signing.file,
        name="mediation-signing-file",
    ),
    path(
        "mediation/cases/<int:pk>/signing/<slug:action>", mediation_signing.act, name="mediation-signing-act"
    ),
    path("mediation/cases/<int:pk>/<slug:action>", mediation_acts.act, name="mediation-act"),
    path("mediation/organisations", mediation_directory.bodies, name="mediation-bodies"),
    path("mediation/organisations.xlsx", mediation_directory.bodies_export, name="mediation-bodies-export"),
    path("mediation/mediators", mediation_directory.mediators, name="mediation-mediators"),
    path("mediation/mediators.xlsx", mediation_directory.mediators_export, name="mediation-mediators-export"),
    path("legal-aid", legal_aid.overview, name="legal-aid"),
    path("legal-aid/<int:pk>/letter", mediation_letters.aid, name="aid-letter"),
    path("legal-aid/duties.xlsx", legal_aid.duties_export, name="aid-duties-export"),
    path("legal-aid/requests.xlsx", legal_aid.requests_export, name="aid-requests-export"),
    path("legal-aid/new", legal_aid.new, name="aid-new"),
    path("arbitration", arbitration.listing, name="arbitration"),
    path("arbitration/export.xlsx", arbitration.export, name="arbitration-export"),
    path(
        "arbitration/applicants-template.xlsx",
        arbitration_case.applicants_template,
        name="arbitration-applicants-template",
    ),
    path("arbitration/new", arbitration_new.new, name="arbitration-new"),
    path("arbitration/cases/<int:pk>", arbitration_case.detail, name="arbitration-case"),
    path(
        "arbitration/cases/<int:pk>/claims.xlsx",
        arbitration_case.claims_export,
        name="arbitration-claims-export",
    ),
    path("arbitration/cases/<int:pk>/proposals", arbitration_acts.proposed, name="arbitration-proposals"),
    path("arbitration/cases/<int:pk>/act/<slug:action>", arbitration_acts.act, name="arbitration-act"),
    path("arbitration/calendar", arbitration_calendar.calendar, name="arbitration-calendar"),
    path(
        "arbitration/calendar.xlsx", arbitration_calendar.calendar_export, name="arbitration-calendar-export"
    ),
    path("arbitration/mine", arbitration_calendar.mine, name="arbitration-mine"),
    path("arbitration/mine.xlsx", arbitration_calendar.mine_export, name="arbitration-mine-export"),
    path("arbitration/arbitrators", arbitration_roster.arbitrators, name="arbitration-arbitrators"),
    path(
        "arbitration/arbitrators.xlsx",
        arbitration_roster.arbitrators_export,
        name="arbitration-arbitrators-export",
    ),
    path("arbitration/places", arbitration_roster.arbitration_places, name="arbitration-places"),
    path("arbitration/circuit.xlsx", arbitration_roster.circuit_export, name="arbitration-circuit-export"),
    path("arbitration/rooms.xlsx", arbitration_roster.rooms_export, name="arbitration-rooms-export"),
    path("arbitration/keep/<slug:action>", arbitration_roster.keep, name="arbitration-keep"),
    path("arbitration/cases/<int:pk>/hearings", arbitration_hearings.detail, name="arbitration-hearings"),
    path(
        "arbitration/cases/<int:pk>/hearings/<slug:action>",
        arbitration_hearings.act,
        name="arbitration-hearings-act",
    ),
    path("arbitration/hearings/<int:pk>/record", arbitration_record.detail, name="arbitration-record"),
    path("arbitration/hearings/<int:pk>/record.pdf", arbitration_record.file, name="arbitration-record-file"),
    path(
        "arbitration/hearings/<int:pk>/record/<slug:action>",
        arbitration_record.act,
        name="arbitration-record-act",
    ),
]
