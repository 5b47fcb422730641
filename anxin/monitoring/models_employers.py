"""The monthly grade of every employer."""

from __future__ import annotations

from django.db import models

from anxin.registry.models import Employer


class EmployerGrade(models.Model):
    """How an employer stood in one month; graded again within the month, the row is replaced."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="grades")
    #: as recorded at the grading, so that a list of a region needs no join
    region_code = models.CharField(max_length=12)
    month = models.CharField(max_length=7)
    as_of = models.DateField()
    #: 0 no sign, 1 blue to 4 red
    level = models.SmallIntegerField()
    #: ``None``: nobody reports how many are insured
    people = models.IntegerField(null=True)
    months = models.SmallIntegerField()
    #: percent
    inability = models.SmallIntegerField()
    #: person-months at risk, times 100
    harm = models.BigIntegerField()
    #: JSON: the strongest reasons as ``[code, level, sentence]``; the sentence begins after the name
    reasons = models.TextField(blank=True)
    #: sources that said nothing lately, joined by commas
    unknown = models.CharField(max_length=60, blank=True)
    graded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # also an employer's grades, in order
            models.UniqueConstraint(fields=["employer", "month"], name="employer_grade_once"),
        ]
        indexes = [
            # the work list of a month, the greatest expected harm first
            models.Index(fields=["month", "-harm", "employer"], name="employer_grade_harm"),
        ]
