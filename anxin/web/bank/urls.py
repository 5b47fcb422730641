"""Every address of the bank portal."""

from __future__ import annotations

from django.urls import path

from anxin.web.bank import accounts, home, orders, queries

app_name = "bank"
urlpatterns = [
    path("", home.home, name="home"),
    path("batches", orders.listing, name="orders"),
    path("batches/export", orders.listing_export, name="orders-export"),
    path("batches/<int:pk>", orders.detail, name="order"),
    path("batches/<int:pk>/file", orders.download, name="order-file"),
    path("batches/<int:pk>/results", orders.take_results, name="order-results"),
    path("batches/<int:pk>/export", orders.export, name="order-export"),
    path("accounts", accounts.listing, name="accounts"),
    path("accounts/export", accounts.export, name="accounts-export"),
    path("queries", queries.listing, name="queries"),
    path("queries/export", queries.export, name="queries-export"),
    path("queries/<int:pk>", accounts.query, name="query"),
]
