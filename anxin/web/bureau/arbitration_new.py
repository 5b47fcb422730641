"""填写仲裁案件: the case of a matter, with who applied in what went before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.arbitration import opening
from anxin.arbitration.access import may_open
from anxin.arbitration.applicants import Person
from anxin.arbitration.models import PROCEDURES
from anxin.arbitration.opening import Before, Opening
from anxin.casework.models import Matter
from anxin.casework.queries import visible_matter
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.reception.typed import people_of
from anxin.registry.models import Employer
from anxin.web import clock, lists
from anxin.web.forms import ConsoleForm, DateField
from anxin.web.policy import page, user_of


class OpeningForm(ConsoleForm):
    """What a case says; applicants of what went before come along by themselves."""

    applied_on = DateField(label="申请日期")
    cause = forms.CharField(label="案由", max_length=60)
    employer_name = forms.CharField(label="被申请人（用人单位）", max_length=120)
    employer_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    employer_address = forms.CharField(label="单位住所", max_length=200, required=False)
    employer_head = forms.CharField(label="法定代表人或负责人", max_length=60, required=False)
    employer_phone = forms.CharField(label="单位电话", max_length=40, required=False)
    people_list = forms.CharField(
        label="申请人", required=False, widget=forms.Textarea(attrs={"rows": 5, "placeholder": "赵某某 身份证号 13900000000"}),
        help_text="每行一人：姓名、身份证号、电话，用空格隔开；也可以从 Excel 里整块复制过来。",
    )  # fmt: skip
    facts = forms.CharField(
        label="事实和理由", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, listed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if listed:
            del self.fields["people_list"]


@page(access.HANDLE, access.DECIDE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """The form of one matter; a case that stands is shown instead."""
    user, matter = user_of(request), _matter(request)
    if (standing := getattr(matter, "arbitration", None)) is not None:
        return redirect("arbitration-case", pk=standing.pk)
    before = opening.before(matter)
    form = OpeningForm(request.POST or None, listed=bool(before.people), initial=_known(matter, before))
    if request.method == "POST" and form.is_valid():
        try:
            made = opening.open_case(matter, _asked(form), by=user, now=clock.now())
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field or None)
        else:
            messages.success(request, "已填写仲裁案件，请在下面逐项写明请求。")
            return redirect("arbitration-case", pk=made.pk)
    context = {
        "form": form,
        "matter": matter,
        "procedure": local_law.current().procedure(matter.procedure).name,
        "before": before,
        "today": clock.today(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "bureau/arbitration_new.html", context, status=status)


def _matter(request: HttpRequest) -> Matter:
    """The matter named in the address: an arbitration that this person handles, else 404."""
    number = lists.whole_number(request.GET.get("matter"))
    found = visible_matter(user_of(request), number) if number else None
    if found is None or found.procedure not in PROCEDURES or not may_open(user_of(request), found):
        raise Http404
    return found


def _asked(form: OpeningForm) -> Opening:
    said = dict(form.cleaned_data)
    people = [Person.of(one) for one in people_of(said.pop("people_list", ""))]
    code = said["employer_code"].strip().upper()
    employer = Employer.objects.filter(uscc=code).first() if code else None
    said["employer_code"] = code
    return Opening(people=people, employer=employer, **said)


def _known(matter: Matter, before: Before) -> dict[str, Any]:
    """The respondent as the matter or its mediation has it."""
    found: dict[str, Any] = {"applied_on": matter.opened_on, "cause": "追索劳动报酬争议"}
    if before.mediation is not None:
        names = (
            "employer_name",
            "employer_code",
            "employer_address",
            "employer_head",
            "employer_phone",
            "facts",
        )
        found |= {name: getattr(before.mediation, name) for name in names}
    elif matter.employer is not None:
        found |= {"employer_name": matter.employer.name, "employer_code": matter.employer.uscc}
    elif before.clue is not None:
        found |= {"employer_name": before.clue.debtor}
    return found
