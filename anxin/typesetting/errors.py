"""What can go wrong with a letter. Every message is a Chinese sentence for the person who writes it."""

from __future__ import annotations

from dataclasses import dataclass


class LetterError(ValueError):
    """A letter cannot be made; the message says what is wrong and what to do."""


class FacesMissing(LetterError):
    """The faces that letters are set in are not on this machine, or are others of the same name."""


class TemplateFault(LetterError):
    """A template contradicts itself; the message names file and place, for whoever writes templates."""


class UnknownTemplate(LetterError):
    """No template has this key."""


@dataclass(frozen=True)
class Problem:
    """One field that is missing or wrong. ``field`` is its name, with row and column for a table: ``arrears.2.owed``."""

    field: str
    sentence: str


class NotFilled(LetterError):
    """Fields are missing or wrong: all of them at once, in the order of the template."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"《{name}》还不能生成：{''.join(one.sentence for one in problems)}")
        self.problems = problems
