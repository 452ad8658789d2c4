"""What a host is told of calls, for its metrics and its decision log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .decision import Decision
from .info import Info


@dataclass(frozen=True)
class Call:
    """One call, for metrics. Nothing of the patient."""

    rule: Info
    outcome: str
    """`answered`, `refused`, `setting_refused`, `claim_broken`, `limit` or `stopped`."""
    seconds: float
    codes: tuple[str, ...] = ()
    """Of the faults, where there are some."""
    unknown: int = 0
    """How many answers are not known; of a table, of those that were wanted."""
    cases: int = 1
    """How many cases it was about: one, or the rows of a table."""


OnCall = Callable[[Call], None]
OnDecision = Callable[[Decision, str], None]
"""Is given the decision, and the SHA-256 of the case's text as it went in."""
