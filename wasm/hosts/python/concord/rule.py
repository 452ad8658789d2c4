"""A rule: loaded once, asked often, by any number of threads."""

from __future__ import annotations

import hashlib
import json
import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from .answers import native
from .case import Case, judged_at, text_of
from .decision import Decision, NotApplied
from .engine import CLOCK, Instance, Pool, compile_module, hold_to_interface, in_time
from .errors import CaseRefused, ClaimBroken, ConcordError, Fault, LimitReached, RuleRefused, SettingRefused, stopped
from .hooks import Call, OnCall, OnDecision
from .info import Info, Schema
from .members import Own, differs_of

if TYPE_CHECKING:
    from .table.batches import BatchPool

Source = Union[bytes, str, "os.PathLike[str]"]
Settings = Union[Mapping[str, Any], str, bytes]


class Rule:
    """A rule that answers. `Rule.load` makes one."""

    def __init__(
        self,
        content: bytes,
        *,
        sha256: str | None = None,
        fingerprint: str | None = None,
        allow_draft: bool = False,
        verify: bool = True,
        on_call: OnCall | None = None,
        on_decision: OnDecision | None = None,
        batches: bytes | None = None,
    ) -> None:
        hashed = hashlib.sha256(content).hexdigest()
        if sha256 is not None and hashed != sha256.lower():
            raise RuleRefused("sha256", f"its SHA-256 is {hashed}, not {sha256.lower()}")
        module = compile_module(content)
        hold_to_interface(module)
        self._pool = Pool(module)
        with self._pool.instance() as instance, in_time(instance.store):
            said = instance.describe()
        with stopped("its manifest cannot be read", "json"):
            self._manifest: Mapping[str, Any] = json.loads(said, parse_float=Decimal)
            self.info = Info.read(self._manifest, hashed)
            self.schema = Schema.read(self._manifest)
            self._reads = {of["name"]: native(of["type"]) for of in self.schema.answers if "type" in of}
        self._hold(fingerprint, allow_draft, verify)
        self._content, self._batches = content, batches
        self._options = {"fingerprint": fingerprint, "allow_draft": allow_draft, "verify": verify}
        self.on_call, self.on_decision = on_call, on_decision
        self._batch_pool: BatchPool | None = None
        self._compiling = threading.Lock()

    @staticmethod
    def load(module: Source, **options: Any) -> Rule:
        """A rule from its bytes, its file, or a URL (`https:`). Options are those of `Rule`."""
        if isinstance(module, bytes):
            return Rule(module, **options)
        name = os.fspath(module)
        if name.startswith(("https://", "http://")):
            from urllib.request import urlopen

            with urlopen(name, timeout=30) as answer:
                return Rule(answer.read(), **options)
        path = Path(name)
        content, beside = path.read_bytes(), path.with_suffix(".manifest.json")
        if beside.exists():
            with stopped("the manifest beside it cannot be read", "sha256"):
                manifest = json.loads(beside.read_bytes())
                named, of_batches = manifest["module"]["sha256"], manifest["batches"]["sha256"] if manifest.get("batches") else None
            _hold_to_manifest(content, named)
            batches = path.with_suffix(".batch.wasm")
            if of_batches and batches.exists():
                options.setdefault("batches", batches.read_bytes())
                _hold_to_manifest(options["batches"], of_batches)
        return Rule(content, **options)

    def _hold(self, fingerprint: str | None, allow_draft: bool, verify: bool) -> None:
        """Refuses what the caller did not ask for."""
        if fingerprint is not None and fingerprint.lower() != self.info.fingerprint:
            raise RuleRefused("fingerprint", f"the fingerprint of its logic is {self.info.fingerprint}")
        if self.info.status != "approved" and not allow_draft:
            raise RuleRefused("draft", f"{self.info.package} {self.info.version} is a draft: nobody has approved it")
        if verify:
            with self._pool.instance() as instance, in_time(instance.store):
                failures = instance.call("self_test")
            if failures:
                raise RuleRefused("self_test", f"{failures} of its golden cases are not answered as they must be")

    def evaluate(
        self,
        case: Case,
        *,
        as_of: datetime | str | None = None,
        member: str | None = None,
        settings: Settings | None = None,
        explain: bool = False,
        deadline: float | timedelta | None = None,
    ) -> Decision:
        """The answers to a case; a `deadline` that is a number is in seconds. Raises `CaseRefused`, `SettingRefused`, `ClaimBroken` or `LimitReached`."""
        begin = time.perf_counter()
        try:
            most = _seconds(deadline)
            text = text_of(case) if as_of is None else judged_at(text_of(case), as_of)
            decision = self._evaluate(text, member, settings, explain, most)
        except ConcordError as error:
            self._tell(error, begin)
            raise
        self._tell(decision, begin)
        self._log(decision, text)
        return decision

    def _evaluate(
        self, text: bytes, member: str | None, settings: Settings | None, explain: bool, deadline: float | None
    ) -> Decision:
        given = b"{}" if settings is None else text_of(settings)
        own = None if member is None else self._own(member, given, settings is not None)
        likely = given if own is None else own.settings(next(own.ways()))
        with self._pool.instance(likely) as instance, CLOCK.within(instance.store, deadline):
            decide = partial(self._decide, instance, text, member, explain)
            came = decide(given, ()) if own is None else _by_the_day(own, decide)
        if isinstance(came, ConcordError):
            raise came
        return came

    def _decide(
        self, instance: Instance, text: bytes, member: str | None, explain: bool, wanted: bytes, not_applied: tuple[NotApplied, ...]
    ) -> Decision | ConcordError:
        refused = _configured(instance, wanted)
        if refused:
            return refused
        status, said = instance.say("explain_json" if explain else "evaluate_json", text)
        return _refused(status, said) or Decision(said, self.info.sha256, member, not_applied, self._reads)

    def _own(self, code: str, given: bytes, asked: bool) -> Own:
        """What a member has set, but for what the call sets itself: that the module says, which refuses it twice."""
        differs = differs_of(self._manifest, code)
        if asked:
            with self._pool.instance(given) as instance:
                refused = _configured(instance, given)
                twice = [] if refused else [_configured(instance, one.first(given)) for one in differs]
            if refused:
                raise refused
            differs = [one for one, faulty in zip(differs, twice) if not faulty or "D05" not in (of.code for of in faulty.faults)]
        return Own(given, tuple(differs))

    def _tell(self, came: Decision | ConcordError, begin: float) -> None:
        if not self.on_call:
            return
        if isinstance(came, Decision):
            unknown = sum(of["kind"] == "unknown" or of.get("verdict") == "unknown" for of in came.record["answers"].values())
            self._tell_metrics(unknown, begin, 1)
        else:
            self._tell_metrics(came, begin, 1)

    def _tell_metrics(self, came: int | ConcordError, begin: float, cases: int) -> None:
        """What came of so many cases: how many answers are not known, or why there are none."""
        if not self.on_call:
            return
        seconds = time.perf_counter() - begin
        if isinstance(came, int):
            self.on_call(Call(self.info, "answered", seconds, unknown=came, cases=cases))
            return
        codes = tuple(fault.code for fault in came.faults) if isinstance(came, (CaseRefused, SettingRefused)) else ()
        self.on_call(Call(self.info, _OUTCOMES[type(came)], seconds, codes, cases=cases))

    def _log(self, decision: Decision, text: bytes) -> None:
        if self.on_decision:
            self.on_decision(decision, hashlib.sha256(text).hexdigest())

    def check(self, case: Case, *, as_of: datetime | str | None = None) -> tuple[Fault, ...]:
        """What is wrong with a case; nothing where it can be answered."""
        text = text_of(case) if as_of is None else judged_at(text_of(case), as_of)
        try:
            self._evaluate(text, None, None, False, None)
        except CaseRefused as refused:
            return refused.faults
        except ClaimBroken:
            pass
        return ()

    def evaluate_table(
        self,
        columns: Any,
        want: Sequence[str],
        *,
        as_of: Any = None,
        settings: Settings | None = None,
        ignore_unknown: bool = False,
    ) -> Any:
        """Answers of many cases, column by column: of a table of pandas, Polars or Arrow, or a map of columns. Needs `concord-rule[table]`."""
        from .table import evaluate_table

        return evaluate_table(self, columns, want, as_of, settings, ignore_unknown)

    def _for_batches(self) -> BatchPool:
        """What answers tables: the module for batches, or where there is none, the module itself."""
        from .table.batches import BatchPool

        with self._compiling:
            if self._batch_pool is None:
                self._batch_pool = BatchPool(self._batches or self._content, self._manifest["layout"])
            return self._batch_pool

    def __reduce__(self) -> tuple[Any, ...]:
        """A rule goes to other processes as bytes; its hooks stay here."""
        return _again, (self._content, self._batches, self._options)

    def __repr__(self) -> str:
        return f"<Rule {self.info.package} {self.info.version} {self.info.status} {self.info.sha256[:12]}>"


_OUTCOMES: Mapping[type[ConcordError], str] = {
    CaseRefused: "refused",
    SettingRefused: "setting_refused",
    ClaimBroken: "claim_broken",
    LimitReached: "limit",
    RuleRefused: "stopped",
}


def _seconds(deadline: float | timedelta | None) -> float | None:
    """A deadline in seconds, or None where there is none. What is left of a service's time may be nothing, and then there is no answer."""
    if deadline is None:
        return None
    seconds = deadline.total_seconds() if isinstance(deadline, timedelta) else float(deadline)
    if math.isnan(seconds):
        raise ValueError("a deadline is a number of seconds")
    if seconds <= 0:
        raise LimitReached("deadline")
    return min(seconds, _FOREVER)


_FOREVER = 1e9
"""Some thirty years."""


def _again(content: bytes, batches: bytes | None, options: Mapping[str, Any]) -> Rule:
    return Rule(content, batches=batches, **options)


def _hold_to_manifest(content: bytes, named: str) -> None:
    if hashlib.sha256(content).hexdigest() != named:
        raise RuleRefused("sha256", f"the manifest beside it is of a module with the SHA-256 {named}")


def _by_the_day(own: Own, decide: Callable[[bytes, tuple[NotApplied, ...]], Decision | ConcordError]) -> Decision | ConcordError:
    """The decision with what is in force of a member's settings on the day of the case, which its first decision says. Where the case reaches what the rule claims to
    be impossible, the module says no day: then it is asked in every way that there may be."""
    came: Decision | ConcordError | None = None
    for way in own.ways():
        came = decide(own.settings(way), own.not_applied(way))
        if isinstance(came, Decision):
            right = own.at(came.as_of)
            return came if right == way else decide(own.settings(right), own.not_applied(right))
        if not isinstance(came, (ClaimBroken, SettingRefused)):
            break
    assert came is not None
    return came


def _configured(instance: Instance, wanted: bytes) -> SettingRefused | None:
    """Puts settings in force, and no others."""
    if instance.settings == wanted:
        return None
    status, said = instance.say("configure_json", wanted)
    if status:
        with stopped("what the module says cannot be read"):
            return SettingRefused(Fault.read(json.loads(said)["refused"]))
    instance.settings = wanted
    return None


def _refused(status: int, said: str) -> ConcordError | None:
    """What a status other than 0 means."""
    with stopped("what the module says cannot be read"):
        if status == 1:
            return CaseRefused(Fault.read(json.loads(said)["refused"]))
        return ClaimBroken(json.loads(said)["broken"]) if status == 2 else None
