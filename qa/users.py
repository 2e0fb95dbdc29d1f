"""Who may log in to the chat page: a file of names and hashed passwords, one user a line.

    NAME:$scrypt$ln=15,r=8,p=3$SALT$HASH

The hash is the PHC string of scrypt (RFC 7914); salt and hash are in Base64 without padding.  Delete a
line, and its user is logged out.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import threading
import unicodedata
from pathlib import Path

from index.errors import UsersError

SHORTEST, LONGEST = 8, 1000  # characters of a password
NAME = 64  # greatest number of characters of a name
# What OWASP advises where 32 MB are to be enough: about 0.3 s on one core.
_COST, _BLOCK, _PARALLEL, _SALT, _HASH = 15, 8, 3, 16, 32
_MEMORY = 2**28  # bytes that a hash in the file may cost at most
_LINE = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)"
)


class Users:
    """The users in the file at ``path``, which is read again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._hashes: dict[str, str] = {}
        # So that an unknown name takes as long as a known one.
        self._nobody = hash_password(secrets.token_urlsafe())

    def stored(self, name: str) -> str | None:
        """The hash of this user's password; None for an unknown one.  Raises UsersError."""
        return self._read().get(unicodedata.normalize("NFC", name))

    def check(self, name: str, password: str) -> bool:
        """Whether this user has this password.  Raises UsersError."""
        known = self.stored(name)
        right = _is_password(password, known or self._nobody)
        return right and known is not None

    def __len__(self) -> int:
        return len(self._read())

    def _read(self) -> dict[str, str]:
        with self._lock:
            try:
                state = self._path.stat()
                seen = (state.st_mtime_ns, state.st_size, state.st_ino)
                if seen != self._seen:
                    self._hashes = _parse(self._path.read_text("utf-8"), self._path)
                    self._seen = seen
            except (OSError, UnicodeDecodeError) as error:
                raise _unreadable(self._path, error) from None
            return self._hashes


def add_user(path: Path, name: str, password: str) -> bool:
    """Add a user to the file at ``path``, or give one another password; gives whether it is new.

    The file is replaced in one step, and only its owner may read it.  Raises UsersError for a name or
    a password that cannot be used, and for a file that cannot be read or written.
    """
    name = unicodedata.normalize("NFC", name)
    _check_name(name)
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsersError(
            f"a password has {SHORTEST} to {LONGEST:,} characters, not {len(password):,}; "
            "choose another"
        )
    line = f"{name}:{hash_password(password)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)  # not the file, which is replaced
            lines = path.read_text("utf-8").splitlines() if path.exists() else []
            _parse("\n".join(lines), path)
            kept = [other for other in lines if other.partition(":")[0] != name]
            _replace(path, "\n".join([*kept, line]) + "\n")
        finally:
            os.close(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    return len(kept) == len(lines)


def _check_name(name: str) -> None:
    good = name.isprintable() and not any(char in ":#" or char.isspace() for char in name)
    if not name or len(name) > NAME or not good:
        raise UsersError(
            f"{name!r} cannot be the name of a user: it has 1 to {NAME} characters, no space, "
            "no colon and no #"
        )


def _replace(path: Path, content: str) -> None:
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _parse(content: str, path: Path) -> dict[str, str]:
    hashes = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.partition(":")
        if not name or not _is_hash(stored):
            raise UsersError(
                f"{path}, line {number}: not NAME:HASH as 'qa add-user' writes it; delete the line and "
                "add the user again"
            )
        hashes[name] = stored
    return hashes


def _is_hash(stored: str) -> bool:
    match = _LINE.fullmatch(stored)
    if match is None:
        return False
    cost, block, parallel = (int(group) for group in match.groups()[:3])
    affordable = 1 <= cost <= 24 and 128 * block * 2**cost <= _MEMORY and 1 <= parallel <= 16
    try:
        return affordable and block > 0 and all(map(_decode, match.groups()[3:]))
    except binascii.Error:
        return False


def hash_password(password: str) -> str:
    """The PHC string of a password, with a salt of its own."""
    salt = secrets.token_bytes(_SALT)
    digest = _scrypt(password, salt, _COST, _BLOCK, _PARALLEL, _HASH)
    return f"$scrypt$ln={_COST},r={_BLOCK},p={_PARALLEL}${_encode(salt)}${_encode(digest)}"


def _is_password(password: str, stored: str) -> bool:
    match = _LINE.fullmatch(stored)
    if match is None or len(password) > LONGEST:
        return False
    cost, block, parallel = (int(group) for group in match.groups()[:3])
    salt, digest = map(_decode, match.groups()[3:])
    return hmac.compare_digest(_scrypt(password, salt, cost, block, parallel, len(digest)), digest)


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int, length: int) -> bytes:
    # One form of what one types: an accent may come as a character of its own.
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    return hashlib.scrypt(
        typed, salt=salt, n=2**cost, r=block, p=parallel, maxmem=2 * _MEMORY, dklen=length
    )


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii").rstrip("=")


def _decode(value: str) -> bytes:
    return base64.b64decode(value + "=" * (-len(value) % 4), validate=True)


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> UsersError:
    if isinstance(error, FileNotFoundError):
        return UsersError(f"there is no file {path}; make it with 'qa add-user NAME --users {path}'")
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
    return UsersError(f"the file of users {path} cannot be used ({reason}); name another with --users")
