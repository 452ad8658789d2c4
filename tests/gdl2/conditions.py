"""Conditions of GDL2 in Concord. A comparison with a missing value is no, as it is there: every fact is optional, and absent is none."""

from decimal import Decimal, InvalidOperation

from syntax import NOW, NotExpressible, is_now, speaks_of_now, walk
from words import DAYS, UNITS, written

TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
# The unit of Concord for one of GDL2 in which spans of an instant are measured.
OF_SPANS = {"d": "days", "wk": "weeks", "h": "h", "min": "min", "s": "s", "hr": "h"}
YEARS_AND_MONTHS = ("a", "a_j", "yr", "mo", "mo_j")


def negated(sign, text):
    return f"not ({text})" if sign == "!=" else text


def equal_or_not(sign, text):
    if sign not in ("==", "!="):
        raise NotExpressible("order of codes")
    return negated(sign, text)


class Conditions:
    """The part of a translation that compares."""

    def condition(self, tree):
        kind = tree[0]
        if kind in ("or", "and"):
            return f"({self.condition(tree[1])} {kind} {self.condition(tree[2])})"
        if kind == "not":
            return f"not ({self.condition(tree[1])})"
        if kind == "fired":
            return self.fired.get(tree[1], "no")
        if kind == "bool":
            return "yes" if tree[1] else "no"
        if kind == "var":
            return self.current.get(tree[1]) or "no"
        if kind == "cmp":
            return self.comparison(*tree[1:])
        raise NotExpressible("condition " + kind)

    def comparison(self, sign, left, right):
        if ("null",) in (left, right):
            return self.presence(sign, right if left == ("null",) else left)
        if left[0] != "var" and right[0] == "var":
            left, right, sign = right, left, TURNED.get(sign, sign)
        if left[0] == "var" and left[1] != NOW:
            return self.comparison_of_variable(sign, left, right)
        if speaks_of_now(left):
            return self.age(sign, left, right)
        one, other = self.arithmetic(left), self.arithmetic(right)
        for part in [*walk(left), *walk(right)]:
            if part[0] == "var" and part[1] not in self.current:
                return "no"
        return negated(sign, f"{self.rounded(one)} {self.sign(sign)} {self.rounded(other)}")

    @staticmethod
    def sign(sign):
        return "=" if sign in ("==", "!=") else sign

    def presence(self, sign, tree):
        if tree[0] != "var":
            raise NotExpressible("null of expression")
        name = self.current.get(tree[1])
        if name is None:
            return "yes" if sign == "==" else "no"
        return f"{name} is none" if sign == "==" else f"{name} is not none"

    def comparison_of_variable(self, sign, left, right):
        _, variable, attributes = left
        name, kind = self.current.get(variable), self.guideline.kind.get(variable)
        asked = attributes[-1] if attributes else None
        if name is None:
            return "yes" if sign == "!=" and not (right[0] == "var" and right[1] == NOW) else "no"
        if asked == "precision":
            return f"{name} is not none"
        if asked in ("unit", "units"):
            return self.unit_test(sign, variable, right)
        if right[0] == "code":
            return self.code_test(sign, variable, right[2])
        if right[0] == "str":
            if asked == "code" or kind in ("enum", "text"):
                return self.text_test(sign, variable, right[1])
            try:
                right = ("num", Decimal(right[1]))
            except InvalidOperation:
                raise NotExpressible("text compared") from None
        if kind == "date":
            return self.date_test(variable, sign, right)
        if kind == "bool" and right[0] == "bool":
            test = f"{name} is {'yes' if right[1] else 'no'}"
            return test if sign == "==" else f"not ({test})"
        if right[0] in ("num", "qty", "neg"):
            return self.number_test(sign, variable, right)
        if right[0] == "var":
            return self.test_of_two(sign, variable, right[1])
        value = self.arithmetic(right)
        x = self.points(variable) if kind == "enum" else name
        return negated(sign, f"{self.plain(variable, x)} {self.sign(sign)} {self.rounded(value)}")

    def unit_test(self, sign, variable, right):
        name, units = self.current[variable], self.guideline.units
        if right[0] == "str":
            if variable in self.unit_facts:
                fact, of_unit = self.unit_facts[variable]
                test = f"{fact} is {of_unit[right[1]]}" if right[1] in of_unit else "no"
            elif variable in self.facts:
                recorded = list(units[variable])
                fits = UNITS.get(right[1], right[1]) in {UNITS.get(unit, unit) for unit in recorded}
                if len(recorded) == 1:
                    fits = right[1] == recorded[0]
                test = f"{name} is not none" if fits else "no"
            else:
                test = f"{name} is not none"
            return test if sign == "==" else f"not ({test})"
        other = right[1] if right[0] == "var" and right[2] and right[2][-1] in ("unit", "units") else None
        if other and variable not in self.unit_facts and other not in self.unit_facts:
            same = set(units[variable]) == set(units[other])
            return "yes" if same == (sign == "==") else "no"
        raise NotExpressible("unit compared with unit")

    def code_test(self, sign, variable, code):
        variants = self.variants.get(variable)
        if variants is None:
            raise NotExpressible(f"code compared with a {self.guideline.kind.get(variable)}")
        name = self.current[variable]
        fits = [known for known in variants if known == code or known.startswith(code + "#")]
        tests = dict.fromkeys(f"{name} is {self.variant(variable, variants[known])}" for known in fits)
        test = " or ".join(tests) or "no"
        return equal_or_not(sign, f"({test})" if len(fits) > 1 else test)

    def text_test(self, sign, variable, text):
        variants = self.variants.get(variable)
        variant = variants.get(text)
        if variant is None:
            for code, (_, words) in self.guideline.codes[variable].items():
                if words == text:
                    variant = variants[code]
        name = self.current[variable]
        return equal_or_not(sign, f"{name} is {self.variant(variable, variant)}" if variant else "no")

    def number_test(self, sign, variable, right):
        if right[0] == "neg":
            if right[1][0] != "num":
                raise NotExpressible("negative")
            right = ("num", -right[1][1])
        kind = self.guideline.kind.get(variable)
        if kind == "bool":
            raise NotExpressible("number of a yes/no")
        x = self.points(variable) if kind == "enum" else self.current[variable]
        in_its_unit = ""
        if right[0] == "qty" and variable in self.unit_facts:
            fact, of_unit = self.unit_facts[variable]
            if right[2] in DAYS and any(unit in DAYS for unit in of_unit) and sign not in ("==", "!="):
                return self.span_test(sign, variable, x, right)
            if right[2] not in of_unit:
                return "yes" if sign == "!=" else "no"
            in_its_unit = f"{fact} is {of_unit[right[2]]} and "
        number = written(right[1])
        test = f"not ({x} = {number})" if sign == "!=" else f"{x} {self.sign(sign)} {number}"
        return f"({in_its_unit}{test})" if in_its_unit else test

    def span_test(self, sign, variable, x, right):
        """A span of time against one in another unit: the threshold in each unit, on the grid of what is recorded."""
        fact, of_unit = self.unit_facts[variable]
        step = Decimal(1).scaleb(-self.range(variable)[2])
        alternatives = []
        for unit in filter(DAYS.get, of_unit):
            there = right[1] * Decimal(str(DAYS[right[2]])) / Decimal(str(DAYS[unit]))
            floor = (there / step).to_integral_value("ROUND_FLOOR") * step
            between = {"<": "<=", "<=": "<=", ">": ">", ">=": ">"}
            test = f"{x} {sign if floor == there else between[sign]} {written(floor)}"
            alternatives.append(f"({fact} is {of_unit[unit]} and {test})")
        return "(" + " or ".join(alternatives) + ")"

    def test_of_two(self, sign, variable, other):
        if other == NOW:
            raise NotExpressible("clock compared")
        if other not in self.current:
            return "yes" if sign == "!=" else "no"
        kinds = [self.guideline.kind.get(v) for v in (variable, other)]
        one, two = (self.points(v) if kind == "enum" else self.current[v] for v, kind in zip((variable, other), kinds))
        units = [self.recorded_unit.get(v, "") for v in (variable, other)]
        if "date" not in kinds and units[0] != units[1]:
            one, two = self.plain(variable, one), self.plain(other, two)
        return negated(sign, f"{one} {self.sign(sign)} {two}")

    def age(self, sign, left, right):
        """`(now - $x) <= q`: `$x >= now - q`."""
        if left[0] == "ar" and left[1] == "-" and is_now(left[2]) and left[3][0] == "var" and right[0] == "qty":
            if left[3][1] not in self.current:
                return "no"
            return self.date_test(left[3][1], TURNED.get(sign, sign), ("ar", "-", ("var", NOW, ()), right))
        raise NotExpressible("clock arithmetic")

    def date_test(self, variable, sign, right):
        name, with_time = self.current[variable], self.guideline.times[variable]
        if right[0] == "ar" and right[1] == "-" and is_now(right[2]) and right[3][0] == "qty":
            return self.time_ago(name, with_time, sign, right[3])
        if right[0] == "var" and is_now(right) and not right[2]:
            return f"{name} {'=' if sign == '==' else sign} {'as of' if with_time else 'date of as of'}"
        if right[0] == "var" and self.guideline.kind.get(right[1]) == "date":
            return f"{name} {'=' if sign == '==' else sign} {self.current.get(right[1])}"
        raise NotExpressible("date expression")

    @staticmethod
    def time_ago(name, with_time, sign, span):
        """A moment compared with now less a span. Years and months are completed ones."""
        _, length, unit = span
        if unit in YEARS_AND_MONTHS:
            if length != int(length):
                raise NotExpressible("fraction of a year")
            if sign not in TURNED:
                raise NotExpressible("date equals")
            completed = f"({'years' if unit[0] in 'ay' else 'months'} from {name} to as of)"
            # `<` differs on the birthday itself.
            return f"({name} is not none and {completed} {'>=' if sign in ('<=', '<') else '<'} {int(length)})"
        sign = TURNED.get(sign, "=")
        if unit in OF_SPANS and with_time:
            return f"as of - {name} {sign} {written(length)} {OF_SPANS[unit]}"
        if unit in ("d", "wk"):
            return f"(days from {name} to as of) {sign} {written(length * (7 if unit == 'wk' else 1))}"
        raise NotExpressible("date unit " + unit)

    def plain(self, variable, text):
        """A quantity as a plain number, in the unit it is recorded in."""
        unit = self.recorded_unit.get(variable)
        return f"(round max({text} to {unit}, -999999) to {self.places} places)" if unit else text
