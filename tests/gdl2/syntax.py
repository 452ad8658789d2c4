"""Expressions and actions of GDL2, the guideline language of openEHR, as nested tuples.

("num", 3)  ("qty", 7.5, "mmol/l")  ("str", "high")  ("bool", True)  ("null",)  ("e",)
("code", number or None, code, label or None)
("var", "gt0012", ("magnitude",))        a variable, and what is asked of it
("not", x)  ("and", x, y)  ("or", x, y)  ("cmp", "<=", x, y)
("ar", "+", x, y)  ("neg", x)  ("fn", "log", [x, …])  ("fired", "gt0031")
"""

import re
from decimal import Decimal

NOW = "currentDateTime"

TOKEN = re.compile(
    r"""\s*(?:
      (?P<var>\$(?:gt\d+|currentDateTime)(?:\|[^|]+\|)?(?:\.[A-Za-z_]+)*)
    | (?P<code>(?:-?\d+\|)?[A-Za-z][\w-]*::[\w.-]+\|[^|]*\|)
    | (?P<codeb>[A-Za-z][\w-]*::[\w.-]+)
    | (?P<qty>\d+(?:\.\d+)?,(?!\s)(?![$(])[^\s)&|=<>!]+)
    | (?P<num>\d+(?:\.\d+)?(?:[eE]-?\d+)?)
    | (?P<str>'[^']*'|"[^"]*")
    | (?P<op>==|!=|<=|>=|&&|\|\||[-+*/^()<>=!,])
    | (?P<id>[A-Za-z_]+\d*)
    )""",
    re.X | re.S,
)
ASSIGNMENT = re.compile(r"^\s*\$(gt\d+)(?:\|[^|]+\|)?((?:\.[A-Za-z_]+)*)\s*=(?!=)\s*(.*)$", re.S)
VARIABLE = re.compile(r"\$(gt\d+|currentDateTime)(?:\|[^|]+\|)?((?:\.[A-Za-z_]+)*)$", re.S)
STARTS_WITH_CODE = re.compile(r"^(-?\d+\|)?[A-Za-z][\w-]*::[\w.-]+\|")


class NotExpressible(Exception):
    """What the translation does not carry over, in a few words."""


def expression(text):
    tokens = []
    at = 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise NotExpressible("syntax: lex " + text[at : at + 26])
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    return Parser(tokens).whole()


def action(text):
    """`$gt0012.magnitude = …` as (variable, attribute, expression)."""
    found = ASSIGNMENT.match(text)
    if not found:
        raise NotExpressible("syntax: action")
    variable, attribute, value = found[1], found[2].strip("."), found[3].strip()
    if attribute in ("", "value") and STARTS_WITH_CODE.match(value) and (code := coded(value)):
        return variable, attribute, code
    quantity = re.match(r"^(-?\d+(?:\.\d+)?),(\S+)$", value)
    if quantity:
        return variable, attribute, ("qty", Decimal(quantity[1]), quantity[2])
    parsed = expression(value)
    if parsed[0] == "str" and "::" in parsed[1]:
        parsed = coded(parsed[1]) or parsed
    return variable, attribute, parsed


def coded(text):
    """`2|local::at0005|Moderate|`, or the same without its number."""
    text = text.strip()
    if found := re.match(r"^(-?\d+)\|([\w-]+::[\w.-]+)\|(.*?)\|?$", text, re.S):
        return "code", int(found[1]), found[2].split("::")[1], found[3]
    if found := re.match(r"^([A-Za-z][\w-]*::[\w.-]+)\|(.*?)\|?$", text, re.S):
        return "code", None, found[1].split("::")[1], found[2]
    return None


def walk(tree):
    """An expression and all its parts."""
    yield tree
    for part in tree:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            yield from walk(part)
        elif isinstance(part, list):
            for item in part:
                yield from walk(item)


def is_now(tree):
    return tree[:2] == ("var", NOW)


def speaks_of_now(tree):
    return any(is_now(part) for part in walk(tree))


def is_label(tree):
    """`$gt0012.term`: the words of a coded value."""
    return tree[0] == "var" and bool(tree[2]) and tree[2][-1] in ("term", "label", "symbol", "text")


class Parser:
    """Recursive descent; `^` binds tightest and to the right, then signs, `* /`, `+ -`, comparisons, and, or."""

    def __init__(self, tokens):
        self.tokens, self.at = tokens, 0

    def next_is(self, *words):
        return self.peek()[1] in words

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def expect(self, word):
        if self.take()[1] != word:
            raise NotExpressible("syntax: expected " + word)

    def operator(self, words):
        kind, word = self.peek()
        return kind == "op" and word in words

    def whole(self):
        tree = self.disjunction()
        if self.at < len(self.tokens):
            raise NotExpressible(("syntax: trail " + str(self.tokens[self.at : self.at + 3]))[:38])
        return tree

    def disjunction(self):
        left = self.conjunction()
        while self.next_is("||", "or"):
            self.take()
            left = ("or", left, self.conjunction())
        return left

    def conjunction(self):
        left = self.comparison()
        while self.next_is("&&", "and"):
            self.take()
            left = ("and", left, self.comparison())
        return left

    def comparison(self):
        left = self.sum()
        while self.operator(("==", "!=", "<=", ">=", "<", ">", "=")):
            word = self.take()[1]
            left = ("cmp", "==" if word == "=" else word, left, self.sum())
        return left

    def sum(self):
        left = self.product()
        while self.operator(("+", "-")):
            left = ("ar", self.take()[1], left, self.product())
        return left

    def product(self):
        left = self.power()
        while self.operator(("*", "/")):
            left = ("ar", self.take()[1], left, self.power())
        return left

    def power(self):
        left = self.unary()
        if self.operator(("^",)):
            self.take()
            return ("ar", "^", left, self.power())
        return left

    def unary(self):
        if self.operator(("!",)):
            self.take()
            return ("not", self.unary())
        if self.operator(("-",)):
            self.take()
            return ("neg", self.unary())
        return self.atom()

    def atom(self):
        kind, word = self.take()
        if kind == "num":
            return ("num", Decimal(word))
        if kind == "qty":
            number, unit = word.split(",", 1)
            return ("qty", Decimal(number), unit)
        if kind == "str":
            return ("str", word[1:-1])
        if kind == "code":
            return coded(word)
        if kind == "codeb":
            return ("code", None, word.split("::")[1], None)
        if kind == "var":
            found = VARIABLE.match(word)
            return ("var", found[1], tuple(part for part in found[2].split(".") if part))
        if word == "(":
            return self.parenthesis()
        if kind == "id":
            return self.word(word)
        raise NotExpressible("syntax: " + str(word)[:20])

    def parenthesis(self):
        tree = self.disjunction()
        self.expect(")")
        # `(…),1` is the quantity without a unit.
        if self.peek() == ("op", ",") and self.tokens[self.at + 1 : self.at + 2] == [("num", "1")]:
            self.take()
            self.take()
        return tree

    def word(self, word):
        if word == "null":
            return ("null",)
        if word in ("true", "false"):
            return ("bool", word == "true")
        if word == "e" and not self.next_is("("):
            return ("e",)
        if not self.next_is("("):
            raise NotExpressible("syntax: id " + word)
        self.take()
        if word == "fired":
            rule = self.take()[1]
            self.expect(")")
            return ("fired", re.match(r"\$(gt\d+)", rule)[1])
        arguments = [self.disjunction()]
        while self.next_is(","):
            self.take()
            arguments.append(self.disjunction())
        self.expect(")")
        return ("fn", word, arguments)
