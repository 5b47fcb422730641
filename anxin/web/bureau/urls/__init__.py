"""Every address of the bureau's console, by area. All that begins with the same word stands in one file, the more
special address first; so the order of the areas does not matter."""

from __future__ import annotations

from anxin.web.bureau.urls import (
    clues,
    disputes,
    imports,
    law,
    matters,
    projects,
    reception,
    system,
    today,
    warnings,
)

urlpatterns = [
    *today.urlpatterns,
    *clues.urlpatterns,
    *reception.urlpatterns,
    *matters.urlpatterns,
    *disputes.urlpatterns,
    *warnings.urlpatterns,
    *projects.urlpatterns,
    *imports.urlpatterns,
    *law.urlpatterns,
    *system.urlpatterns,
]
