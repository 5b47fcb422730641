from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("anxin.web.api.urls")),
    path("employer/", include("anxin.web.employer.urls")),
    path("bank/", include("anxin.web.bank.urls")),
    path("grid/", include("anxin.web.grid.urls")),
    path("w/", include("anxin.web.worker.urls")),
    path("", include("anxin.web.public.urls")),
    path("", include("anxin.web.urls")),
]
