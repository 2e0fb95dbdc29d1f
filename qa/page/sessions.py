"""Who is logged in, and who has failed to too often.  Both forget everything when the server ends."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
import unicodedata
from collections.abc import Callable

from index.errors import UsersError
from qa.users import NAME as LENGTH
from qa.users import Users

LASTS = 12 * 3600  # seconds of a session
WINDOW = 15 * 60  # seconds in which failures count
# Failures in that time: of a name from one address, from one address, of a name from anywhere.
PAIR, ADDRESS, OF_NAME = 5, 20, 100
REMEMBERED = 10_000  # keys of failures, the oldest of which go first

Clock = Callable[[], float]
Key = tuple[str, str, str]  # what is counted: of a pair, of an address or of a name


class Sessions:
    """Signed tokens that say who is logged in.

    A token holds for ``LASTS`` seconds, or until its user logs out, is removed or has another
    password: the stored hash is part of what is signed.
    """

    def __init__(self, users: Users, now: Clock = time.time) -> None:
        self._users = users
        self._now = now
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._ended: dict[str, float] = {}  # session → when its token would have run out

    def begin(self, name: str) -> str:
        """A token for the user ``name``, however its accents were typed.  Raises UsersError."""
        name = unicodedata.normalize("NFC", name)
        payload = json.dumps([name, secrets.token_urlsafe(16), self._now() + LASTS])
        return f"{_encode(payload.encode())}.{self._signature(payload, self._users.stored(name) or '')}"

    def user(self, token: str) -> str | None:
        """The name of the user that a token is of; None where it does not hold."""
        found = self._opened(token)
        return found[0] if found else None

    def end(self, token: str) -> None:
        """Make a token worthless."""
        found = self._opened(token)
        if found is None:
            return
        with self._lock:
            now = self._now()
            self._ended = {session: until for session, until in self._ended.items() if until > now}
            self._ended[found[1]] = found[2]

    def _opened(self, token: str) -> tuple[str, str, float] | None:
        encoded, _, signature = token.partition(".")
        try:
            payload = _decode(encoded).decode("utf-8")
            name, session, until = json.loads(payload)
            stored = self._users.stored(str(name))
        except (ValueError, TypeError, RecursionError, UsersError):
            return None
        # Compared before anything of the payload is believed.
        expected = self._signature(payload, stored or "")
        right = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
        if not right or stored is None or until <= self._now():
            return None
        with self._lock:
            return None if session in self._ended else (str(name), str(session), float(until))

    def _signature(self, payload: str, stored: str) -> str:
        signed = f"{payload}\n{stored}".encode()
        return _encode(hmac.digest(self._key, signed, "sha256"))


class Throttle:
    """Counts failures, so that nobody can try many passwords."""

    def __init__(self, now: Clock = time.monotonic) -> None:
        self._now = now
        self._failures: dict[Key, list[float]] = {}

    def wait(self, name: str, address: str) -> int:
        """Seconds until this name may be tried from this address; 0 is now."""
        return max(self._wait(key, most) for key, most in _keys(name, address))

    def failed(self, name: str, address: str) -> None:
        """Count a failure."""
        for key, _ in _keys(name, address):
            times = self._failures.pop(key, [])  # to the end of the order
            self._failures[key] = [*times, self._now()][-OF_NAME:]
        while len(self._failures) > REMEMBERED:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name from this address."""
        self._failures.pop(_keys(name, address)[0][0], None)

    def _wait(self, key: Key, most: int) -> int:
        now = self._now()
        recent = [moment for moment in self._failures.get(key, []) if moment > now - WINDOW]
        if len(recent) < most:
            return 0
        return int(recent[-most] + WINDOW - now) + 1


def _keys(name: str, address: str) -> list[tuple[Key, int]]:
    name = name[:LENGTH]  # none is longer, and what is remembered must have an end
    return [
        (("pair", name, address), PAIR),
        (("address", "", address), ADDRESS),
        (("name", name, ""), OF_NAME),
    ]


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def _decode(value: str) -> bytes:
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
