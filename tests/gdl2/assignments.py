"""Assignments of GDL2 as definitions: each gives its variable a new name, and keeps the old value where the rule did not fire.

An assignment whose value needs something missing is skipped, so the definition asks for what it needs.
"""

import re

from syntax import NOW, NotExpressible, is_label, walk
from words import bare, is_name, written


class Assignments:
    """The part of a translation that assigns."""

    def assign(self, fired, variable, attribute, value):
        if attribute in ("unit", "units"):
            if variable in self.unit_facts and self.current.get(variable) != self.facts.get(variable):
                del self.unit_facts[variable]
            return
        if attribute == "precision":
            return
        previous = self.current.get(variable)
        self.otherwise = previous or "none"
        self.needs, self.divisors, self.guards, self.below_zero = set(), [], [], None
        self.is_formula = self.by_clock = False
        result = self.result(variable, value, previous)
        if result is None:
            return
        text, guard, whole = result
        name = self.name(self.guideline.terms.get(variable) or variable)
        if self.below_zero:
            where, formula = self.below_zero
            self.otherwise = f"if {fired}{where} then {formula} else {self.otherwise}"
        is_number = self.guideline.kind.get(variable) == "num"
        if is_number and self.by_clock and whole:
            self.computed_unit[name] = "years"
        self.whole[name] = whole and (previous is None or self.whole.get(previous, True))
        condition = fired + guard
        if condition != "yes":
            text = f"if {condition} then {text} else {self.otherwise}"
        self.body.append(f"define {name} = {text}")
        self.current[variable] = name

    def result(self, variable, value, previous):
        """What is assigned: its text, a condition for it, and whether it is a whole number. Nothing where it is surely missing."""
        g, kind = self.guideline, self.guideline.kind.get(variable)
        text = g.fixed_text(value) if kind == "text" else None
        if value[0] == "null":
            return "none", "", False
        if text is not None:
            self.enum(variable)
            return self.variant(variable, self.variants[variable][text]), "", False
        if value[0] == "code":
            return self.choice_by_code(variable, value), "", False
        if value[0] == "str":
            return self.choice_by_text(variable, value[1]), "", False
        if value[0] == "bool":
            return ("yes" if value[1] else "no"), "", False
        if self.is_copy(kind, value):
            return self.copied(variable, value, previous, self.copy)
        if is_label(value):
            return self.copied(variable, value, previous, self.copy_of_label)
        if kind == "num":
            return self.formula(variable, value, previous)
        wrong = {"text": "computed text", "date": "computed date", "enum": "kinds mixed: number to enum"}
        raise NotExpressible(wrong.get(kind, "kinds mixed: expression to bool" if kind else "kind unknown"))

    def choice_by_code(self, variable, value):
        kind = self.guideline.kind.get(variable)
        if kind not in ("enum", "text"):
            raise NotExpressible(f"kinds mixed: code to {kind}")
        self.enum(variable)
        _, number, code, text = value
        variants = self.variants[variable]
        known = next((key for key in (f"{code}#{number}", code) if key in variants), text)
        return self.variant(variable, variants[known])

    def choice_by_text(self, variable, text):
        kind = self.guideline.kind.get(variable)
        if kind == "num":
            if not re.match(r"^-?[\d.]+$", text):
                raise NotExpressible("computed text")
            return written(text)
        if kind not in ("enum", "text"):
            raise NotExpressible(f"kinds mixed: text to {kind}")
        self.enum(variable)
        variants = self.variants[variable]
        if kind == "text":
            return self.variant(variable, variants[text])
        for code, (_, words) in self.guideline.codes[variable].items():
            if words == text:
                return self.variant(variable, variants[code])
        raise NotExpressible("kinds mixed: text to enum")

    def is_copy(self, kind, value):
        if value[0] != "var" or value[1] == NOW:
            return False
        source = self.guideline.kind.get(value[1])
        plain = not value[2] or (value[2] == ("value",) and kind == source == "text")
        return plain and source in ("enum", "text", "bool", "date")

    def copied(self, variable, value, previous, copy):
        name = self.current.get(value[1])
        if name is None:
            return None
        guard = f" and {name} is not none" if previous else ""
        return copy(variable, value[1], name), guard, False

    def copy(self, variable, source, name):
        kind, from_kind = (self.guideline.kind.get(v) for v in (variable, source))
        if kind in ("bool", "date"):
            return name
        if kind == "text" and from_kind in ("enum", "text"):
            return self.renamed(source, name, variable, by_text=True)
        if kind == from_kind == "enum":
            return self.renamed(source, name, variable)
        raise NotExpressible("kinds mixed")

    def copy_of_label(self, variable, source, name):
        g, kind = self.guideline, self.guideline.kind.get(variable)
        if g.kind.get(source) != "enum":
            text = g.terms.get(source)
            if kind == "text":
                g.texts[variable].setdefault(text, 1)
                self.enum(variable)
            if kind != "text" or text not in self.variants[variable]:
                raise NotExpressible("label of a number")
            return self.variant(variable, self.variants[variable][text])
        if kind not in ("enum", "text"):
            raise NotExpressible("kinds mixed")
        return self.renamed(source, name, variable, by_text=True)

    def formula(self, variable, value, previous):
        if any(part[0] == "str" for part in walk(value)):
            raise NotExpressible("computed text")
        self.in_formula = False
        text, whole = self.arithmetic(value)
        if self.by_clock and not whole:
            self.in_formula, self.divisors, self.guards = True, [], []
            text, whole = self.arithmetic(value)
            self.in_formula = False
        guard = "".join(f" and {name} is not none" for name in sorted(self.needs)) if previous else ""
        if whole:
            text = bare(text)
            guard += "".join(f" and {self.near(test)} > 0" for test, _ in self.guards)
        elif not re.match(r"^-?[\d.]+$", text):
            text, more = self.rounding(text)
            guard += more
        self.leave_unit(variable, previous)
        return text, guard, whole

    def near(self, text):
        """A test of 0: rounded, and kept small enough to be stored."""
        return f"(round max(min({bare(text)}, 1000), -1000) to {max(self.places, 3)} places)"

    def rounding(self, text):
        """The one rounding of a formula, and where it holds. With a divisor that may be on either side of 0 there are two."""
        if not self.is_formula and not is_name(text):
            text = f"max({bare(text)}, -999999999)"
        guard = "".join(f" and {self.near(self.guarded(test))} {sign} 0" for test, sign in self.guards)
        if not self.divisors:
            return f"round {bare(text)} to {self.places} places", guard
        for _ in range(4):
            self.divisors = [
                re.sub(r"@(\d+)@", lambda place: f"max({bare(self.divisors[int(place[1])])}, {self.options.least})", b)
                for b in self.divisors
            ]
        if len(self.divisors) > 1 and any(" - " in divisor for divisor in self.divisors):
            raise NotExpressible("several divisors that may be 0")
        below, tests = text, [self.near(divisor) for divisor in self.divisors]
        for place, divisor in enumerate(self.divisors):
            below = below.replace(f"@{place}@", f"min({bare(divisor)}, -{self.options.least})")
        if len(self.divisors) == 1:
            self.below_zero = f" and {tests[0]} < 0", f"round {bare(below)} to {self.places} places"
        guard += "".join(f" and {test} > 0" for test in tests)
        return f"round {bare(self.guarded(text))} to {self.places} places", guard

    def leave_unit(self, variable, previous):
        """A fact worked out anew is a plain number from there on; where it is not, its value is made plain too."""
        if self.recorded_unit.get(variable):
            if previous and previous == self.facts.get(variable):
                self.otherwise = self.plain(variable, previous)
            self.recorded_unit[variable] = ""
