"""Passwords of tests: the product's own algorithm with few rounds, so that every process can check them, quickly."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    iterations = 1000
