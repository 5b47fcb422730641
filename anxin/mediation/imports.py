"""The lists of a centre as files: organisations, mediators, the roster of legal aid.

Good rows go on, bad rows come back with the reason; the same file twice changes nothing. A row is known again by its
number (a duty by place, day and room) and takes what the file says now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from anxin.accounts.access import IMPORT, keeps_place
from anxin.accounts.models import Grant, Role, User
from anxin.evidence.journal import Actor
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.mediation.models import SKILLS, AidDuty, Level, MediationBody, Mediator, parts
from anxin.registry.models import Employer, Region
from anxin.sheets import SIGNALS

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

_CHUNK = 2_000
Values = dict[str, Any]
#: a row's values as columns of the model, or (field, sentence) why it comes back
Read = Callable[["ParsedRow"], "Values | tuple[str, str]"]


class _Scope:
    """Whether the places of a delivery are its sender's; the command line speaks for the whole bureau."""

    def __init__(self, who: Actor) -> None:
        kind, _, key = who.key.partition(":")
        self._all = kind != "user"
        self._user = None if self._all else User.objects.filter(pk=key).first()

    def covers(self, region: str) -> bool:
        return self._all or (self._user is not None and keeps_place(self._user, IMPORT, region))


@dataclass(frozen=True)
class ListImport:
    """One list. ``reader`` prepares what rows refer to, once for the file; ``key`` is by what a row is known again."""

    kind: str
    model: type[models.Model]
    key: tuple[str, ...]
    reader: Callable[[Sequence[ParsedRow], _Scope], Read]

    @property
    def title(self) -> str:
        return SIGNALS[self.kind].title

    def check(self, *, project_code: str) -> None:
        """These lists are about no project."""

    def apply(self, context: ApplyContext) -> ApplyResult:
        result, rows = ApplyResult(), context.recognition.rows
        read = self.reader(rows, _Scope(context.actor))
        wanted: dict[tuple[Any, ...], Values] = {}
        for row in rows:
            values = read(row)
            if isinstance(values, tuple):
                result.problems.append(RowProblem(row.number, values[1], field=values[0]))
            else:
                wanted[tuple(values[name] for name in self.key)] = values
        self._write(wanted, context, result)
        return result

    def _write(
        self, wanted: Mapping[tuple[Any, ...], Values], context: ApplyContext, result: ApplyResult
    ) -> None:
        narrow = f"{self.key[0]}__in"
        asked = {key[0] for key in wanted}
        rows = self.model._default_manager.filter(**{narrow: asked}) if wanted else []
        known = {tuple(getattr(row, name) for name in self.key): row for row in rows}
        new, changed = [], []
        for key, values in wanted.items():
            row = known.get(key)
            if row is None:
                new.append(self.model(**values, recorded_at=context.now))
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row)
            else:
                result.unchanged += 1
        self.model._default_manager.bulk_create(new, batch_size=_CHUNK)
        if changed:
            columns = [name for name in next(iter(wanted.values())) if name not in self.key]
            self.model._default_manager.bulk_update(changed, columns, batch_size=_CHUNK)
        result.inserted, result.superseded = len(new) + len(changed), len(changed)
        result.counts = {f"{self.kind}_new": len(new), f"{self.kind}_changed": len(changed)}


def _texts(row: ParsedRow, *names: str) -> Values:
    return {name: (row.values.get(name) or "").strip() for name in names}


def _bodies(rows: Sequence[ParsedRow], scope: _Scope) -> Read:
    regions = set(
        Region.objects.filter(pk__in={row.values["region"] for row in rows}).values_list("pk", flat=True)
    )
    codes = {row.values.get("uscc") for row in rows} - {None, ""}
    employers = dict(Employer.objects.filter(uscc__in=codes).values_list("uscc", "pk"))
    kept = dict(
        MediationBody.objects.filter(code__in={row.values["code"] for row in rows}).values_list(
            "code", "region_id"
        )
    )

    def read(row: ParsedRow) -> Values | tuple[str, str]:
        said = row.values
        region, uscc = said["region"], said.get("uscc") or ""
        if region not in regions:
            return "region", f"没有登记区划代码{region}，请核对，或由系统管理员先登记这个地区。"
        if not (scope.covers(region) and scope.covers(kept.get(said["code"], region))):
            return "region", f"区划代码{region}不在您负责的范围内，请由当地导入。"
        if uscc and uscc not in employers:
            return "uscc", f"没有登记统一社会信用代码为{uscc}的单位，请先导入单位名册。"
        if said["level"] == Level.VILLAGE and len(region) <= 9 and not said.get("place"):
            return "place", "村（社区）调解组织请填写村（社区）名称，或者用12位的区划代码。"
        return {
            "code": said["code"],
            **_texts(row, "name", "level", "place", "brand", "address", "phone"),
            "region_id": region,
            "employer_id": employers.get(uscc),
            "closed_on": said.get("closed_on"),
        }

    return read


def _mediators(rows: Sequence[ParsedRow], scope: _Scope) -> Read:
    bodies = {
        code: (pk, region)
        for code, pk, region in MediationBody.objects.filter(
            code__in={row.values["body"] for row in rows}
        ).values_list("code", "pk", "region_id")
    }
    kept = {
        code: (region, user)
        for code, region, user in Mediator.objects.filter(
            code__in={row.values["code"] for row in rows}
        ).values_list("code", "body__region_id", "user_id")
    }
    names = {row.values.get("account") for row in rows} - {None, ""}
    accounts = dict(
        Grant.objects.filter(role=Role.MEDIATOR, user__username__in=names).values_list(
            "user__username", "user_id"
        )
    )
    used = dict(Mediator.objects.filter(user__in=accounts.values()).values_list("user_id", "code"))

    def read(row: ParsedRow) -> Values | tuple[str, str]:
        said = row.values
        code, account = said["code"], said.get("account") or ""
        if said["body"] not in bodies:
            return "body", f"没有编号为{said['body']}的调解组织，请先导入调解组织名册。"
        body, region = bodies[said["body"]]
        before, user = kept.get(code, (region, None))
        if not (scope.covers(region) and scope.covers(before)):
            return "body", "这个调解组织不在您负责的地区，请由当地导入。"
        skills = parts(said.get("skills") or "")
        if strange := [word for word in skills if word not in SKILLS]:
            return "skills", f"“擅长”里没有“{strange[0]}”，可填：{'、'.join(SKILLS)}。"
        if account:
            if account not in accounts:
                return "account", f"没有名为{account}的调解员账号，请系统管理员先开通账号、角色选“调解员”。"
            user = accounts[account]
            if used.setdefault(user, code) != code:
                return "account", f"账号{account}已经是编号{used[user]}的调解员的，请核对。"
        return {
            "code": code,
            "name": said["name"].strip(),
            "body_id": body,
            "user_id": user,
            "full_time": bool(said.get("full_time")),
            "skills": "、".join(skills),
            "languages": "、".join(parts(said.get("languages") or ""))[:120],
            "left_on": said.get("left_on"),
        }

    return read


def _duties(rows: Sequence[ParsedRow], scope: _Scope) -> Read:
    regions = set(
        Region.objects.filter(pk__in={row.values["region"] for row in rows}).values_list("pk", flat=True)
    )

    def read(row: ParsedRow) -> Values | tuple[str, str]:
        region = row.values["region"]
        if region not in regions:
            return "region", f"没有登记区划代码{region}，请核对。"
        if not scope.covers(region):
            return "region", f"区划代码{region}不在您负责的范围内，请由当地导入。"
        texts = _texts(row, "place", "hours", "lawyer", "firm", "officer", "phone")
        if texts["lawyer"] == texts["officer"]:
            return "officer", "律师和干部要是两个人（1+1值班），请核对。"
        return {"region_id": region, "on": row.values["on"], **texts}

    return read


KINDS = (
    ListImport("mediation_bodies", MediationBody, ("code",), _bodies),
    ListImport("mediators", Mediator, ("code",), _mediators),
    ListImport("aid_duties", AidDuty, ("region_id", "on", "place"), _duties),
)
