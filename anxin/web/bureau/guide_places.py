"""受理点: the desks and telephones that stand under the guides, kept for each region by its own people."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.channels import places as services
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region
from anxin.web import clock
from anxin.web.forms import CodeField, ConsoleForm
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


class PlaceForm(ConsoleForm):
    name = forms.CharField(label="名称", max_length=60, help_text="例如：某区劳动保障监察大队。")
    phone = forms.CharField(label="电话", max_length=40, help_text="几个号码用顿号隔开。")
    region = CodeField(
        label="地区代码",
        max_length=12,
        help_text="这个地区和它下面的工地都会看到。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    address = forms.CharField(label="地址", max_length=120, required=False)
    hours = forms.CharField(label="办公时间", max_length=60, required=False)


@page(access.IMPORT, methods=("GET", "POST"))
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        region = Region.objects.filter(code=values.pop("region")).first()
        try:
            place = services.add_place(
                region=region, **values, by=user, actor=access.actor(user), now=clock.now()
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, f"已登记“{place.name}”，工人在扫码知里就能看到。")
            return redirect("help-places")
    context = {"form": form, "places": services.kept_places(user).order_by("region_id", "pk")}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/help_places.html", context, status=status)


@page(access.IMPORT, methods=("POST",))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    place = or_404(services.kept_places(user_of(request)).filter(pk=pk).first())
    services.end_place(place, actor=access.actor(user_of(request)), now=clock.now())
    messages.success(request, f"已停用“{place.name}”。")
    return redirect("help-places")
