"""Changes that somebody could make to a package, by accident or on purpose."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from anxin.proof import canonical
from anxin.proof.hashing import leaf
from anxin.proof.statement import leaf_line
from tests.proof.packages import files_of, packed

Mutation = Callable[[random.Random, bytes], bytes]


def flip_a_bit(dice: random.Random, package: bytes) -> bytes:
    at = dice.randrange(len(package))
    return package[:at] + bytes([package[at] ^ (1 << dice.randrange(8))]) + package[at + 1 :]


def overwrite_a_byte(dice: random.Random, package: bytes) -> bytes:
    at = dice.randrange(len(package))
    return package[:at] + bytes([(package[at] + dice.randrange(1, 256)) % 256]) + package[at + 1 :]


def insert_bytes(dice: random.Random, package: bytes) -> bytes:
    at = dice.randrange(len(package) + 1)
    return package[:at] + dice.randbytes(dice.randrange(1, 5)) + package[at:]


def delete_bytes(dice: random.Random, package: bytes) -> bytes:
    at = dice.randrange(len(package))
    return package[:at] + package[at + dice.randrange(1, 5) :]


def cut_off(dice: random.Random, package: bytes) -> bytes:
    return package[: dice.randrange(len(package))]


def _of_lines(change: Callable[[random.Random, list[bytes]], None]) -> Mutation:
    def mutation(dice: random.Random, package: bytes) -> bytes:
        files = files_of(package)
        tables = [
            path for path, content in files.items() if content.count(b"\n") > 1 and path.endswith(".jsonl")
        ]
        path = dice.choice(tables)
        lines = files[path].split(b"\n")[:-1]
        change(dice, lines)
        return packed(files | {path: b"".join(line + b"\n" for line in lines)})

    return mutation


def _swap(dice: random.Random, lines: list[bytes]) -> None:
    one, other = dice.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]


def _remove(dice: random.Random, lines: list[bytes]) -> None:
    del lines[dice.randrange(len(lines))]


def _double(dice: random.Random, lines: list[bytes]) -> None:
    lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))


def _reverse(dice: random.Random, lines: list[bytes]) -> None:
    lines.reverse()


def _blank(dice: random.Random, lines: list[bytes]) -> None:
    lines[dice.randrange(len(lines))] = b"null"


def swap_documents(dice: random.Random, package: bytes) -> bytes:
    files = files_of(package)
    one, other = dice.sample([path for path in files if path.startswith("documents/")], 2)
    return packed(files | {one: files[other], other: files[one]})


def remove_a_file(dice: random.Random, package: bytes) -> bytes:
    files = files_of(package)
    del files[dice.choice(list(files))]
    return packed(files)


def add_a_file(dice: random.Random, package: bytes) -> bytes:
    return packed(files_of(package) | {f"rows/x{dice.randrange(1000)}.jsonl": b'{"paid":"1.00"}\n'})


def rewrite_a_row_with_its_hash(dice: random.Random, package: bytes) -> bytes:
    """A forger who knows the format: the sum and its own hash are made anew, the signed end is out of reach."""
    files = files_of(package)
    rows = files["rows/payroll.jsonl"].split(b"\n")[:-1]
    number = dice.randrange(len(rows))
    row = json.loads(rows[number]) | {"due": f"{dice.randrange(10_000)}.00"}
    rows[number] = canonical.dump(row)
    listed = files["leaves.jsonl"].split(b"\n")[:-1]
    at = next(
        index
        for index, line in enumerate(listed)
        if json.loads(line)[:2] == ["rows/payroll.jsonl", number + 1]
    )
    salt = bytes.fromhex(json.loads(listed[at])[2])
    listed[at] = leaf_line(
        "rows/payroll.jsonl", number + 1, salt, leaf("rows/payroll.jsonl", number + 1, salt, [rows[number]])
    )
    return packed(
        files
        | {
            "rows/payroll.jsonl": b"".join(line + b"\n" for line in rows),
            "leaves.jsonl": b"".join(line + b"\n" for line in listed),
        }
    )


def change_the_statement(dice: random.Random, package: bytes) -> bytes:
    files = files_of(package)
    said = json.loads(files["statement.json"])
    said["title"] += str(dice.randrange(1000))
    return packed(files | {"statement.json": canonical.dump(said)})


KINDS: dict[str, Mutation] = {
    "a bit": flip_a_bit,
    "a byte": overwrite_a_byte,
    "bytes put in": insert_bytes,
    "bytes taken away": delete_bytes,
    "cut off": cut_off,
    "rows swapped": _of_lines(_swap),
    "a row removed": _of_lines(_remove),
    "a row doubled": _of_lines(_double),
    "rows reversed": _of_lines(_reverse),
    "a row blanked": _of_lines(_blank),
    "documents swapped": swap_documents,
    "a file removed": remove_a_file,
    "a file added": add_a_file,
    "a row rewritten with its hash": rewrite_a_row_with_its_hash,
    "the statement changed": change_the_statement,
}
