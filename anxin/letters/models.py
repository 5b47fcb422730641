"""Letters of the office: their words, numbers, acts, and how they reached whom. Who is written to is sealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anxin.casework.models import Document, Matter
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField
from anxin.letters.life import Act, State
from anxin.letters.models_copies import PaperRequest as PaperRequest
from anxin.letters.models_party import PartyCode as PartyCode
from anxin.letters.models_party import PartyLink as PartyLink
from anxin.letters.models_party import PartyPaper as PartyPaper
from anxin.letters.models_party import PartySigner as PartySigner
from anxin.letters.models_party import Promise as Promise
from anxin.registry.models import Employer, Organisation
from anxin.workforce.models import Worker


class LetterHead(models.Model):
    """What the letters of one office carry: the first sign of its numbers (机关代字), its contact, its seal."""

    office = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="letter_head")
    #: ``云`` in 云人社监令〔2026〕3号; two offices with the same one would give the same number twice
    prefix = models.CharField("机关代字", max_length=10, unique=True)
    #: as it stands on the paper, where that is not the office's registered name
    issuer = models.CharField("落款名称", max_length=80)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    contact_address = models.CharField("联系地址", max_length=120, blank=True)
    reconsideration_body = models.CharField("行政复议机关", max_length=80, blank=True)
    court = models.CharField("管辖法院", max_length=80, blank=True)
    #: PNG or JPEG; without it the seal is drawn from the name and says 示例
    seal = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.issuer


class NumberRegister(models.Model):
    """The last number of one office, kind of number and year; locked while the next one is given."""

    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="number_registers")
    #: the word in 人社监令字: one kind of letter of the office
    register = models.CharField("文号类别", max_length=20)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "register", "year"], name="letter_register_once")
        ]


class Letter(models.Model):
    """One letter. From its issue on its words, number and files never change; a later one may take its place."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="letters")
    #: the template's key, which is that of the law's catalogue of papers
    kind = models.CharField(max_length=80)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    #: field → value as JSON: names, sums, addresses
    fields = SealedField()
    #: grows with every act; a form that saw an older one is refused
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    replaces_why = models.CharField(max_length=200, blank=True)
    #: the letter that this public notice serves
    announces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="announcements")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    # from the issue on
    register = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField("文号", max_length=80, blank=True)
    issued_on = models.DateField("成文日期", null=True)
    #: the filled letter as JSON: what is sealed is what was issued, whatever becomes of template and law
    content = SealedField(null=True)
    issued_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    #: the same among the papers of the matter, for steps to rest on
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="letter")

    class Meta:
        indexes = [
            # the queues
            models.Index(fields=["state", "-id"], name="letter_queue"),
            # the letters of a matter
            models.Index(fields=["matter", "-id"], name="letter_matter"),
        ]
        constraints = [
            # also serves the register, newest first
            models.UniqueConstraint(
                fields=["office", "register", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="letter_serial_once",
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="letter_number_once"),
            # one letter takes another's place, not two
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(replaces__isnull=False) & ~Q(state="dropped"),
                name="letter_replaced_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "review", "issue", "dropped"], serial__isnull=True, number="")
                | (
                    Q(
                        state__in=["seal", "serve", "served", "replaced"],
                        serial__isnull=False,
                        issued_on__isnull=False,
                        issued_file__isnull=False,
                        content__isnull=False,
                    )
                    & ~Q(number="")
                ),
                name="letter_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["serve", "served"]) | Q(sealed_file__isnull=False),
                name="letter_sealed_before_service",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces_why=""), name="letter_replaces_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"文书{self.pk}"


class LetterAct(models.Model):
    """Who did what to a letter, in order. Never changed."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=10, choices=Act.choices)
    #: nobody where the addressee opened it by a link
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    from_state = models.CharField(max_length=8, blank=True)
    to_state = models.CharField(max_length=8)

    class Meta:
        indexes = [models.Index(fields=["letter", "id"], name="letter_act_letter")]


class Consent(models.Model):
    """A party agreed to receive letters electronically (电子送达确认书), for one matter."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="service_consents")
    receiver = models.CharField("受送达人", max_length=120)
    #: telephone or e-mail
    address = SealedField()
    given_on = models.DateField("确认日期")
    how = models.CharField("怎样确认", max_length=200)
    #: awards and decisions like them, too (Civil Procedure Law 2023, art. 90)
    awards = models.BooleanField("裁决书也同意电子送达", default=False)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True)
    #: how and why the party took it back; empty where a wider consent took its place
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "receiver"], condition=Q(withdrawn_on__isnull=True), name="consent_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after_given",
            ),
        ]


class Service(models.Model):
    """How a letter reached one addressee, and which day counts as the day of service."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="services")
    receiver = models.CharField("受送达人", max_length=120)
    #: key of the law's manners of service
    manner = models.CharField(max_length=20)
    #: the day of signing, posting, publishing
    event_on = models.DateField()
    served_on = models.DateField("送达日")
    provisional = models.BooleanField(default=False)
    place = models.CharField("送达地点", max_length=200)
    servers = models.CharField("送达人", max_length=120)
    refusal = models.CharField("拒收事由", max_length=500, blank=True)
    witness = models.CharField("见证人", max_length=80, blank=True)
    media = models.CharField("影像或邮件编号", max_length=80, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    #: the day of the procedure that this service gives, and when it was given to the matter
    event_matter = models.ForeignKey(Matter, on_delete=models.PROTECT, null=True, related_name="+")
    event_name = models.CharField(max_length=120, blank=True)
    event_given_at = models.DateTimeField(null=True)
    proof = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # the days that are still to be given: few among all services ever recorded
            models.Index(
                fields=["served_on"],
                condition=Q(event_given_at__isnull=True) & ~Q(event_name=""),
                name="service_day_waits",
            ),
        ]
        constraints = [
            # a second time only in another manner, where the first was electronic and the consent had been taken back
            models.UniqueConstraint(
                fields=["letter", "receiver", "manner"], name="served_once_in_each_manner"
            ),
            models.CheckConstraint(
                condition=Q(served_on__gte=F("event_on")), name="served_not_before_the_event"
            ),
        ]

    @property
    def paper_open(self) -> bool:
        """Whether the addressee asked for it on paper and has not been given it yet."""
        return any(one.handed_on is None for one in self.paper_requests.all())


class PortalCopy(models.Model):
    """A letter put before an employer in its own portal; who of them opened it first, and how often."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="portal_copies")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="letters")
    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="portal_copy")
    placed_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    first_opened_by_name = models.CharField(max_length=80, blank=True)
    times_opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # also the employer's list by key
            models.UniqueConstraint(fields=["employer", "letter"], name="portal_copy_once"),
        ]


class WorkerCopy(models.Model):
    """A letter put before a worker on the worker's own pages; when it was first opened there, and how often."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="worker_copies")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="letters")
    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="worker_copy")
    placed_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    times_opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # also the worker's list by key
            models.UniqueConstraint(fields=["worker", "letter"], name="worker_copy_once"),
        ]


class Link(models.Model):
    """An address under which one addressee opens one letter, until it runs out. Only its hash is kept."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="links")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: the day of a procedure that the service by this link is to give (:class:`~anxin.letters.manners.Target`'s key), or none
    target = models.CharField(max_length=160, blank=True)
    #: written before the message leaves, empty again once its service stands or nothing left: what is left over was interrupted
    pending_since = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    #: by text or e-mail from here; null: the officer sent it by other means
    sent_at = models.DateTimeField(null=True)
    first_opened_at = models.DateTimeField(null=True)
    times_opened = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # what the day's run takes up: few among all links ever sent
            models.Index(
                fields=["pending_since"],
                condition=Q(pending_since__isnull=False),
                name="link_service_pending",
            ),
        ]
