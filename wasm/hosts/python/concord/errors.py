"""What can go wrong, as exceptions with codes and places. No message repeats a value of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a case or with settings."""

    code: str
    """Such as `D08`; `concord explain D08` says more."""
    at: str
    """Where, as a JSON pointer: `/events/3/at`. Empty for the whole."""
    expected: str | None = None
    """What belongs there, where there is something to say."""

    def __str__(self) -> str:
        place = f" at {self.at}" if self.at else ""
        return f"{self.code}{place}" + (f": expected {self.expected}" if self.expected else "")

    @staticmethod
    def read(listed: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
        """Faults as a module lists them."""
        return tuple(Fault(fault["code"], fault["at"], fault.get("expected")) for fault in listed)


class ConcordError(Exception):
    """Whatever a rule does not answer."""


class _Faulty(ConcordError):
    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[_Faulty], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class CaseRefused(_Faulty):
    """The case is faulty, and nothing was answered."""


class SettingRefused(_Faulty):
    """A setting is not one that the rule allows, and nothing was answered."""


class RuleRefused(ConcordError):
    """The module is not one that may answer."""

    def __init__(self, code: str, why: str) -> None:
        self.code, self.why = code, why
        super().__init__(code, why)

    def __str__(self) -> str:
        return f"{self.code}: {self.why}"


@contextmanager
def stopped(why: str, code: str = "stopped") -> Iterator[None]:
    """For what a module says and gives: one that is damaged says what cannot be read, and names what is not there."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise RuleRefused(code, f"{why}: it is damaged") from error


class ClaimBroken(ConcordError):
    """The case reaches what the rule claims to be impossible."""

    def __init__(self, claim: str) -> None:
        self.claim = claim
        super().__init__(claim)


class LimitReached(ConcordError):
    """The deadline passed (`deadline`), or the case needs more memory than there is (`room`)."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)
