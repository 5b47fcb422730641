"""Who may see and work a clue here: the desk of its place, and the bodies that were asked about it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from anxin.accounts.access import DECIDE, HANDLE, VIEW, actor, scopes
from anxin.accounts.models import User
from anxin.casework.access import acts_on, may_see, visible_matters
from anxin.casework.models import Matter
from anxin.clues.access import may_work, reaches, visible_clue, visible_clues
from anxin.clues.models import Clue
from anxin.referral.models import BESIDE, Asking, Conclusion, Referral, WorkerTold

__all__ = [
    "may_answer",
    "may_conclude",
    "may_handle",
    "may_review",
    "may_work",
    "merged_to_be_told",
    "own",
    "seen_clue",
    "to_review",
    "waiting_for_review",
    "waiting_to_be_told",
]


def seen_clue(user: User, clue_id: int) -> Clue | None:
    """The clue where this person sees it as the desk does, or because their body was asked about it."""
    clue = visible_clue(user, clue_id)
    if clue is not None:
        return clue
    asked = Asking.objects.filter(referral__clue=clue_id).select_related("body", "referral__matter__lead")
    for one in asked.order_by("-pk"):
        if may_see(user, one.referral.matter) or _was_asked(user, one):
            return _clue(clue_id)
    later = visible_matters(user).filter(root__referral__clue=clue_id).exclude(procedure__in=BESIDE)
    return _clue(clue_id) if later.exists() else None


def _clue(clue_id: int) -> Clue:
    return Clue.objects.select_related("region", "project", "employer", "dispute").get(pk=clue_id)


def _was_asked(user: User, asking: Asking) -> bool:
    """A body that returned it still sees what became of it."""
    matter = asking.referral.matter
    return any(
        scope.covers(region=matter.region_id, industry=matter.industry, organisation=asking.body.code)
        for scope in scopes(user, VIEW)
    )


def may_handle(user: User, referral: Referral) -> bool:
    """Whether this person acts for a body that deals or dealt with the claim in some matter of the chain."""
    return any(_acts(user, one) for one in referral.handling)


def may_conclude(user: User, referral: Referral) -> bool:
    """Whether this person acts for the body that has it now: the conclusion comes from the last matter."""
    return _acts(user, referral.now)


def may_answer(user: User, referral: Referral) -> bool:
    """Whether this person acts for the body that was asked: it accepts or returns what it was passed."""
    return _acts(user, referral.matter)


def _acts(user: User, matter: Matter) -> bool:
    return acts_on(user, HANDLE, matter) or acts_on(user, DECIDE, matter)


def may_review(user: User, clue: Clue, referral: Referral | None) -> bool:
    """Whether this person may be the second one: a leader of the place, or of a body that deals or dealt
    with it. No query where the chain has been read."""
    if reaches(user, DECIDE, clue):
        return True
    return referral is not None and any(acts_on(user, DECIDE, one) for one in referral.handling)


def own(user: User, conclusion: Conclusion) -> bool:
    """Whether this person concluded or asked to close: somebody else has to look."""
    return actor(user).key in (conclusion.by, conclusion.silent_by)


def waiting_for_review(user: User, permission: str = VIEW) -> QuerySet[Conclusion]:
    """What waits for a second person where this person has the permission: by the clue's place, or its body's matter."""
    waiting = Conclusion.Standing.REVIEW, Conclusion.Standing.SILENT
    return _reached(Conclusion.objects.filter(standing__in=waiting, ended_at__isnull=True), user, permission)


def waiting_to_be_told(user: User, permission: str = VIEW) -> QuerySet[Conclusion]:
    """Conclusions that stand and whose worker nobody has told yet, where this person has the permission.

    What the sweep found and the desk answered has nobody to be told.
    """
    standing = Q(standing=Conclusion.Standing.TOLD) | (
        Q(standing=Conclusion.Standing.ANSWERED) & ~Q(clue__channel=Clue.Channel.SWEEP)
    )
    rows = Conclusion.objects.filter(standing, told_at__isnull=True, ended_at__isnull=True)
    return _reached(rows, user, permission)


def merged_to_be_told(user: User, permission: str = VIEW) -> QuerySet[Clue]:
    """Merged clues whose own caller nobody has told of the conclusion that stands, where this person has the permission:
    by the clue's place, or by the body that has the one it was merged into. ``told_of`` is the key of the conclusion.
    """
    standing = Conclusion.objects.filter(clue=OuterRef("dispute"), ended_at__isnull=True).exclude(
        standing__in=(Conclusion.Standing.REVIEW, Conclusion.Standing.SENT_BACK)
    )
    told = WorkerTold.objects.filter(
        clue=OuterRef("pk"),
        reached=True,
        conclusion__clue=OuterRef("dispute"),
        conclusion__ended_at__isnull=True,
    )
    own = Referral.objects.filter(clue=OuterRef("pk"))
    rows = Clue.objects.filter(~Exists(own), ~Exists(told), Exists(standing), dispute__isnull=False)
    seen = visible_clues(user, permission).values("pk")
    rows = rows.filter(Q(pk__in=seen) | Q(dispute__in=_led(user, permission).values("clue")))
    rows = rows.exclude(channel=Clue.Channel.SWEEP).annotate(told_of=Subquery(standing.values("pk")[:1]))
    return rows.select_related("region", "dispute")


def _led(user: User, permission: str) -> QuerySet[Referral]:
    """Rounds in whose chain this person has the permission for some matter that settles the claim."""
    seen = visible_matters(user, permission).values("pk")
    later = (
        Matter.objects.filter(pk__in=seen, root__isnull=False).exclude(procedure__in=BESIDE).values("root")
    )
    return Referral.objects.filter(Q(matter__in=seen) | Q(matter__in=later), ended_at__isnull=True)


def _reached(rows: QuerySet[Conclusion], user: User, permission: str) -> QuerySet[Conclusion]:
    return rows.filter(
        Q(clue__in=visible_clues(user, permission).values("pk"))
        | Q(clue__in=_led(user, permission).values("clue"))
    ).select_related("clue__region", "referral__matter__lead")


def to_review(user: User) -> QuerySet[Conclusion]:
    """Of those, what this person may decide: the same as :func:`may_review`, for many."""
    key = actor(user).key
    return waiting_for_review(user, DECIDE).exclude(by=key).exclude(silent_by=key)
