"""The one way a service says no: a sentence for the person who asked."""

from __future__ import annotations


class Refused(ValueError):
    """What was asked for cannot be done. ``str()`` is one Chinese sentence: what is wrong and what to do.

    ``field`` names the argument at fault, so that a form can show the sentence beside it.
    """

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
