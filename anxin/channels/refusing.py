"""Why a submission is not taken, in sentences for somebody who is owed wages and holds a phone."""

from __future__ import annotations

import secrets

from anxin.kernel.refusal import Refused

#: where people are listened to whatever happens to this page
ELSEWHERE = "也可以拨打12333或12345反映。"


class TooMany(Refused):
    """Too many at once; may be sent again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        self.seconds = max(seconds, 1)
        super().__init__(
            f"现在提交的人太多，这一份还没有收下。您填的内容还在，请过{self.in_words}再提交；{ELSEWHERE}"
        )

    @property
    def in_words(self) -> str:
        return f"{self.seconds}秒" if self.seconds < 60 else f"{-(-self.seconds // 60)}分钟"


class Busy(TooMany):
    """The office itself cannot take more at this moment. The times differ, so that those refused together do not come
    back together."""

    _SOONEST, _SPREAD = 5, 15

    def __init__(self) -> None:
        super().__init__(self._SOONEST + secrets.randbelow(self._SPREAD + 1))


class OneMoreStep(TooMany):
    """Many have come from this address with phones that nobody knows; this one may send at once after one step more."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        said = f"从您这个网络交上来的很多，请按一下正确的数字再交。您填的内容还在；{ELSEWHERE}"
        Refused.__init__(self, said)


class AlreadyTold(Refused):
    """The same words of the same person have come a short while ago."""

    def __init__(self) -> None:
        super().__init__(
            "谢谢您，内容完全相同的一份刚才已经收到，会一起办理，不用再交。请保存好第一份的回执号；要补充情况，请写上新的内容再提交。"
        )


class OtherWords(Refused):
    """This form had been sent before with other words."""

    def __init__(self) -> None:
        super().__init__(
            "这一页刚才已经交过一次，内容不同。如果是另一件事，请核对后再点一次“提交”；只是补充的，请到“查进度”用回执号留言。"
        )
