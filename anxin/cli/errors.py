"""How a command says that it cannot go on."""

from __future__ import annotations

DONE = 0
FAILED = 1
WRONG_CALL = 2


class CommandError(Exception):
    """A Chinese sentence for the person at the keyboard, and the exit code that goes with it.

    ``exit_code`` 2 means that the input or the call is wrong (the default); 1 that the work failed.
    """

    def __init__(self, sentence: str, *, exit_code: int = WRONG_CALL) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code
