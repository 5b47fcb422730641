"""Is this the package that was signed? Needs the file alone: no network, no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, BinaryIO

from anxin.proof import container, shapes, viewer
from anxin.proof.building import independent
from anxin.proof.container import BrokenContainer, Entry
from anxin.proof.contents import JOURNAL, table_path
from anxin.proof.hashing import Chain, Pair, fingerprint
from anxin.proof.hashing import leaf as leaf_hash
from anxin.proof.journal import entry_holds
from anxin.proof.keys import holds
from anxin.proof.naming import Expected, differences
from anxin.proof.statement import (
    LEAVES,
    SIGNATURES,
    STATEMENT,
    TAKEN_OUT,
    VERIFIER,
    VIEWER,
    redaction_path,
    signed_bytes,
)
from anxin.proof.verdict import SealFound, SignedBy, Verdict

#: what is read into memory at once is no longer than this
_MAX_PART, _MAX_LINE = 64 << 20, 4 << 20


#: statement and the files of its seal → what the seal says; whoever knows certificates brings it along
Seals = Callable[[bytes, Mapping[str, bytes]], SealFound]
_ROLE = "电子签章"


def verify(file: BinaryIO, trusted: Collection[str] = (), seals: Seals | None = None) -> Verdict:
    """Hold every byte of the package against what was signed.

    ``trusted``: fingerprints (SHA-256 in hexadecimal) of the public keys that we know. ``seals`` judges the
    seal of the head, where there is one; without it only that nobody changed it is found. Whatever the file holds, the
    answer is a verdict; only reading errors of the file itself are raised (``OSError``).
    """
    verdict = Verdict()
    try:
        entries = {entry.path: entry for entry in container.read(file)}
        _Check(file, entries, frozenset(trusted), verdict, seals).run()
    except BrokenContainer as problem:
        verdict.add("证据包", str(problem))
    return verdict


class _Check:
    """One verification; its steps add to one verdict."""

    def __init__(
        self,
        file: BinaryIO,
        entries: dict[str, Entry],
        trusted: frozenset[str],
        verdict: Verdict,
        seals: Seals | None,
    ) -> None:
        self.file, self.entries, self.trusted, self.verdict = file, entries, trusted, verdict
        self.seals, self.sealed = seals, dict[str, str]()
        self.statement: dict[str, Any] = {}
        self.content = b""
        self.taken_out: set[int] = set()
        self.viewer = ""
        self.shown: dict[str, list[bytes]] = {}

    def run(self) -> None:
        if not self._read_statement():
            return
        self._signatures()
        self._seal()
        redactions = self._redactions()
        self._inventory(redactions)
        self._leaves()
        self._viewer()

    def _read_statement(self) -> bool:
        try:
            self.content = self._whole(STATEMENT)
            self.statement = shapes.statement(self.content)
        except shapes.WrongShape as problem:
            self.verdict.add(STATEMENT, f"签章声明读不出来：{problem}。")
            return False
        self.verdict.statement = self.statement
        self.viewer = self.statement["viewer"]
        return True

    def _signatures(self) -> None:
        lines = list(self._lines(SIGNATURES))
        wanted = self.statement["signers"]
        if len(lines) != len(wanted):
            self.verdict.add(SIGNATURES, f"应有{len(wanted)}个签章，实有{len(lines)}个。")
        for number, (line, signer) in enumerate(zip(lines, wanted, strict=False), start=1):
            self._signature(f"{SIGNATURES} 第{number}行", line, signer)

    def _signature(self, where: str, line: bytes, signer: dict[str, str]) -> None:
        try:
            said = shapes.signature(line)
        except shapes.WrongShape as problem:
            self.verdict.add(where, f"签章读不出来：{problem}。")
            return
        if any(said[name] != signer[name] for name in ("name", "role", "key")):
            self.verdict.add(where, f"签章人不是声明里写的“{signer['name']}”。")
        if ("seal" in said) != ("seal" in self.statement):
            self.verdict.add(where, "有没有电子签章，与声明说的不符。")
        for path, expected in said.get("seal", {}).items():
            if self.sealed.setdefault(path, expected) != expected:
                self.verdict.add(where, f"“{said['name']}”签的不是这份电子签章。")
        self._signed(where, said, "statement")

    def _seal(self) -> None:
        """The seal of the head: its files are those that were signed, and it is the one of whom the statement names."""
        if "seal" not in self.statement or not set(self.sealed) <= set(self.entries):
            return
        found = {path: self._whole(path) for path in self.sealed}
        for path, content in found.items():
            if fingerprint(content) != self.sealed[path]:
                self.verdict.add(path, "电子签章被改动过。")
        named = self.statement["seal"]
        if self.seals is None or self.verdict.problems:
            said = SealFound(named["name"], "", named["certificate"], doubt="没有核对证书。")
        else:
            said = self.seals(self.content, found)
        if said.problem or (said.name, said.certificate) != (named["name"], named["certificate"]):
            self.verdict.add("seal.p7s", said.problem or "电子签章不是声明里写的那个单位的。")
            return
        trusted = not said.doubt or said.certificate in self.trusted
        self.verdict.signers.append(
            SignedBy(
                said.name, _ROLE, said.at, said.certificate, trusted, "seal", "" if trusted else said.doubt
            )
        )

    def _signed(self, where: str, said: dict[str, Any], part: str) -> None:
        if said["statement"] != fingerprint(self.content):
            self.verdict.add(where, f"“{said['name']}”签的不是这份声明，声明在签章之后被改动过。")
        key, signature = bytes.fromhex(said["key"]), bytes.fromhex(said["signature"])
        if not holds(key, signature, signed_bytes(said)):
            self.verdict.add(where, f"“{said['name']}”的签章不成立。")
            return
        print_of_key = fingerprint(key)
        self.verdict.signers.append(
            SignedBy(
                said["name"], said["role"], said["at"], print_of_key, print_of_key in self.trusted, part,
                reason=said.get("reason", ""), leaves=len(said.get("leaves", ())),
            )
        )  # fmt: skip

    def _redactions(self) -> int:
        count = 0
        while (path := redaction_path(count + 1)) in self.entries:
            count += 1
            try:
                said = shapes.redaction(self._whole(path))
            except shapes.WrongShape as problem:
                self.verdict.add(path, f"隐去的记载读不出来：{problem}。")
                continue
            self._signed(path, said, "redaction")
            self.taken_out.update(said["leaves"])
            self.viewer = said["viewer"]
        if any(number >= self.statement["leaves"] for number in self.taken_out):
            self.verdict.add("redactions", "隐去的编号超出了范围。")
        self.verdict.redacted = len(self.taken_out)
        return count

    def _inventory(self, redactions: int) -> None:
        wanted = {path for path, _ in self.statement["files"]}
        wanted |= {STATEMENT, SIGNATURES, LEAVES, VIEWER, VERIFIER}
        wanted |= set(self.sealed)
        wanted |= {redaction_path(number) for number in range(1, redactions + 1)}
        for path in sorted(wanted - set(self.entries)):
            self.verdict.add(path, "这个文件被移走了。")
        for path in sorted(set(self.entries) - wanted):
            self.verdict.add(path, "这个文件不是证据包里的，是后来放进去的。")
        if VERIFIER in self.entries:
            content = self._whole(VERIFIER)
            if fingerprint(content) != self.statement["verifier"]:
                self.verdict.add(VERIFIER, "核验程序被改动过。")
            self.verdict.own_verifier = content == independent()

    def _leaves(self) -> None:
        listed = self._lines(LEAVES)
        chain, first = Chain(), 0
        for path, count in self.statement["files"]:
            expected = self._expected(path, count, listed)
            if expected is None:
                return
            for each in expected:
                chain.add(each.pair)
            self._taken_out(path, expected, first)
            first += count
            if path in self.entries:
                (self._rows if path.startswith("rows/") else self._document)(path, expected)
        if next(listed, None) is not None:
            self.verdict.add(LEAVES, "指纹比声明的多。")
        if chain.end.hexadecimal() != self.statement["chain"]:
            self.verdict.add(LEAVES, "各项指纹连起来与签章声明里的链尾不符：指纹被改动、调换或增减过。")

    def _expected(self, path: str, count: int, listed: Iterator[bytes]) -> list[Expected] | None:
        rows = path.startswith("rows/")
        found = []
        for number in range(count):
            line = next(listed, None)
            try:
                if line is None:
                    raise shapes.WrongShape("指纹比声明的少")
                where, at, salt, sha256, sm3 = shapes.leaf(line)
                if (where, at) != (path, number + 1 if rows else 0):
                    raise shapes.WrongShape("指纹的次序不对")
            except shapes.WrongShape as problem:
                self.verdict.add(LEAVES, f"“{path}”第{number + 1}项：{problem}。")
                return None
            found.append(Expected(path, at, salt, Pair(sha256, sm3)))
        return found

    def _taken_out(self, path: str, expected: list[Expected], first: int) -> None:
        for number, each in enumerate(expected, start=first):
            if (each.salt is None) != (number in self.taken_out):
                said = "没有隐去的记载" if each.salt is None else "记载说已隐去，却还在"
                self.verdict.add(f"{path} 第{each.line}行" if each.line else path, f"{said}。")

    def _rows(self, path: str, expected: list[Expected]) -> None:
        shown = self.shown.setdefault(path, [])
        numbered = enumerate(self._lines(path))
        wrong = len(expected) != self._count(path)
        for number, line in numbered:
            if len(shown) < viewer.ROWS_SHOWN:
                shown.append(line)
            if wrong:
                continue
            each = expected[number]
            wrong = not (each.fits(line) if each.salt is not None else line == TAKEN_OUT)
            if not wrong and path == table_path(JOURNAL) and each.salt is not None and not entry_holds(line):
                self.verdict.add(f"{path} 第{number + 1}行", "日志条目与它自己的哈希不符。")
        if wrong:
            for sentence in differences(expected, list(self._lines(path)), TAKEN_OUT):
                self.verdict.add(path, f"{sentence}。")

    def _count(self, path: str) -> int:
        return sum(1 for _ in self._lines(path))

    def _document(self, path: str, expected: list[Expected]) -> None:
        for each in expected:
            entry = self.entries[path]
            if each.salt is None:
                same = entry.size == 0
            else:
                content = container.chunks(self.file, entry)
                same = leaf_hash(path, 0, each.salt, content) == each.pair
            if not same:
                self.verdict.add(path, "文件的内容被改动或调换过。")

    def _viewer(self) -> None:
        if VIEWER not in self.entries:
            return
        content = self._whole(VIEWER)
        if fingerprint(content) != self.viewer:
            self.verdict.add(VIEWER, "网页被改动过。")
        elif not self.verdict.problems and content != self._page():
            self.verdict.add(VIEWER, "网页讲的与记录不一致。")

    def _page(self) -> bytes | None:
        try:
            return viewer.page(self.statement, self.shown)
        except (ValueError, AttributeError, TypeError, KeyError):
            return None

    def _whole(self, path: str) -> bytes:
        if path not in self.entries:
            raise BrokenContainer(f"证据包里没有“{path}”，不完整，或这不是证据包。")
        entry = self.entries[path]
        if entry.size > _MAX_PART:
            raise BrokenContainer(f"“{path}”大得不合常理，没有读它。")
        return b"".join(container.chunks(self.file, entry))

    def _lines(self, path: str) -> Iterator[bytes]:
        """The lines of a file, without their ends."""
        if path not in self.entries:
            return
        rest = b""
        for piece in container.chunks(self.file, self.entries[path]):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
            if len(rest) > _MAX_LINE:
                raise BrokenContainer(f"“{path}”有一行长得不合常理，没有读它。")
        if rest:
            raise BrokenContainer(f"“{path}”的最后一行没有写完。")
