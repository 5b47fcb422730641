"""当面签, the same at an employer's desk and at the bureau's: the card, a witness, and the yes of whoever has come."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.contracts import papers, signatures
from anxin.contracts.models import Contract
from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_id_number
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.forms import ConsoleForm
from anxin.web.policy import user_of


class CounterForm(ConsoleForm):
    """Whoever has come, and who saw it."""

    id_number = forms.CharField(
        label="身份证号码", max_length=20, help_text="读卡或者照身份证原件录入，不要照花名册抄。"
    )
    witness = forms.CharField(
        label="在场见证人", max_length=60, help_text="经办人和本人以外的第三个人，姓名写进签名里。"
    )
    consent = forms.BooleanField(label="本人已看完或者听完全文，表示同意签署", required=False)


def counter_page(request: HttpRequest, contract: Contract, *, back: str) -> HttpResponse:
    """The text in large type and the form; ``back`` is where it leads after the signature."""
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signatures.sign_at_counter(contract, user=user_of(request), now=clock.now(), **form.cleaned_data)
            messages.success(request, "本人已当面签署，见证人已写进签名。盖章后生效。")
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal.sentence, refusal.field)
    context = {"contract": contract, "words": masked_words(contract), "form": form, "back": back}
    return render(request, "parts/contract_counter.html", context, status=422 if form.is_bound else 200)


def masked_words(contract: Contract) -> list[dict[str, str]]:
    """The words without the number of the identity card: at a counter it is typed from the card, not from the screen."""
    number = contract.worker.id_number
    whole = number.open() if isinstance(number, Sealed) else ""
    if not whole:
        return papers.words_of(contract)
    return [
        {**part, "text": part["text"].replace(whole, mask_id_number(whole))}
        for part in papers.words_of(contract)
    ]
