"""Every address of the employer portal."""

from __future__ import annotations

from django.urls import path

from anxin.web.employer import (
    contract_new,
    contract_running,
    contract_seal,
    contract_texts,
    contracts,
    home,
    letters,
    lines,
    mediation,
    orders,
    projects,
    runs,
    uploads,
    words,
)

app_name = "employer"
urlpatterns = [
    path("", home.home, name="home"),
    # projects
    path("projects", projects.listing, name="projects"),
    path("projects/export.xlsx", projects.listing_export, name="projects-export"),
    path("projects/<int:pk>", projects.overview, name="project"),
    path("projects/<int:pk>/roster", projects.roster, name="roster"),
    path("projects/<int:pk>/roster.xlsx", projects.roster_export, name="roster-export"),
    path("projects/<int:pk>/attendance", projects.attendance, name="attendance"),
    path("projects/<int:pk>/attendance.xlsx", projects.attendance_export, name="attendance-export"),
    # files in, and empty tables for them
    path("uploads", uploads.listing, name="uploads"),
    path("uploads/export.xlsx", uploads.listing_export, name="uploads-export"),
    path("uploads/new", uploads.upload, name="upload-new"),
    path("uploads/<int:pk>", uploads.detail, name="upload"),
    path("uploads/<int:pk>/accept", uploads.accept, name="upload-accept"),
    path("uploads/<int:pk>/withdraw", uploads.withdraw, name="upload-withdraw"),
    path("uploads/<int:pk>/rejects.xlsx", uploads.rejects, name="upload-rejects"),
    path("blanks/<slug:kind>.xlsx", uploads.blank, name="blank"),
    # labour contracts
    path("contracts", contracts.listing, name="contracts"),
    path("contracts/export.xlsx", contracts.export, name="contracts-export"),
    path("contracts/new", contract_new.new, name="contract-new"),
    path("contracts/texts", contract_texts.listing, name="contract-texts"),
    path("contracts/texts/export.xlsx", contract_texts.export, name="contract-texts-export"),
    path("contracts/texts/edit", contract_texts.edit, name="contract-text"),
    path("contracts/batches/<int:pk>", contract_new.batch, name="contract-batch"),
    path("contracts/running", contract_running.listing, name="contracts-running"),
    path("contracts/running/export.xlsx", contract_running.export, name="contracts-running-export"),
    path("contracts/seal", contract_seal.seal, name="contract-seal"),
    path("contracts/<int:pk>", contracts.detail, name="contract"),
    path("contracts/<int:pk>/file", contracts.file, name="contract-file"),
    path("contracts/<int:pk>/end", contracts.certificate, name="contract-certificate"),
    path("contracts/<int:pk>/information", contracts.information, name="contract-information"),
    path("contracts/<int:pk>/counter", contracts.counter, name="contract-counter"),
    path("contracts/many/<slug:action>", contracts.act, name="contracts-act"),
    # letters put before the employer
    path("letters", letters.listing, name="letters"),
    path("letters/export.xlsx", letters.export, name="letters-export"),
    path("letters/<int:pk>/file", letters.file, name="letter-file"),
    path("letters/<int:pk>/paper", letters.paper, name="letter-paper"),
    path("letters/mediation", mediation.listing, name="mediation"),
    path("letters/mediation/export.xlsx", mediation.export, name="mediation-export"),
    path("letters/mediation/<int:pk>/file", mediation.file, name="mediation-file"),
    path("letters/mediation/<int:pk>/grade", mediation.grade, name="mediation-grade"),
    # payrolls
    path("payrolls", runs.listing, name="runs"),
    path("payrolls/export.xlsx", runs.listing_export, name="runs-export"),
    path("payrolls/new", runs.new, name="run-new"),
    path("payrolls/<int:pk>", runs.detail, name="run"),
    path("payrolls/<int:pk>/export.xlsx", runs.export, name="run-export"),
    path("payrolls/<int:pk>/bank", orders.new, name="order-new"),
    path("payrolls/<int:pk>/<slug:action>", runs.act, name="run-act"),
    # one worker in a payroll
    path("lines/<int:pk>", lines.detail, name="line"),
    path("lines/<int:pk>/slip", lines.slip, name="slip"),
    path("lines/<int:pk>/remove", lines.remove, name="line-remove"),
    path("lines/<int:pk>/<slug:action>", lines.act, name="line-act"),
    path("objections", lines.objections, name="objections"),
    path("objections/export.xlsx", lines.objections_export, name="objections-export"),
    path("objections/words", words.listing, name="words"),
    path("objections/words/export.xlsx", words.export, name="words-export"),
    path("objections/words/<int:pk>", words.answer, name="word-answer"),
    # orders to the bank
    path("orders/<int:pk>", orders.detail, name="order"),
    path("orders/<int:pk>/file", orders.download, name="order-file"),
    path("orders/<int:pk>/export.xlsx", orders.export, name="order-export"),
    path("orders/<int:pk>/<slug:action>", orders.act, name="order-act"),
]
