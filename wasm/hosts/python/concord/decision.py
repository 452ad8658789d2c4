"""What came of a case: its answers, and all that is needed to give them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from .answers import Answer, Native, answer, instant, same
from .errors import stopped


UNREADABLE = "the decision that the module wrote cannot be read"
NAMES = ("package", "version", "status", "unverified", "fingerprint", "as_of", "settings", "answers")
"""What every decision has."""


@dataclass(frozen=True)
class NotApplied:
    """A member's setting that was not in force, as its approval does not hold on the day of `as_of`."""

    parameter: str
    approved_on: date
    until: date | None


class Answers(Mapping[str, Answer]):
    """Answers by name, each made when it is asked for."""

    def __init__(self, of: Mapping[str, Any], reads: Mapping[str, Callable[[Any], Native]]) -> None:
        self._of, self._reads = of, reads

    def __getitem__(self, name: str) -> Answer:
        of = self._of[name]
        with stopped(UNREADABLE):
            return answer(of, self._reads.get(name, same))

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


@dataclass(frozen=True)
class Decision:
    """The answers to one case. `decision["total"]` is one of them."""

    json: str
    """The decision record as the module wrote it."""
    sha256: str
    """The hash of the module."""
    member: str | None
    not_applied: tuple[NotApplied, ...]
    _reads: Mapping[str, Callable[[Any], Native]]

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """The decision record, with exact decimals."""
        with stopped(UNREADABLE):
            record: Mapping[str, Any] = json.loads(self.json, parse_float=Decimal)
            if any(name not in record for name in NAMES):
                raise LookupError
            return record

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """Every answer by its name, in the order of the rule."""
        return Answers(self.record["answers"], self._reads)

    def __getitem__(self, name: str) -> Answer:
        return self.answers[name]

    @property
    def package(self) -> str:
        return str(self.record["package"])

    @property
    def version(self) -> str:
        return str(self.record["version"])

    @property
    def status(self) -> str:
        return str(self.record["status"])

    @property
    def unverified(self) -> bool:
        return bool(self.record["unverified"])

    @property
    def fingerprint(self) -> str:
        return str(self.record["fingerprint"])

    @property
    def as_of(self) -> datetime | None:
        at = self.record["as_of"]
        return None if at is None else instant(at)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings in force, as a case has them."""
        settings: Mapping[str, Any] = self.record["settings"]
        return settings
