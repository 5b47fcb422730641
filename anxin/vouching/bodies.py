"""Which key of the gateway, under which certificate, is which body's: the file that ``ANXIN_SIGNING_KEYS`` names.

A table for each body, by its code (an office) or its credit code (an employer)::

    ["990101"]
    alias = "seal-990101"          # what the gateway calls the key
    certificate = "990101.pem"     # the certificate first, then those above it without the root; beside this file
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509

from anxin.kernel.refusal import Refused
from anxin.signing.authority import read_roots
from anxin.signing.naming import name_of, person_of
from anxin.signing.parties import Person


@dataclass(frozen=True)
class Body:
    """A key of the gateway that was entered for a body."""

    code: str
    alias: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def owner(self) -> Person:
        """The body as its certificate names it."""
        return person_of(self.certificate)

    def named(self, person: Person) -> Person:
        """``person`` as the certificate has them. Refuses a certificate of another name: it would sign in that one's name."""
        if name_of(self.certificate) != person.name:
            raise Refused(
                f"登记给“{person.name}”的签名证书写的是“{name_of(self.certificate)}”，不能代签，请系统管理员核对 ANXIN_SIGNING_KEYS。"
            )
        return self.owner


def read(path: str) -> dict[str, Body]:
    """The bodies by their codes; none where no file is set. Raises :class:`Refused` with one sentence."""
    if not path:
        return {}
    file = Path(path)
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise Refused(f"打不开“{path}”，请核对 ANXIN_SIGNING_KEYS 和读取权限。") from problem
    except ValueError as problem:
        raise Refused(f"“{path}”的写法不对（TOML），请照管理员手册核对 ANXIN_SIGNING_KEYS。") from problem
    return {code: _body(code, entry, file.parent) for code, entry in said.items()}


def problems(body: Body, at: dt.datetime) -> Iterator[str]:
    """What is wrong with the body's certificate as of ``at``."""
    if not body.certificate.not_valid_before <= at <= body.certificate.not_valid_after:
        until = body.certificate.not_valid_after
        yield f"“{name_of(body.certificate)}”的签名证书不在有效期内（到{until:%Y-%m-%d}），请换新证书。"


def _body(code: str, entry: object, folder: Path) -> Body:
    said = entry if isinstance(entry, dict) else {}
    alias, name = said.get("alias"), said.get("certificate")
    if not (isinstance(alias, str) and alias.strip() and isinstance(name, str) and name.strip()):
        raise Refused(f"ANXIN_SIGNING_KEYS 里“{code}”一段应写明 alias 和 certificate。")
    try:
        first, *above = read_roots((folder / name).read_bytes())
    except (OSError, ValueError, TypeError) as problem:
        raise Refused(f"ANXIN_SIGNING_KEYS 里“{code}”的证书“{name}”打不开，或者不是证书文件。") from problem
    return Body(code, alias, first, tuple(above))
