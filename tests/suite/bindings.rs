//! `concord bindings`: the types of a rule for programs. That other languages' compilers take those of all of `rules/` is tried by `wasm/hosts/test`.

use crate::cli::{Ran, run};
use crate::packages::TempFolder;

const RULE: &str = "package sample.value {
  version 1.0.0
  title \"Sample\"
  source nice \"NICE\"
  owner \"Group\"
  use audit
  status draft
  review by 2027-12-31
}
enum Value { one, two }
subject Patient {
  trust : organisation
  temperature : decimal 25.0..45.0 °C
  class : Value
  creatinine : optional decimal 10.0..2000.0 µmol/L or mg/dL at 88.42
  event Fall { harm : yes/no }
}
parameter seen_within : duration = 1 h
  local 30 min..1 h \"stricter\"
define fever \"Fever\" = temperature >= 38.0
define falls = count Fall
table risk {
  fever | risk
  yes   | two
  no    | one
}
obligation seen \"Seen\" {
  source nice
  from first Fall
  expect Fall within seen_within
}
";

/// Of each language, some lines of the types of the rule above.
const LINES: &[(&str, &[&str])] = &[
    (
        "ts",
        &[
            "export type Value2 = \"one\" | \"two\";",
            "class?: Value2 | null | undefined;",
            "NumberIn | InUnit<\"µmol/L\" | \"mg/dL\"> | \"none\"",
            "event: \"Fall\"; at: Instant | null; harm?: boolean | null | undefined;",
            "seen_within?: Known<Duration> | undefined;",
            "seen: Verdict;",
            "fever: Value<boolean> | None | Unknown<boolean>;",
        ],
    ),
    (
        "python",
        &[
            "Value2 = Literal[\"one\", \"two\"]",
            "\"temperature\": Number,  # 25.0 to 45.0 °C",
            "\"creatinine\": Union[Number, Literal[\"none\"]],",
            "\"seen\": Verdict,",
            "Union[Value[Value2], Nothing, Unknown[Value2]]",
            "from typing import Literal, TypedDict, Union, cast",
        ],
    ),
    (
        "csharp",
        &[
            "public static class Value",
            "            @one,",
            "            public Value2? Class\n",
            "public sealed class FallEvent : Dictionary<string, object>",
            "public static Answer SeenOf(Decision decision)",
        ],
    ),
    (
        "c",
        &[
            "typedef enum { VALUE_VALUE2__MISSING = 0, VALUE_VALUE2_ONE, VALUE_VALUE2_TWO } value_value2;",
            "    value_value2 class_;",
            "    const char *temperature; /* 25.0 to 45.0 °C */",
            "static inline size_t value_case_json(const value_case *of, char *to, size_t room) {",
            "static inline const concord_answer *value_answer_seen(const concord_decision *decision) {",
        ],
    ),
    (
        "go",
        &[
            "package value",
            "\tValue2Two Value2 = \"two\"",
            "\tClass *Value2 `json:\"class,omitempty\"`",
            "func (a Answers) Fever() concord.Answer",
            "}{\"Fall\", fields(e)})",
        ],
    ),
    (
        "java",
        &[
            "public final class Value {",
            "ONE(\"one\"),",
            "public Case class_(Value2 value)",
            "public FallEvent harm(Boolean value)",
            "public static Answer seen(Decision decision)",
        ],
    ),
];

#[track_caller]
fn bindings(rule: &str, language: &str) -> String {
    let Ran { code, out, err } = run(&["bindings", rule, "--lang", language]);
    assert_eq!((code, err.as_str()), (0, ""));
    out
}

/// A folder with the rule, its path, and that of its module.
fn sample() -> (TempFolder, String, String) {
    let folder = TempFolder::new();
    let rule = folder.write("value.concord", RULE.as_bytes()).to_str().unwrap().to_owned();
    let module = folder.path("value.wasm").to_str().unwrap().to_owned();
    let ran = run(&["--quiet", "build", &rule, "-o", &module]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    (folder, rule, module)
}

#[test]
fn types_say_what_goes_in_and_what_comes_out() {
    let (_folder, rule, _) = sample();
    for (language, lines) in LINES {
        let out = bindings(&rule, language);
        for line in *lines {
            assert!(out.contains(line), "{language}: {line} is not in\n{out}");
        }
        assert!(out.contains("sample.value 1.0.0"), "{language}");
        assert!(out.lines().all(|line| !line.ends_with(' ')), "{language}: a space at the end of a line");
    }
}

#[test]
fn a_module_has_the_types_of_its_rule() {
    let (folder, rule, module) = sample();
    for language in ["c", "csharp", "go", "java", "python", "ts"] {
        assert_eq!(bindings(&module, language), bindings(&rule, language), "{language}");
    }
    let bare = folder.path("bare.wasm").to_str().unwrap().to_owned();
    assert_eq!(run(&["--quiet", "build", &rule, "--no-json", "-o", &bare]).code, 0);
    let ran = run(&["bindings", &bare, "--lang", "ts"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("it carries no manifest"), "{}", ran.err);
}

/// Names that are two in a rule are two in a program: a second that is written like the first gets a number. That compilers take them all is tried by `wasm/hosts/test`.
#[test]
fn names_that_are_written_alike_are_told_apart() {
    let rule = concat!(env!("CARGO_MANIFEST_DIR"), "/../wasm/hosts/corpus/names");
    let all: [(&str, &[&str]); 4] = [
        (
            "java",
            &[
                "        X(\"x\"),\n        X2(\"X\"),\n        A_B(\"a_b\"),\n        AB(\"aB\");",
                "public Case fooBar(Object value)",
                "public Case fooBar2(Object value)",
                "public Settings fooBaz2(Object value)",
                "public static Answer total2(Decision decision)",
                "public Case type(Type2 value)",
                "public MapEvent2(Object at)",
            ],
        ),
        (
            "go",
            &[
                "package type_\n",
                "\tKindX2 Kind = \"X\"\n",
                "\tEvents2 any `json:\"events_,omitempty\"`",
                "\tAt2 any `json:\"at_,omitempty\"`",
                "\tPackage *Package2 `json:\"package,omitempty\"`",
                "func (a Answers) Total2() concord.Answer { return a.of(\"Total\") }",
                "type MapEvent2 struct",
            ],
        ),
        ("c", &[", TYPE_KIND_X, TYPE_KIND_X2", "} type_text2;", "} type_map_event2;"]),
        ("csharp", &["public object FooBar2", "public static Answer TotalOf2", "public MapEvent2(object at)"]),
    ];
    for (language, lines) in all {
        let out = bindings(rule, language);
        for line in lines {
            assert!(out.contains(line), "{language}: {line} is not in\n{out}");
        }
    }
}
