"""Labour contracts in electronic form: texts, batches, and each contract with its life from draft to end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q

from anxin.evidence.models import FileReading, StoredFile
from anxin.evidence.sealing import SealedField
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Project, Region
from anxin.workforce.models import Worker


class ContractText(models.Model):
    """One version of a text: an employer's own (自定义), or a bureau's model for its place (通用).

    The model text that everybody has is shipped and has no row. A bureau's counts once a second person has said yes.
    """

    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, related_name="contract_texts", db_index=False
    )
    #: for a bureau's model text instead of ``employer``: the place whose sites may use it
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField("名称", max_length=40)
    version = models.PositiveSmallIntegerField("版本")
    #: with the labels of fields as placeholders; see ``typesetting.own_texts``
    body = models.TextField("文本")
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=80)
    #: of a bureau's text: who proposed it and who was the second person
    made_by_key = models.CharField(max_length=40, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_key = models.CharField(max_length=40, blank=True)
    confirmed_by_name = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "name", "version"], name="contract_text_version_once"
            ),
            models.UniqueConstraint(
                fields=["region", "name", "version"], name="contract_model_text_version_once"
            ),
            models.CheckConstraint(
                condition=Q(employer__isnull=True, region__isnull=False)
                | Q(employer__isnull=False, region__isnull=True),
                name="contract_text_is_an_employers_or_a_places",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by_key="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by_key=F("made_by_key"))),
                name="contract_text_confirmed_by_another",
            ),
        ]

    @property
    def sort(self) -> str:
        """What a clerk calls it."""
        return "自定义" if self.region_id is None else "通用"

    @property
    def state(self) -> str:
        """Of a bureau's text, in a word."""
        if self.withdrawn_at is not None:
            return "已停用" if self.confirmed_at else "未同意"
        return "在用" if self.confirmed_at else "待确认"

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"


class ContractBatch(models.Model):
    """Contracts that were made by one action."""

    class Kind(models.TextChoices):
        NEW = "new", "签订"
        RENEWAL = "renewal", "续订"
        CHANGE = "change", "变更"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NEW)
    #: empty: the model text
    text = models.ForeignKey(ContractText, on_delete=models.PROTECT, null=True, related_name="+")
    #: fields that all contracts of the batch share, by name of field
    terms = models.JSONField(default=dict)
    #: sent to the workers as soon as they are made
    send = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by_key = models.CharField(max_length=40)
    made_by_name = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["employer", "-id"], name="contract_batch_employer")]

    @property
    def number(self) -> str:
        """``HT2026000012``: what its contracts' numbers begin with."""
        return f"HT{self.made_at.year}{self.pk:06d}"


class KeptContracts(models.QuerySet["Contract"]):
    """Contracts are kept as long as the law says: nothing here is deleted before."""

    def delete(self) -> Any:
        raise Refused("劳动合同在保存期内不能删除，保存期从解除或者终止之日起算。")


class Contract(models.Model):
    """One contract of one worker with one employer on one project."""

    class State(models.TextChoices):
        WAITING = "waiting", "待生成"
        DRAFTED = "drafted", "已生成，待发送"
        SENT = "sent", "已发送"
        READ = "read", "工人已读完"
        WORKER_SIGNED = "signed", "工人已签，待盖章"
        IN_FORCE = "in_force", "双方已签，已生效"
        REFUSED = "refused", "工人不签"
        FAILED = "failed", "没有办成"
        WITHDRAWN = "withdrawn", "已撤回"
        REPLACED = "replaced", "已由新合同代替"
        ENDED = "ended", "已解除或者终止"

    batch = models.ForeignKey(ContractBatch, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField("合同编号", max_length=24, unique=True)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="contracts", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="contracts", db_index=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="contracts")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: why it failed, was refused or withdrawn
    reason = models.CharField(max_length=300, blank=True)
    team = models.CharField("班组", max_length=60, blank=True)
    #: this worker's own fields, by name of field: trade, wage, pay day, dates
    terms = models.JSONField(default=dict)
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("终止日期", null=True)
    #: stands in the code that another device scans; names nobody and opens nothing without signing in
    token = models.CharField(max_length=32, unique=True)
    #: what was set, as plain blocks (JSON): the very words of the file, to read in large type or to hear
    words = SealedField(null=True)
    #: the file as it stands now: without signatures, with one, with both
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    worker_signed_at = models.DateTimeField(null=True)
    #: how it was shown who signs; see ``signing.parties.Method``
    method = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=80, blank=True)
    witness = models.CharField(max_length=60, blank=True)
    #: a clerk has asked for the seal; a task sets it
    seal_asked_at = models.DateTimeField(null=True)
    seal_asked_by_key = models.CharField(max_length=40, blank=True)
    seal_asked_by_name = models.CharField(max_length=80, blank=True)
    #: what the clerk had read before asking for it
    seal_reading = models.ForeignKey(FileReading, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(null=True)
    ended_on = models.DateField("解除或终止日期", null=True)
    #: key of a reason in ``law/data/labour_contracts.yaml``
    end_reason = models.CharField(max_length=20, blank=True)
    end_words = models.CharField(max_length=200, blank=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    keep_until = models.DateField("保存至", null=True)

    #: not yet signed by both, and not given up
    OPEN = (State.WAITING, State.DRAFTED, State.SENT, State.READ, State.WORKER_SIGNED)

    objects = KeptContracts.as_manager()

    class Meta:
        indexes = [
            # an employer's list, the latest first
            models.Index(fields=["employer", "-id"], name="contract_employer"),
            # a site's contracts, and how many are in force
            models.Index(fields=["project", "state"], name="contract_project_state"),
        ]
        constraints = [
            # one way to a signature at a time, one contract that holds: two actions at once make no doubles
            models.UniqueConstraint(
                fields=["project", "employer", "worker"],
                condition=Q(state__in=["waiting", "drafted", "sent", "read", "signed"]),
                name="contract_open_once",
            ),
            models.UniqueConstraint(
                fields=["project", "employer", "worker"],
                condition=Q(state="in_force"),
                name="contract_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("begins_on")),
                name="contract_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "replaced", "ended"])
                | Q(file__isnull=False, worker_signed_at__isnull=False, in_force_at__isnull=False),
                name="contract_in_force_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended")
                | (Q(ended_on__isnull=False, keep_until__isnull=False) & ~Q(end_reason="")),
                name="contract_end_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def past_end(self, on: dt.date) -> bool:
        """Signed by both and not ended by anybody, but its time has run out: by law it has ended."""
        return self.state == self.State.IN_FORCE and self.ends_on is not None and self.ends_on < on

    def standing(self, on: dt.date) -> str:
        """What it is on that day, in words."""
        return "已到期" if self.past_end(on) else str(self.get_state_display())

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Refused("劳动合同在保存期内不能删除，保存期从解除或者终止之日起算。")


class ContractTelling(models.Model):
    """That the worker is to be told of a contract, and what came of it: written in the transaction of its occasion.

    A contract has one for each occasion; one of before there were any has none and is told nothing late.
    """

    class Occasion(models.TextChoices):
        SENT = "sent", "发来等本人签"
        IN_FORCE = "in_force", "已生效"

    class Outcome(models.TextChoices):
        WAITING = "", "正在通知"
        TEXTED = "texted", "已发短信"
        IN_PERSON = "in_person", "已当面告知"
        NO_GATEWAY = "no_gateway", "没有设置短信网关"
        NO_PHONE = "no_phone", "花名册没有手机号"
        REFUSED = "refused", "短信没有发出"
        INVENTED = "invented", "演示城市的虚构号码，不发短信"
        NEEDLESS = "needless", "不用通知"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="tellings", db_index=False)
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING, blank=True)
    #: since when a run has it in hand; a run that was killed keeps it no longer than ``telling.HOLDS``
    taken_at = models.DateTimeField(null=True)
    #: when ``outcome`` became what it is
    settled_at = models.DateTimeField(null=True)

    #: the worker has heard of it
    TOLD = (Outcome.TEXTED, Outcome.IN_PERSON)
    #: nobody has told the worker: the clerk has to
    UNTOLD = (Outcome.NO_GATEWAY, Outcome.NO_PHONE, Outcome.REFUSED, Outcome.INVENTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "occasion"], name="contract_telling_once"),
        ]
        indexes = [
            # what is still to go out
            models.Index(fields=["id"], condition=Q(outcome=""), name="contract_telling_waiting"),
        ]

    @property
    def words(self) -> str:
        """What came of it, for the clerk."""
        label = str(self.get_outcome_display())
        return f"没有通知到：{label}" if self.outcome in self.UNTOLD else label


class SigningCode(models.Model):
    """A code that went to the worker's own phone for one contract: whoever types it consents to that one."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64)
    #: SHA-256 of the file that was shown when it was asked for
    shown = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
