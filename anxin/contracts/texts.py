"""Texts of contracts: the bureau's model, an employer's own in versions, and what the law asks of both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache

from django.db import transaction
from django.db.models import Max, QuerySet

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts.access import may_act_for
from anxin.contracts.models import ContractText
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused
from anxin.law.errors import LawError
from anxin.law.labour_contracts import Fault, faults
from anxin.law.law import Law
from anxin.law.statutes import citation
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer
from anxin.typesetting.errors import TemplateFault
from anxin.typesetting.own_texts import fields_in, own_template, text_of
from anxin.typesetting.templates import Template, cited, template

#: the shipped template whose fields every text fills
MODEL = "labour_contract"
_CITED = re.compile(r"\{law:(\w+) (\d+)\}")
MODEL_NAME = "通用文本（建筑工人简易劳动合同）"


@cache
def model() -> Template:
    return template(MODEL)


def model_words() -> str:
    """The model text as a clerk starts from it: provisions in words, without the lines for hands."""
    law = local_law.current()
    body = text_of(model()).partition("\n@sign")[0].strip()
    return _CITED.sub(lambda found: citation(law.statute(found[1]), int(found[2])), body)


def placeholders() -> list[tuple[str, str]]:
    """(label, what it is filled with) of every placeholder."""
    return [(one.label, one.help) for name, one in model().fields.items() if name != "number"]


def template_of(text: ContractText | None) -> Template:
    """What the contracts of a batch are filled from."""
    return model() if text is None else own_template(model(), text.body)


def problems(body: str) -> list[str]:
    """Why a text may not be used: one sentence for each clause that the law asks for or forbids, with its article."""
    law = local_law.current()
    try:
        made = own_template(model(), body)
        for one in cited(made):
            law.statute(one.statute)
    except (TemplateFault, LawError) as fault:
        return [str(fault)]
    return [_sentence(one, law) for one in faults(fields_in(made), body)]


def _sentence(fault: Fault, law: Law) -> str:
    articles = "、".join(
        citation(law.statute(one.statute), one.article, one.paragraph, one.sub, one.item)
        for one in fault.clause.references
    )
    if not fault.missing:
        return f"有法律不允许的约定：{fault.clause.says}（{articles}），请删去。"
    labels = [model().fields[name].label for name in fault.clause.fields]
    how = (
        f"请写上{'、'.join(f'{{{label}}}' for label in labels)}"
        if labels
        else f"请写明{'、'.join(group[0] for group in fault.clause.words)}"
    )
    return f"缺少“{fault.clause.says}”（{articles}），{how}。"


def save_text(employer: Employer, *, name: str, body: str, user: User, now: dt.datetime) -> ContractText:
    """A new version of the text of this name. Raises :class:`Refused` with everything that is wrong; the same text again changes nothing."""
    if not may_act_for(user, employer):
        raise Refused("您不能为这个单位保存合同文本。")
    name, body = checked(name, body)
    with transaction.atomic():
        Employer.objects.select_for_update(of=("self",)).get(pk=employer.pk)
        versions = ContractText.objects.filter(employer=employer, name=name)
        if (same := unchanged(versions, body)) is not None:
            return same
        made = ContractText.objects.create(
            employer=employer, name=name, version=next_version(versions), body=body, made_at=now,
            made_by_name=str(user), made_by_key=actor(user).key,
        )  # fmt: skip
        record(
            actor=actor(user),
            action="contract_text.saved",
            object_type="contract_text",
            object_id=made.pk,
            summary=f"{employer.name}保存劳动合同文本“{made}”",
            now=now,
        )
    return made


def checked(name: str, body: str) -> tuple[str, str]:
    """Name and text as they are kept. Raises :class:`Refused` with everything that is wrong."""
    name, body = name.strip(), body.replace("\r\n", "\n").strip()
    if not name or len(name) > 40:
        raise Refused("请给文本取一个名称，不超过40个字。", field="name")
    if found := problems(body):
        raise Refused("\n".join(found), field="body")
    return name, body


def unchanged(versions: QuerySet[ContractText], body: str) -> ContractText | None:
    """The last version, if it says the same and still counts."""
    last = versions.order_by("-version").first()
    return last if last is not None and last.body == body and last.withdrawn_at is None else None


def next_version(versions: QuerySet[ContractText]) -> int:
    """One more than the highest; asked for under the lock of whom the text belongs to."""
    return (versions.aggregate(most=Max("version"))["most"] or 0) + 1


def newest(texts: Iterable[ContractText]) -> list[ContractText]:
    """The latest version of each name, of each employer and each place."""
    found: dict[tuple[int | None, str | None, str], ContractText] = {}
    for one in sorted(texts, key=lambda text: text.version):
        found[one.employer_id, one.region_id, one.name] = one
    return sorted(found.values(), key=lambda text: text.name)
