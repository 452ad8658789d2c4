"""Asks rules of Concord: a case in, answers with reasons out. `Rule.load("news2.wasm").evaluate({"spo2": 91})`."""

from .answers import Answer, Need, Nothing, Possible, Unknown, Value, Verdict
from .decision import Decision, NotApplied
from .errors import CaseRefused, ClaimBroken, ConcordError, Fault, LimitReached, RuleRefused, SettingRefused
from .hooks import Call
from .info import Info, Schema
from .rule import Rule
from .rules import Rules

__all__ = [
    "Answer",
    "Call",
    "CaseRefused",
    "ClaimBroken",
    "ConcordError",
    "Decision",
    "Fault",
    "Info",
    "LimitReached",
    "Need",
    "NotApplied",
    "Nothing",
    "Possible",
    "Rule",
    "RuleRefused",
    "Rules",
    "Schema",
    "SettingRefused",
    "Unknown",
    "Value",
    "Verdict",
]
