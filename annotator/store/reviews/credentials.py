"""Names, passwords, tokens -> what of them is stored, and whether one fits."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from functools import cache
from typing import Final, get_args

import regex
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from annotator.errors import BadAccount
from annotator.records import Role

LONGEST_NAME: Final = 64
SHORTEST_PASSWORD: Final = 12
"""OWASP Application Security Verification Standard 4.0.3, 2.1.1."""
LONGEST_PASSWORD: Final = 1_000
"""So that nobody keeps the server busy with hashing."""

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with the least that the OWASP Password Storage Cheat Sheet allows."""

UNSEEN: Final = regex.compile(r"\p{Default_Ignorable_Code_Point}")
"""Printable for Python, yet drawn as nothing: fillers, selectors, joiners."""
SEEN: Final = regex.compile(r"[\p{L}\p{N}]")


def fit_name(name: str) -> str:
    """Give a name as it is kept, in NFKC.

    Raises
    ------
    BadAccount
        If it is empty or too long, or holds what cannot be seen or turns the direction
        of writing.

    >>> fit_name("Ａｎａ")
    'Ana'
    """
    name = unicodedata.normalize("NFKC", name)
    fits = (
        1 <= len(name) <= LONGEST_NAME
        and name.isprintable()
        and name == name.strip()
        and SEEN.search(name)
        and not UNSEEN.search(name)
    )
    if not fits:
        raise BadAccount(
            f"got {name[:LONGEST_NAME]!a}, expected a name of 1 to {LONGEST_NAME} "
            "visible characters"
        )
    return name


def name_key(name: str) -> str:
    """Give what two spellings of one name have in common.

    >>> name_key("ANA") == name_key("Ａｎａ")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded)


def fit_role(role: Role) -> Role:
    """Give the role back; BadAccount if there is none such."""
    if role not in get_args(Role):
        known = " or ".join(get_args(Role))
        raise BadAccount(f"got the role {role!a}, expected {known}")
    return role


def hashed(password: str) -> str:
    """Give the Argon2 hash of a new password; BadAccount if too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccount(
            f"got a password of {len(password):,} characters, expected "
            f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,}"
        )
    return HASHER.hash(_octets(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed.

    Takes as long where there is no hash, so that time does not tell who has an account.
    """
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        right = HASHER.verify(password_hash or _nobodys(), _octets(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return right and password_hash is not None


def new_token() -> str:
    """Make 256 random bits that fit into a URL."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Give the SHA-256 of a token, which is random enough to need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_bytes(32))


def _octets(password: str) -> bytes:
    """Give the same bytes however a keyboard composes its characters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
