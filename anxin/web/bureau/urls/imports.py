"""Lists and packages that come in, and names that have to be matched."""

from __future__ import annotations

from django.urls import path

from anxin.web.bureau import imports, mapping, matches, packages

urlpatterns = [
    path("imports", imports.listing, name="imports"),
    path("imports/export.xlsx", imports.export, name="imports-export"),
    path("imports/new", imports.upload, name="import-new"),
    path("imports/packages", packages.listing, name="packages"),
    path("imports/packages/export", packages.export, name="package-export"),
    path("imports/packages/take", packages.take, name="package-take"),
    path("imports/packages/export.xlsx", packages.imports_export, name="packages-export"),
    path("imports/packages/objects.xlsx", packages.objects, name="package-objects"),
    path("imports/packages/<int:pk>", packages.detail, name="package"),
    path("imports/packages/<int:pk>/problems.xlsx", packages.problems, name="package-problems"),
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
]
