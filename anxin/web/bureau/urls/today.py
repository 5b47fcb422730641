"""What stands at the door: today's work, what was heard, the whole at a glance, and looking for something."""

from __future__ import annotations

from django.urls import path

from anxin.web.bureau import due, home, notices, overview, revealing, searching, tasks

urlpatterns = [
    path("", home.home, name="home"),
    path("search", searching.search, name="search"),
    path("notices", notices.listing, name="notices"),
    path("notices/export.xlsx", notices.export, name="notices-export"),
    path("notices/read", notices.read, name="notices-read"),
    path("notices/settings", notices.settings, name="notice-settings"),
    path("notices/<int:pk>/open", notices.open_notice, name="notice-open"),
    path("tasks", tasks.listing, name="tasks"),
    path("tasks/export.xlsx", tasks.export, name="tasks-export"),
    path("due/<slug:kind>/<int:pk>", due.steps, name="due"),
    path("overview", overview.overview_page, name="overview"),
    path("overview/export.xlsx", overview.export, name="overview-export"),
    path("wall", overview.wall, name="wall"),
    path("reveal/<slug:kind>/<int:pk>", revealing.reveal, name="reveal"),
]
