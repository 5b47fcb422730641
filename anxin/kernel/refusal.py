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


#: shorter words say nothing to whoever reads them later
LEAST_WORDS = 4


def worded(text: str, ask: str, *, field: str, more: str = "", most: int = 200) -> str:
    """What a person gives as reason, purpose or answer, without the blanks around it.

    ``ask`` is the request it must answer (``请写明退回的原因``), ``more`` what follows it. Raises :class:`Refused`.
    """
    text = text.strip()
    if len(text) < LEAST_WORDS:
        raise Refused(f"{ask}（不少于{LEAST_WORDS}个字）{more}。", field=field)
    if len(text) > most:
        raise Refused(f"这里不能超过{most}个字，现在是{len(text)}个字，请删减。", field=field)
    return text


def require_words(text: str, what: str, *, field: str, most: int) -> None:
    """Something and no more than ``most`` signs; ``what`` names it (``会议纪要``). Raises :class:`Refused`."""
    if not text.strip() or len(text.strip()) > most:
        raise Refused(f"请填写{what}，不超过{most}字。", field=field)
