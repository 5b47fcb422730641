"""Coming pay days and the chance of missing them, as each night saw them; and what the forecast learnt from."""

from __future__ import annotations

from django.db import models

from anxin.registry.models import Project

#: the risk of a pay day of which neither the model nor the baseline says anything: behind all others
UNKNOWN = -1


class ForecastModel(models.Model):
    """One night's model, or the reason why there was none. Kept, so that every forecast names what made it."""

    made_on = models.DateField(unique=True)
    made_at = models.DateTimeField()
    #: numbers of the model (``forecast.model.Model.as_json``); empty while the past is too short or it beats nothing
    numbers = models.JSONField(null=True)
    #: pay days of this bureau that it could learn from, and how many of them were missed
    cases = models.IntegerField()
    misses = models.IntegerField()
    #: pay days that it was tried on without having seen how they went
    tried = models.IntegerField(default=0)
    #: mean squared error on these, of "as it went last time" and of "always the average"; empty where not tried
    error = models.FloatField(null=True)
    error_as_last = models.FloatField(null=True)
    error_average = models.FloatField(null=True)
    #: one sentence: why no chance is given
    reason = models.CharField(max_length=200, blank=True)


class PayDayForecast(models.Model):
    """One coming pay day as one night saw it. Money in fen; what nobody reported is empty, never zero."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pay_day_forecasts")
    #: of the wages, ``2026-10``
    month = models.CharField(max_length=7)
    due = models.DateField()
    as_of = models.DateField()
    #: days until the pay day
    ahead = models.SmallIntegerField()
    people = models.IntegerField(null=True)
    need_fen = models.BigIntegerField(null=True)
    #: the special account's balance less what earlier months are still owed
    free_fen = models.BigIntegerField(null=True)
    balance_on = models.DateField(null=True)
    #: labour cost agreed until the pay day, as far as the owner has kept word
    expected_fen = models.BigIntegerField()
    #: share of the last pay days' wages that came late, 0 to 1; empty where there was none
    late_share = models.FloatField(null=True)
    #: chance of a miss, 0 to 1, by the model and by "as it went last time"
    chance = models.FloatField(null=True)
    as_last = models.FloatField(null=True)
    announced = models.BooleanField(default=False)
    #: the chance that the list is sorted by, in thousandths: the model's, else the baseline's; ``UNKNOWN`` without either
    risk = models.SmallIntegerField(default=UNKNOWN)
    #: sentences on what raises the chance most, with values, the strongest first
    reasons = models.JSONField(default=list)
    #: what was known (``forecast.features.coming``), to learn from later
    known = models.JSONField(default=dict)
    model = models.ForeignKey(ForecastModel, on_delete=models.PROTECT, related_name="forecasts")
    #: newest of its pay day, and the pay day is still to come
    current = models.BooleanField(default=True)
    #: how it went, once the records show it, and since when they do
    missed = models.BooleanField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            # also the history of one pay day
            models.UniqueConstraint(
                fields=["project", "month", "as_of"], name="pay_day_forecast_once_a_night"
            ),
        ]
        indexes = [
            # the list of coming pay days, the soonest first
            models.Index(
                fields=["due", "id"], condition=models.Q(current=True), name="pay_day_forecast_coming"
            ),
            # the same list, the likeliest misses first
            models.Index(
                fields=["-risk", "due", "id"],
                condition=models.Q(current=True),
                name="pay_day_forecast_risk",
            ),
            # what can be learnt from
            models.Index(fields=["missed", "as_of"], name="pay_day_forecast_ended"),
        ]
