"""What a verification found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """``where`` in the package something is wrong, and ``what``, as words for people."""

    where: str
    what: str


@dataclass(frozen=True)
class SignedBy:
    """A signature that holds. ``fingerprint``: SHA-256 of the public key; ``part``: ``statement``,
    ``redaction``, or ``seal`` (of the head, under a certificate: ``fingerprint`` is the certificate's, ``at`` the time stamp's)."""

    name: str
    role: str
    at: str
    fingerprint: str
    trusted: bool
    part: str
    #: why a seal is not trusted, in one sentence
    doubt: str = ""
    #: of a redaction: why, and how many rows and documents it took out
    reason: str = ""
    leaves: int = 0


@dataclass(frozen=True)
class SealFound:
    """What a seal's own bytes say. ``problem``: why it does not hold; ``doubt``: why nobody vouches for it."""

    name: str
    at: str
    certificate: str
    problem: str = ""
    doubt: str = ""


@dataclass
class Verdict:
    """``valid``: nothing was changed since it was signed. ``trusted``: and every signer is one we know."""

    problems: list[Problem] = field(default_factory=list)
    signers: list[SignedBy] = field(default_factory=list)
    statement: dict[str, Any] | None = None
    redacted: int = 0
    #: whether the verifier inside is the one of this version of the product
    own_verifier: bool = False

    @property
    def valid(self) -> bool:
        return self.statement is not None and not self.problems

    @property
    def trusted(self) -> bool:
        return self.valid and all(one.trusted for one in self.signers)

    def add(self, where: str, what: str) -> None:
        self.problems.append(Problem(where, what))

    def as_json(self) -> dict[str, Any]:
        """The document that ``anxin evidence verify --json`` prints."""
        said = self.statement or {}
        return {
            "valid": self.valid,
            "trusted": self.trusted,
            "problems": [{"where": one.where, "what": one.what} for one in self.problems],
            "title": said.get("title"),
            "subject": said.get("subject"),
            "as_of": said.get("as_of"),
            "made": said.get("made"),
            "root": said.get("chain"),
            "leaves": said.get("leaves"),
            "redacted": self.redacted,
            "signers": [vars(one) for one in self.signers],
            "own_verifier": self.own_verifier,
        }
