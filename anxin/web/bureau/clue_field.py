"""A clue named by its number in a form that somebody signed in fills."""

from __future__ import annotations

from django import forms

from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.models import Clue


class NamesClue(forms.Form):
    """For a form with a field ``clue``: its number becomes the clue, and only one within ``user``'s scope."""

    user: User

    def clean_clue(self) -> Clue | None:
        number = self.cleaned_data["clue"].strip()
        if not number:
            return None
        found: Clue | None = visible_clues(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError("没有这条线索，或不在您负责的范围内，请核对编号。")
        return found
