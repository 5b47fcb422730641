"""The three providers of identity, and which of them are on.

``phone_code``: a code to the known telephone, for demonstration only. ``tablet``: the identity card before a person at the desk,
and a named witness. ``national_platform``: the national ID platform in service, through a gateway of the office's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from anxin.kernel.refusal import Refused
from anxin.notices.addresses import address_problem
from anxin.registry.invented import invented_people
from anxin.signing.interfaces import Post
from anxin.signing.parties import Method
from anxin.vouching import calling
from anxin.vouching.identity import Asking, Found, IdentityProvider, Place
from anxin.vouching.setup import IDENTITY, Setup, current

_WITNESS = range(2, 61)
_LONGEST = 120


@dataclass(frozen=True)
class PhoneCode:
    """Whoever holds the telephone that is known of the signer. Shown on the screen in the demonstration city."""

    name: str = "phone_code"
    place: Place = Place.OWN_PHONE
    sends_code: bool = True
    demonstration: bool = True

    def confirm(self, asking: Asking) -> Found:
        if asking.right_code is None:
            raise Refused("没有登记手机号，收不到验证码，请带身份证当面签。")
        code = asking.right_code("".join(asking.typed.split()))
        return Found(
            self.name,
            Method.PHONE_CODE,
            "demonstration",
            asking.at,
            asking.device,
            code.shown,
            code.reference,
        )


@dataclass(frozen=True)
class Tablet:
    """Somebody of the office or the site has the card in hand, and a third person looks on; all three are named."""

    name: str = "tablet"
    place: Place = Place.DESK
    sends_code: bool = False
    demonstration: bool = False

    def confirm(self, asking: Asking) -> Found:
        number = "".join(asking.typed.split()).upper()
        if not number or not asking.same_card(number):
            raise Refused(
                "身份证号码不是这个签名人的，不能代签。请核对是不是本人、是不是这份文件。", field="id_number"
            )
        witness = asking.witness.strip()
        if len(witness) not in _WITNESS:
            raise Refused("请写明在场见证人的姓名。", field="witness")
        if witness in (asking.operator, asking.person.name):
            raise Refused("见证人应是经办人和本人以外的第三个人。", field="witness")
        return Found(
            self.name, Method.TABLET, "in_person", asking.at, f"现场平板（经办{asking.operator}）"[:80], asking.shown,
            asking.operator_reference, witness,
        )  # fmt: skip


@dataclass(frozen=True)
class NationalPlatform:
    """The national ID platform, asked through a gateway whose contract is in docs/integrators.md (“Identity”).

    ``POST {address}/confirm`` with ``{"name", "id_number", "word", "shown_sha256", "at"}``: ``word`` is what the platform's app gave the
    signer. The answer is ``{"confirmed": true, "reference": "...", "level": "..."}``; anything else confirms nobody.
    """

    post: Post
    address: str
    name: str = "national_platform"
    place: Place = Place.OWN_PHONE
    sends_code: bool = False
    demonstration: bool = False

    def confirm(self, asking: Asking) -> Found:
        word, number = asking.typed.strip(), asking.id_number()
        if not word or len(word) > _LONGEST:
            raise Refused("请填写国家网络身份认证App给出的认证码。", field="code")
        if not number:
            raise Refused("没有登记您的身份证号，不能用国家网络身份认证，请带身份证当面签。", field="code")
        answer = self._asked(
            {
                "name": asking.person.name,
                "id_number": number,
                "word": word,
                "shown_sha256": asking.shown,
                "at": asking.at.isoformat(timespec="seconds"),
            }
        )
        reference, level = answer.get("reference"), answer.get("level")
        if answer.get("confirmed") is not True:
            raise Refused(
                "国家网络身份认证没有确认是您本人，不能签名。请重新取认证码再试，或者带身份证当面签。",
                field="code",
            )
        if not (_short(reference) and _short(level)):
            raise Refused("身份核验平台的回答读不懂，没有采用，请与平台的管理者联系。")
        return Found(
            self.name,
            Method.NATIONAL_PLATFORM,
            str(level),
            asking.at,
            asking.device,
            asking.shown,
            str(reference),
        )

    def _asked(self, said: Mapping[str, str]) -> dict[str, object]:
        body = json.dumps(said, ensure_ascii=False).encode()
        try:
            answer = json.loads(self.post(f"{self.address}/confirm", "application/json", body))
        except OSError as problem:
            raise Refused("身份核验平台没有回应，没有签名，请稍后再试，或者带身份证当面签。") from problem
        except ValueError as problem:
            raise Refused("身份核验平台的回答读不懂，没有采用，请与平台的管理者联系。") from problem
        if not isinstance(answer, dict):
            raise Refused("身份核验平台的回答读不懂，没有采用，请与平台的管理者联系。")
        return answer


def _short(word: object) -> bool:
    return isinstance(word, str) and 0 < len(word) <= _LONGEST


def _national(setup: Setup) -> IdentityProvider:
    for problem in _platform_problems(setup):
        raise Refused(f"身份核验没有设置好：{problem}")
    return NationalPlatform(calling.poster(setup.identity_credential), setup.identity_url)


_MAKERS: dict[str, Callable[[Setup], IdentityProvider]] = {
    "phone_code": lambda setup: PhoneCode(),
    "tablet": lambda setup: Tablet(),
    "national_platform": _national,
}
_NONE = {
    Place.OWN_PHONE: "本市还没有接入国家网络身份认证，不能在手机上签名。请带身份证当面签。",
    Place.DESK: "本机构没有开通用平板当面签，请用手机签。",
}


def provider_for(place: Place) -> IdentityProvider:
    """The provider that the setting names for a place; of two, the first that proves something.

    Raises :class:`Refused` where there is none. The demonstration's is none where people are real.
    """
    setup, invented = current(), invented_people()
    names = setup.identity or (("phone_code", "tablet") if invented else ("tablet",))
    found = [_MAKERS[name](setup) for name in names if name in _MAKERS]
    here = [one for one in found if one.place is place]
    usable = sorted(
        (one for one in here if invented or not one.demonstration), key=lambda one: one.demonstration
    )
    if usable:
        return usable[0]
    if here:
        raise Refused(
            "手机验证码只用于演示数据，真实人员不能这样签名。请带身份证当面签，或由系统管理员接入国家网络身份认证。"
        )
    raise Refused(_NONE[place])


def identity_problems(setup: Setup, *, invented: bool) -> list[str]:
    """Everything that is wrong with the setting, one sentence each; asks nobody outside."""
    return list(_problems(setup, invented))


def _problems(setup: Setup, invented: bool) -> Iterator[str]:
    for name in setup.identity:
        if name not in _MAKERS:
            yield f"ANXIN_IDENTITY 里的“{name}”不认识，可用：{'、'.join(_MAKERS)}。"
    if "phone_code" in setup.identity and not invented:
        yield "ANXIN_IDENTITY 里的 phone_code（手机验证码）只用于演示数据，有真实人员时不能用，请改为 tablet 或 national_platform。"
    if "national_platform" in setup.identity:
        yield from _platform_problems(setup)


def _platform_problems(setup: Setup) -> Iterator[str]:
    problem = (
        address_problem(setup.identity_url, IDENTITY)
        if setup.identity_url
        else "没有设置身份核验平台的地址。"
    )
    if problem:
        yield f"ANXIN_IDENTITY_URL：{problem}"
    if setup.identity_credential:
        yield from calling.credential_problems(setup.identity_credential, "ANXIN_IDENTITY_CREDENTIAL")
    else:
        yield "没有设置 ANXIN_IDENTITY_CREDENTIAL：身份核验平台凭什么认出本系统的凭据文件。"
