"""Arithmetic of GDL2 in Concord: real numbers inside one rounding.

What may not be proved (a divisor that may be 0, a logarithm of what may be 0) is guarded: the formula gets a `max`, and the assignment a condition
that says where it holds. A guarded divisor is written `@0@`, `@1@`, … until it is known which side of 0 is meant.
"""

from syntax import NotExpressible, is_now, speaks_of_now
from words import bare, grouped, is_name, written

FUNCTIONS = {"log": "ln", "ln": "ln", "log10": "log10", "exp": "exp", "sqrt": "sqrt", "max": "max", "min": "min"}
ROUNDINGS = {"round": "", "floor": " down", "ceil": " up"}
DAYS_OF = {"a": "365.25", "mo": "30.4375", "d": "1", "wk": "7"}


class Arithmetic:
    """The part of a translation that calculates. An expression comes out as its text, and whether it is surely a whole number."""

    def arithmetic(self, tree):
        kind = tree[0]
        if kind in ("num", "qty"):
            return written(tree[1]), tree[1] == int(tree[1])
        if kind == "e":
            return "exp(1)", False
        if kind == "neg":
            text, whole = self.arithmetic(tree[1])
            return f"(0 - {text})", whole
        if kind == "var":
            return self.number(tree)
        if kind == "fn":
            return self.function(tree[1], [self.arithmetic(argument)[0] for argument in tree[2]])
        if kind == "ar":
            return self.time_passed(tree) or self.operation(tree)
        raise NotExpressible("computed text" if kind == "str" else "arithmetic " + kind)

    def number(self, tree):
        _, variable, attributes = tree
        if is_now(tree):
            raise NotExpressible("clock arithmetic")
        name, kind = self.current.get(variable), self.guideline.kind.get(variable)
        if attributes and attributes[-1] in ("year", "month", "day"):
            raise NotExpressible("year of a date")
        if name is None:
            return "none", True
        self.needs.add(name)
        if kind == "enum":
            return self.points(variable), True
        wrong = {"bool": "number of a yes/no", "date": "clock arithmetic", "text": "text in arithmetic"}
        if kind in wrong:
            raise NotExpressible(wrong[kind])
        unit = self.recorded_unit.get(variable) or self.computed_unit.get(name)
        if unit:
            return f"({name} to {unit})", False
        if variable in self.facts:
            return name, self.range(variable)[2] == 0
        return name, self.whole.get(name, False)

    def function(self, name, arguments):
        first = arguments[0]
        if name in ROUNDINGS:
            for place, divisor in enumerate(self.divisors):
                if f"@{place}@" in first:
                    self.guards.append((divisor, ">"))
                    first = first.replace(f"@{place}@", f"max({bare(divisor)}, {self.options.least})")
            return f"(round max({bare(first)}, -999999999) to 0 places{ROUNDINGS[name]})", True
        if name == "abs":
            self.is_formula = True
            return f"max({bare(first)}, 0 - ({bare(first)}))", False
        if name not in FUNCTIONS:
            raise NotExpressible("function " + name)
        name, self.is_formula = FUNCTIONS[name], True
        if name in ("ln", "log10") and self.options.guard:
            self.guards.append((first, ">"))
            arguments = [f"max({bare(first)}, {self.options.least})"]
        elif name == "sqrt" and self.options.guard:
            self.guards.append((first, ">="))
            arguments = [f"max({bare(first)}, 0)"]
        elif name == "exp" and self.options.clamp:
            arguments = [f"max(min({bare(first)}, 20), -20)"]
        return f"{name}({', '.join(arguments)})", False

    def time_passed(self, tree):
        """Years by the calendar, or a span from a date to now in days; nothing where it is neither."""
        _, sign, left, right = tree
        if sign == "-" and is_now(left) and right[0] == "var":
            name = self.current.get(right[1]) or "none"
            self.needs.add(name)
            self.by_clock = True
            if left[2] == ("year",) and right[2] == ("year",):
                years = f"((years from 1900-01-01 to as of) - (years from 1900-01-01 to {name}))"
                return (f"({years} to years)" if self.in_formula else years), True
            if not left[2]:
                raise NotExpressible("clock difference")
        if sign == "/" and right[0] == "qty" and left[:2] == ("ar", "-") and is_now(left[2]):
            name = self.current.get(left[3][1]) or "none"
            self.needs.add(name)
            if right[2] not in DAYS_OF:
                raise NotExpressible("clock difference")
            self.by_clock, self.is_formula = False, True
            return f"(((days from {name} to as of) to days) / {DAYS_OF[right[2]]})", False
        if speaks_of_now(tree) and sign in "+-" and right[0] == "qty":
            raise NotExpressible("date plus time")
        return None

    def operation(self, tree):
        _, sign, left, right = tree
        if sign == "^":
            power = self.power_of_constant(left, right)
            if power:
                return power
        if "str" in (left[0], right[0]):
            raise NotExpressible("computed text")
        (a, whole_a), (b, whole_b) = self.arithmetic(left), self.arithmetic(right)
        if self.options.guard:
            if sign == "/" and right[0] not in ("num", "qty"):
                self.divisors.append(b)
                b = f"@{len(self.divisors) - 1}@"
            whole_exponent = right[0] == "num" and right[1] == int(right[1])
            if sign == "^" and left[0] not in ("num", "qty") and not whole_exponent:
                self.guards.append((a, ">"))
                a = f"max({bare(a)}, {self.options.least})"
        if sign == "^":
            self.is_formula = True
            return f"{grouped(a)} ^ {grouped(b)}", False
        if sign == "/":
            return f"({a} / {grouped(b)})", False
        text = f"({a} {sign} {b})" if sign in "+-" else f"{grouped(a)} {sign} {grouped(b)}"
        return text, whole_a and whole_b

    def power_of_constant(self, base, exponent):
        """`e ^ x` is `exp(x)`; where it could be too large, x is kept between -20 and 20."""
        if base == ("e",):
            text = bare(self.arithmetic(exponent)[0])
            self.is_formula = True
            return (f"exp(max(min({text}, 20), -20))" if self.options.clamp else f"exp({text})"), False
        if base[0] == "num" and base[1] > 2 and exponent[0] not in ("num", "qty") and self.options.clamp:
            text = bare(self.arithmetic(exponent)[0])
            self.is_formula = True
            return f"{written(base[1])} ^ max(min({text}, 20), -20)", False
        return None

    def rounded(self, expression):
        text, whole = expression
        if whole or is_name(text):
            return text
        return f"(round max({bare(self.guarded(text))}, -999999999) to {self.places} places)"

    def guarded(self, text):
        """With each divisor kept above 0."""
        for place, divisor in enumerate(self.divisors):
            text = text.replace(f"@{place}@", f"max({bare(divisor)}, {self.options.least})")
        return text
