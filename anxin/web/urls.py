"""Every address of the console. Each view declares its policy (see ``anxin.web.policy``)."""

from __future__ import annotations

from django.urls import path

from anxin.web.bureau import (
    home,
    imports,
    journal,
    mapping,
    matches,
    organisations,
    people,
    project_exports,
    projects,
    registering,
    revealing,
    searching,
    signin,
    sweeps,
    warnings,
    workers,
)
from anxin.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("sign-in", signin.sign_in, name="sign-in"),
    path("sign-in/code", signin.sign_in_code, name="sign-in-code"),
    path("sign-out", signin.sign_out, name="sign-out"),
    path("account", signin.account, name="account"),
    path("account/second-factor", signin.enrol, name="enrol"),
    path("account/second-factor/off", signin.leave_second_factor, name="leave-second-factor"),
    path("", home.home, name="home"),
    path("search", searching.search, name="search"),
    # warnings
    path("warnings", warnings.listing, name="warnings"),
    path("warnings/export.xlsx", warnings.export, name="warnings-export"),
    path("warnings/many", warnings.many, name="warnings-many"),
    path("warnings/<int:pk>", warnings.detail, name="warning"),
    path("warnings/<int:pk>/files/<int:event>", warnings.attachment, name="warning-file"),
    path("warnings/<int:pk>/<slug:action>", warnings.act, name="warning-act"),
    # projects
    path("projects", projects.listing, name="projects"),
    path("projects/export.xlsx", projects.export, name="projects-export"),
    path("projects/new", registering.new_project, name="project-new"),
    path("projects/<int:pk>", projects.overview, name="project"),
    path("projects/<int:pk>/roster", projects.roster, name="project-roster"),
    path("projects/<int:pk>/attendance", projects.attendance, name="project-attendance"),
    path(
        "projects/<int:pk>/attendance/<str:month>", projects.attendance_month, name="project-attendance-month"
    ),
    path("projects/<int:pk>/funds", projects.funds, name="project-funds"),
    path("projects/<int:pk>/deposits", projects.deposits, name="project-deposits"),
    path("projects/<int:pk>/wages", projects.wages, name="project-wages"),
    path("projects/<int:pk>/wages/<str:month>", projects.wages_month, name="project-wages-month"),
    path("projects/<int:pk>/export/<slug:what>.xlsx", project_exports.export, name="project-export"),
    path("projects/<int:pk>/warnings", projects.project_warnings, name="project-warnings"),
    path("projects/<int:pk>/edit", registering.edit_project, name="project-edit"),
    path("projects/<int:pk>/participants/remove", registering.remove_participant, name="participant-remove"),
    path("projects/<int:pk>/register/<slug:what>", registering.register, name="project-register"),
    # workers
    path("workers", workers.find, name="workers"),
    path("workers/<int:pk>", workers.detail, name="worker"),
    path("reveal/<slug:kind>/<int:pk>", revealing.reveal, name="reveal"),
    # imports
    path("imports", imports.listing, name="imports"),
    path("imports/export.xlsx", imports.export, name="imports-export"),
    path("imports/new", imports.upload, name="import-new"),
    path("imports/<int:pk>", imports.detail, name="import"),
    path("imports/<int:pk>/mapping", mapping.mend, name="import-mapping"),
    path("imports/<int:pk>/kind", mapping.other_kind, name="import-kind"),
    path("imports/<int:pk>/accept", imports.accept, name="import-accept"),
    path("imports/<int:pk>/withdraw", imports.withdraw, name="import-withdraw"),
    path("imports/<int:pk>/progress", imports.progress_piece, name="import-progress"),
    path("imports/<int:pk>/rejects.xlsx", imports.rejects, name="import-rejects"),
    path("imports/<int:pk>/file", imports.original, name="import-file"),
    path("matches", matches.listing, name="matches"),
    path("matches/<int:pk>/<slug:answer>", matches.decide, name="match-decide"),
    # system
    path("system", sweeps.system, name="system"),
    path("system/people", people.listing, name="people"),
    path("system/people/export.xlsx", people.export, name="people-export"),
    path("system/people/new", people.new, name="person-new"),
    path("system/people/<int:pk>", people.detail, name="person"),
    path("system/people/<int:pk>/<slug:action>", people.act, name="person-act"),
    path("system/organisations", organisations.listing, name="organisations"),
    path("system/organisations/export.xlsx", organisations.export, name="organisations-export"),
    path("system/journal", journal.listing, name="journal"),
    path("system/journal/export.xlsx", journal.export, name="journal-export"),
    path("system/journal/verify", journal.verify, name="journal-verify"),
    path("system/sweeps", sweeps.listing, name="sweeps"),
    path("system/sweeps/export.xlsx", sweeps.export, name="sweeps-export"),
    path("system/sweeps/<int:pk>", sweeps.detail, name="sweep"),
]
