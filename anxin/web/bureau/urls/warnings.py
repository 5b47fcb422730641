"""Warnings and the rules that raise them, and whom they are about."""

from __future__ import annotations

from django.urls import path

from anxin.web.bureau import (
    aliases,
    backtests,
    clue_new,
    coverage,
    employers,
    forecasts,
    rules,
    warning_rows,
    warnings,
)

urlpatterns = [
    path("warnings", warnings.listing, name="warnings"),
    path("warnings/export.xlsx", warnings.export, name="warnings-export"),
    path("warnings/many", warnings.many, name="warnings-many"),
    path("warnings/<int:pk>", warnings.detail, name="warning"),
    path("warnings/<int:pk>/rows.xlsx", warning_rows.export, name="warning-rows"),
    path("warnings/<int:pk>/slip/<slug:kind>", warnings.slip, name="warning-slip"),
    path("warnings/<int:pk>/files/<int:event>", warnings.attachment, name="warning-file"),
    path("warnings/<int:pk>/clue", clue_new.from_warning, name="warning-clue"),
    path("warnings/<int:pk>/<slug:action>", warnings.act, name="warning-act"),
    path("rules", rules.listing, name="rules"),
    path("rules/export.xlsx", rules.export, name="rules-export"),
    path("rules/accuracy.xlsx", rules.accuracy_export, name="rules-accuracy-export"),
    path("rules/<slug:code>", rules.detail, name="rule"),
    path("rules/<slug:code>/stage", rules.propose, name="rule-stage-propose"),
    path("rules/<slug:code>/stage/<int:pk>", rules.decide, name="rule-stage-decide"),
    path("backtests", backtests.listing, name="backtests"),
    path("backtests/new", backtests.new, name="backtest-new"),
    path("backtests/<int:pk>", backtests.detail, name="backtest"),
    path("backtests/<int:pk>/progress", backtests.progress, name="backtest-progress"),
    path("backtests/<int:pk>/export.xlsx", backtests.export, name="backtest-export"),
    path("forecasts", forecasts.listing, name="forecasts"),
    path("forecasts/export.xlsx", forecasts.export, name="forecasts-export"),
    path("coverage", coverage.listing, name="coverage"),
    path("coverage/export.xlsx", coverage.export, name="coverage-export"),
    path("coverage/<int:pk>", coverage.site, name="coverage-site"),
    path("employers", employers.listing, name="employers"),
    path("employers/export.xlsx", employers.export, name="employers-export"),
    path("employers/<int:pk>", employers.detail, name="employer"),
    path("aliases", aliases.listing, name="aliases"),
    path("aliases/export.xlsx", aliases.export, name="aliases-export"),
    path("aliases/<int:pk>/end", aliases.end, name="alias-end"),
]
