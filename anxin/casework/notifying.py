"""Who is told what about a matter. The words hold numbers, names of clocks and days, never people."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from anxin.accounts.access import DECIDE, HANDLE
from anxin.accounts.models import User
from anxin.casework.access import acts_on, works_for
from anxin.casework.models import Deadline, Matter, OversightMark, Task
from anxin.law.wording import day_text
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many
from anxin.registry.models import Organisation


class Colleagues:
    """Everybody who signs in, with their grants, read once however many matters are asked about."""

    @cached_property
    def all(self) -> list[User]:
        people = list(User.objects.filter(is_active=True).prefetch_related("grants").order_by("pk"))
        for person in people:
            person._anxin_grants = list(person.grants.all())  # type: ignore[attr-defined]
        return people

    def handling(self, matter: Matter) -> list[User]:
        """Whoever works on it: its handler, or all of the lead body who may."""
        if matter.handler is not None and matter.handler.is_active:
            return [matter.handler]
        return [person for person in self.all if acts_on(person, HANDLE, matter)]

    def leading(self, matter: Matter) -> list[User]:
        return [person for person in self.all if acts_on(person, DECIDE, matter)]

    def of_body(self, body: Organisation, matter: Matter) -> list[User]:
        """Whoever acts for a body in this matter."""
        return [person for person in self.all if works_for(person, HANDLE, body, matter)]

    def doing(self, task: Task) -> list[User]:
        """Who has to do a task: one colleague, the leaders, the body it was given to, or whoever may handle
        the matter."""
        if task.kind == Task.Kind.DECISION:
            return self.of_body(task.for_organisation, task.matter)
        if task.for_leader:
            return self.leading(task.matter)
        if task.for_user is not None and task.for_user.is_active:
            return [task.for_user]
        return self.handling(task.matter)


def link(matter_id: int) -> str:
    """The page of a matter in the console."""
    return f"/matters/{matter_id}"


def outline(matter: Matter) -> Outline:
    """All that may leave the house about a matter."""
    return Outline(region=matter.region_id, number=matter.number)


def messages(
    people: Iterable[User], matter: Matter, *, kind: str, title: str, body: str, once_key: str, page: str = ""
) -> list[Message]:
    """The same words to several people; ``page`` is the part of the matter that the notice opens."""
    return [
        Message(
            to=person,
            kind=kind,
            title=title,
            body=body,
            link=link(matter.pk) + page,
            about=("matter", matter.pk),
            once_key=once_key,
            outline=outline(matter),
        )
        for person in people
    ]


def tell_assigned(matter: Matter, *, by: User, now: dt.datetime) -> None:
    """Tell who works on it now; nobody is told of what they did themselves."""
    people = [person for person in Colleagues().handling(matter) if person.pk != by.pk]
    to = f"{matter.handler.pk}" if matter.handler else f"body{matter.lead_id}"
    due = f"最近期限{day_text(matter.next_due_on)}。" if matter.next_due_on else ""
    send_many(
        messages(
            people, matter, kind="matter_assigned", title=f"新交办事项：{matter.number}",
            body=f"{matter.number}由{matter.lead}牵头办理。{due}",
            once_key=f"matter:{matter.pk}:assigned:{to}:{matter.version}",
        ),
        now=now,
    )  # fmt: skip


def tell_given(task: Task, *, by: User, now: dt.datetime) -> None:
    """Tell a body's people that something was given to it."""
    matter = task.matter
    people = [person for person in Colleagues().of_body(task.for_organisation, matter) if person.pk != by.pk]
    until = f"，{day_text(task.due_on)}前完成" if task.due_on else ""
    send_many(
        messages(
            people, matter, kind="matter_assigned", title=f"交办任务：{matter.number}",
            body=f"交{task.for_organisation}办理：{task.title}{until}。", once_key=f"given:{task.pk}",
        ),
        now=now,
    )  # fmt: skip


def tell_oversight(marks: Iterable[OversightMark], *, now: dt.datetime, colleagues: Colleagues) -> None:
    """Tell leaders and whoever works on it that a limit of the bureau's own was missed."""
    told: list[Message] = []
    for mark in marks:
        matter = mark.matter
        people = {person.pk: person for person in [*colleagues.leading(matter), *colleagues.handling(matter)]}
        told += messages(
            people.values(), matter, kind="oversight", title=f"列入督办：{matter.number}",
            body=f"“{mark.deadline.name}”逾期未办结。{mark.sentence}",
            once_key=f"oversight:{mark.deadline_id}:{mark.deadline.missed_on}",
        )  # fmt: skip
    send_many(told, now=now)


def tell_moved(deadlines: Iterable[Deadline], *, reason: str, once_key: str, now: dt.datetime) -> None:
    """Tell each colleague once how many of the clocks they work on have another due day now."""
    colleagues = Colleagues()
    mine: Counter[int] = Counter()
    people: dict[int, User] = {}
    for deadline in deadlines:
        for person in colleagues.handling(deadline.matter):
            people[person.pk] = person
            mine[person.pk] += 1
    told = [
        Message(
            to=people[pk],
            kind="law_changed",
            title=f"{count}个期限已重新计算",
            body=f"{reason}。您承办的事项中有{count}个期限的到期日变动，原日期与新日期见各事项的办理记录。",
            link="/tasks",
            about=("deadlines", once_key),
            once_key=f"recomputed:{once_key}",
            outline=Outline(count=count),
        )
        for pk, count in mine.items()
    ]
    send_many(told, now=now)
