from __future__ import annotations

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "anxin.enforcement"
    verbose_name = "专班"

    def ready(self) -> None:
        from anxin.casework import conditions
        from anxin.enforcement import arrears_list, crime_notice, letter_facts, paid_people, reporting  # noqa: F401 - a kind of notice each
        from anxin.enforcement.hearing import HOLD, PROCEDURE, not_ready
        from anxin.enforcement.inspection import INSPECTORS_MIN, inspectors_missing
        from anxin.letters import sources

        conditions.register(INSPECTORS_MIN, inspectors_missing)
        conditions.register_step(PROCEDURE, HOLD, not_ready)
        sources.register(letter_facts.known)
        sources.register_for(arrears_list.KIND, arrears_list.known)
        crime_notice.register()
        paid_people.register()
