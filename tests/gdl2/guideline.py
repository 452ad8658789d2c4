"""A guideline as read: its rules as trees, and of what kind each of its variables is.

GDL2 does not declare variables. What a variable is follows from its values in the test cases and from what the rules compare it with.
"""

from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation

from syntax import NOW, action, expression, is_label, walk


class Guideline:
    def __init__(self, source, cases):
        self.id, self.terms = source["id"], source["terms"]
        definition = source["definition"]
        self.conditions = [expression(text) for text in definition.get("pre_conditions") or []]
        self.defaults = [action(text) for text in definition.get("default_actions") or []]
        # Each rule once, by descending priority: (id, conditions, actions).
        self.rules = [
            (rule["id"], [expression(w) for w in rule.get("when") or []], [action(a) for a in rule.get("then") or []])
            for rule in sorted((definition.get("rules") or {}).values(), key=lambda rule: -rule["priority"])
        ]
        self.inputs = set()
        self.codes = defaultdict(dict)  # variable → code → [number, label]
        self.texts = defaultdict(dict)  # variable → text
        self.numbers = defaultdict(list)  # variable → numbers it has or is compared with
        self.units = defaultdict(Counter)
        self.times = defaultdict(bool)  # variable → whether it has a time of day
        self.evidence = defaultdict(Counter)
        for case in cases:
            self.learn_from_case(case)
        tests = [test for _, tests, _ in self.rules for test in tests] + self.conditions
        for test in tests:
            for part in walk(test):
                if part[0] == "cmp":
                    self.learn_from_comparison(part[2], part[3])
                    self.learn_from_comparison(part[3], part[2])
        self.units_of_time = self.find_units_of_time(tests)
        for variable, attribute, value in self.actions():
            self.learn_from_action(variable, attribute, value)
        self.kind = {}
        self.settle_kinds()
        self.spread_texts()

    def actions(self):
        return self.defaults + [action for _, _, actions in self.rules for action in actions]

    def add_code(self, variable, number, code, text):
        """A code that comes with two numbers is two choices."""
        known = self.codes[variable].get(code)
        if known is not None and number is not None and known[0] is not None and known[0] != number:
            code = f"{code}#{number}"
            known = self.codes[variable].get(code)
        if known is None:
            self.codes[variable][code] = [number, text]
            return
        if known[0] is None:
            known[0] = number
        if not known[1]:
            known[1] = text

    def see(self, variable, kind, weight=1):
        self.evidence[variable][kind] += weight

    def learn_from_case(self, case):
        kinds = {"ordinal": "enum", "coded": "enum", "quantity": "num", "int": "num", "float": "num"}
        kinds |= {"bool": "bool", "datetime": "date", "text": "text"}
        for side in ("input", "expected"):
            for variable, value in case[side].items():
                kind = value["t"]
                self.see(variable, kinds[kind])
                if side == "input":
                    self.inputs.add(variable)
                if kind in ("ordinal", "coded"):
                    self.add_code(variable, value.get("v"), value["code"].split("::")[1], value["text"])
                elif kind == "quantity":
                    self.units[variable][value["unit"]] += 1
                elif kind == "datetime":
                    self.times[variable] |= not value["v"].endswith("T00:00:00")
                if side == "input" and kinds[kind] == "num":
                    written = value["v"] if kind == "int" else value.get("raw", "").split(",")[0] or value["v"]
                    self.numbers[variable].append(Decimal(str(written)))

    def learn_from_comparison(self, one, other):
        if one[0] != "var" or one[1] == NOW:
            return
        _, variable, attributes = one
        asked = attributes[0] if attributes else None
        if other[0] == "code":
            self.see(variable, "enum")
            self.add_code(variable, *other[1:])
        elif other[0] == "qty" and asked in (None, "magnitude"):
            self.see(variable, "num")
            self.numbers[variable].append(other[1])
            self.units[variable][other[2]] += 1
        elif other[0] == "num" and asked in (None, "magnitude", "count"):
            self.see(variable, "num", 0.5)
            self.numbers[variable].append(other[1])
        elif other[0] == "num" and asked == "value":
            self.see(variable, "val", 0.3)
            self.numbers[variable].append(other[1])
        elif other[0] == "bool":
            self.see(variable, "bool")
        elif other[0] == "str" and asked in ("unit", "units"):
            self.units[variable][other[1]] += 1
        elif other[0] == "str" and asked == "magnitude":
            try:
                self.numbers[variable].append(Decimal(other[1]))
            except InvalidOperation:
                pass
        if any(part == ("var", NOW, ()) for part in walk(other)):
            self.see(variable, "date", 0.5)

    @staticmethod
    def find_units_of_time(tests):
        comparisons = (part for test in tests for part in walk(test) if part[0] == "cmp")
        with_now = (c for c in comparisons if any(part[:2] == ("var", NOW) for part in walk(c)))
        return {part[2] for comparison in with_now for part in walk(comparison) if part[0] == "qty"}

    def learn_from_action(self, variable, attribute, value):
        if attribute in ("unit", "units") and value[0] == "str":
            self.units[variable][value[1]] += 0
        if attribute not in ("", "value", "count", "magnitude"):
            return
        if value[0] == "code":
            self.see(variable, "enum")
            self.add_code(variable, *value[1:])
        elif value[0] == "str":
            self.see(variable, "text")
            self.texts[variable][value[1]] = 1
        elif value[0] == "bool":
            self.see(variable, "bool")
        elif value[0] == "qty":
            self.see(variable, "num")
            self.numbers[variable].append(value[1])
        elif value[0] == "var" and not value[2] and attribute in ("", "value"):
            pass
        elif is_label(value):
            self.see(variable, "text")
        elif value[0] != "null":
            self.see(variable, "num", 0.6)

    def settle_kinds(self):
        for variable, seen in self.evidence.items():
            seen = dict(seen)
            if len(seen) > 1:
                seen.pop("val", None)
            kind = max(seen, key=seen.get)
            self.kind[variable] = "num" if kind == "val" else kind
            if seen.get("text") and seen.get("enum"):
                is_enum = variable in self.inputs or not self.texts[variable]
                self.kind[variable] = "enum" if is_enum else "text"
        for _ in range(4):
            for variable, attribute, value in self.actions():
                if value[0] != "var" or value[2] or attribute not in ("", "value"):
                    continue
                if value[1] in self.kind and variable not in self.kind:
                    self.kind[variable] = self.kind[value[1]]
                if self.kind.get(variable) == "enum" and self.kind.get(value[1]) == "enum":
                    for code, (number, text) in list(self.codes[value[1]].items()):
                        self.add_code(variable, number, code, text)

    def spread_texts(self):
        """Which texts a variable may have: those it is given, those of what is copied into it."""
        for variable, attribute, value in self.actions():
            if self.kind.get(variable) != "num" and value[0] != "str" and attribute in ("", "value"):
                text = self.fixed_text(value)
                if text is not None:
                    if self.kind.get(variable) is None:
                        self.kind[variable] = "text"
                    self.texts[variable].setdefault(text, 1)
        for _ in range(6):
            for variable, attribute, value in self.actions():
                if attribute in ("", "value") and value[0] == "var" and value[1] != variable:
                    self.copy_texts(variable, value)

    def copy_texts(self, variable, value):
        _, source, attributes = value
        if attributes and attributes[-1] not in ("value", "term", "label", "text"):
            return
        plain = not attributes or attributes[-1] == "value"
        if self.kind.get(source) == "text" and plain and self.kind.get(variable) in (None, "text"):
            self.kind[variable] = "text"
            for text in list(self.texts[source]):
                self.texts[variable].setdefault(text, 1)
        elif self.kind.get(source) == "enum" and self.kind.get(variable) == "text":
            for _, text in self.codes[source].values():
                self.texts[variable].setdefault(text, 1)

    def fixed_text(self, value):
        """The text that an expression always has; nothing where it depends on the case."""
        if value[0] == "str":
            return value[1]
        if is_label(value) and self.kind.get(value[1]) != "enum":
            return self.terms.get(value[1]) or ""
        if value[0] == "ar" and value[1] == "+":
            left, right = self.fixed_text(value[2]), self.fixed_text(value[3])
            if left is not None and right is not None:
                return left + right
        return None
