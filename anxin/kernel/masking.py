"""How people's data look to somebody who has not asked to see them."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """``张三丰`` → ``张**``."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def mask_id_number(number: str) -> str:
    """``99010219850307003X`` → ``9901**********003X``; what is too short to be one shows nothing."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) >= 15 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """``13800005678`` → ``138****5678``."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * len(phone)


def mask_mailbox(address: str) -> str:
    """``fawu@firm.example`` → ``f***@firm.example``."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if name else "*" * len(address)


def mask_card(card: str) -> str:
    """Only the tail: ``尾号 6789``."""
    return f"尾号 {card[-4:]}" if len(card) >= 4 else "*" * len(card)


def mask_payee(name: str) -> str:
    """A payee who may be a person or a business: the short name of a person is masked, a business is shown."""
    return mask_name(name) if len(name) <= 4 or "·" in name else name
