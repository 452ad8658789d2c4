//! Types for C: a structure that says nothing where it is zero, a function that writes it as a case, and the answers of a decision.

use std::collections::BTreeSet;

use super::names::{Distinct, last, upper};
use super::subject::{Answer, Event, Field, Kind, Subject};

/// Words of the language and of C++, which no member may have as its name.
const WORDS: [&str; 64] = [
    "alignas",
    "alignof",
    "and",
    "asm",
    "auto",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "delete",
    "do",
    "double",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "not",
    "nullptr",
    "operator",
    "or",
    "private",
    "protected",
    "public",
    "register",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "template",
    "this",
    "throw",
    "true",
    "try",
    "typedef",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "while",
];

/// What a header has by itself behind its prefix.
const TAKEN: [&str; 10] = ["case", "choice", "end", "key", "put", "quote", "settings", "text", "value", "yes_no"];

/// What writes a text, by the prefix of the header.
const WRITER: &str = "
/* A text that is written into room that may end. */
typedef struct { char *to; size_t room, length; const char *before; } NAME_text;

static inline void NAME_put(NAME_text *text, const char *what) {
    for (; *what; what++, text->length++)
        if (text->length + 1 < text->room) text->to[text->length] = *what;
}

static inline void NAME_quote(NAME_text *text, const char *what) {
    char one[8];
    NAME_put(text, \"\\\"\");
    for (; *what; what++) {
        unsigned char c = (unsigned char)*what;
        snprintf(one, sizeof one, c < 32 ? \"\\\\u%04x\" : c == '\"' || c == '\\\\' ? \"\\\\%c\" : \"%c\", c);
        NAME_put(text, one);
    }
    NAME_put(text, \"\\\"\");
}

static inline void NAME_key(NAME_text *text, const char *key) {
    NAME_put(text, text->before);
    text->before = \",\";
    NAME_quote(text, key);
    NAME_put(text, \":\");
}

/* A number by its digits; JSON as it stands; anything else as a text. */
static inline void NAME_value(NAME_text *text, const char *key, const char *value, int number) {
    if (!value) return;
    NAME_key(text, key);
    if (number && (*value == '-' || *value == '{' || (*value >= '0' && *value <= '9'))) NAME_put(text, value);
    else NAME_quote(text, value);
}

static inline void NAME_choice(NAME_text *text, const char *key, int value, const char *const *names) {
    if (!value) return;
    NAME_key(text, key);
    NAME_put(text, names[value - 1]);
}

static inline size_t NAME_end(NAME_text *text) {
    NAME_put(text, *text->before == '{' ? \"{}\" : \"}\");
    if (text->room) text->to[text->length < text->room ? text->length : text->room - 1] = 0;
    return text->length;
}
";

/// The header as a text.
pub fn write(subject: &Subject) -> String {
    let subject = &subject.apart(TAKEN, snake);
    let Subject { package, version, fingerprint, .. } = subject;
    let name = last(package);
    let guard = upper(name);
    let own = ["PACKAGE", "FINGERPRINT", "MISSING", "NO", "YES"].map(|of| format!("{guard}_{of}"));
    let mut enumerators = Distinct::beside(own.iter().map(String::as_str));
    let mut out = format!(
        "/* The case and the answers of {package} {version}. Made by `concord bindings`: not to be edited. */\n\
         #ifndef CONCORD_RULE_{guard}_H\n#define CONCORD_RULE_{guard}_H\n\n#include <concord.h>\n#include <stdio.h>\n\n\
         #define {guard}_PACKAGE \"{package}\"\n\
         /* Give it as the option fingerprint: then this is the header of what is loaded. */\n\
         #define {guard}_FINGERPRINT \"{fingerprint}\"\n{}\n\
         typedef enum {{ {guard}_MISSING = 0, {guard}_NO = 1, {guard}_YES = 2 }} {name}_yes_no;\n\
         static const char *const {name}_yes_no_names[] = {{\"false\", \"true\"}};\n",
        WRITER.replace("NAME", name)
    );
    let written: BTreeSet<usize> = subject.all_fields().filter_map(choice).collect();
    for (_, of) in subject.enums.iter().enumerate().filter(|(place, _)| written.contains(place)) {
        let ty = &of.name;
        let prefix = format!("{guard}_{}", upper(ty));
        let choice = |variant: &String| format!(", {}", enumerators.name(&format!("{prefix}_{}", upper(variant))));
        let choices: String = of.variants.iter().map(choice).collect();
        let names: Vec<String> = of.variants.iter().map(|variant| format!("\"\\\"{variant}\\\"\"")).collect();
        out.push_str(&format!(
            "\ntypedef enum {{ {prefix}__MISSING = 0{choices} }} {name}_{ty};\nstatic const char *const {name}_{ty}_names[] = {{{}}};\n",
            names.join(", ")
        ));
    }
    out.extend(subject.events.iter().map(|event| event_type(subject, name, event)));
    out.push_str(&case_type(subject, name));
    let none = (String::new(), String::new(), Distinct::beside([]));
    out.push_str(&structure(
        subject,
        name,
        "settings",
        "A member's settings; what is zero is the group's.",
        &subject.parameters,
        none,
    ));
    out.extend(subject.answers.iter().map(|of| answer(name, of)));
    out.push_str("\n#endif\n");
    out
}

/// The place of the enum of which a field is a choice and nothing else.
fn choice(of: &Field) -> Option<usize> {
    match of.kind {
        Kind::Enum(place) if !of.may_be_none => Some(place),
        _ => None,
    }
}

/// `Scale2` is `scale2`.
fn snake(pascal: &str) -> String {
    let mut out = String::new();
    for letter in pascal.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn case_type(subject: &Subject, name: &str) -> String {
    let member = |key: &str, words: &str| format!("    const char *{}; /* {words} */\n", safe(key));
    let put = |key: &str| format!("    {name}_value(&text, \"{key}\", of->{}, 0);\n", safe(key));
    let mut members = member("as_of", "the instant to judge at, RFC 3339 with its zone");
    let mut puts = put("as_of");
    for label in &subject.labels {
        members.push_str(&member(label, "a label"));
        puts.push_str(&put(label));
    }
    let own = ["as_of", "events", "event_count", "not_supplied", "not_supplied_count"].map(str::to_owned);
    let labels: Vec<String> = subject.labels.iter().map(|label| safe(label)).collect();
    let names = Distinct::beside(own.iter().chain(&labels).map(String::as_str));
    if !subject.events.is_empty() {
        members.push_str("    const char *const *events; /* their texts */\n    size_t event_count;\n    const char *const *not_supplied; /* kinds of event that the sender does not export */\n    size_t not_supplied_count;\n");
        puts.push_str(&format!(
            "    if (of->event_count) {name}_key(&text, \"events\");\n    for (size_t place = 0; place < of->event_count; place++) {{\n        {name}_put(&text, place ? \",\" : \"[\");\n        {name}_put(&text, of->events[place]);\n    }}\n    if (of->event_count) {name}_put(&text, \"]\");\n\
             \x20   if (of->not_supplied_count) {name}_key(&text, \"not_supplied\");\n    for (size_t place = 0; place < of->not_supplied_count; place++) {{\n        {name}_put(&text, place ? \",\" : \"[\");\n        {name}_quote(&text, of->not_supplied[place]);\n    }}\n    if (of->not_supplied_count) {name}_put(&text, \"]\");\n"
        ));
    }
    structure(
        subject,
        name,
        "case",
        "What is known of a case; what is zero is missing.",
        &subject.facts,
        (members, puts, names),
    )
}

fn event_type(subject: &Subject, name: &str, event: &Event) -> String {
    let members = "    const char *at; /* an instant; an unknown time where that is NULL */\n".to_owned();
    let puts = format!(
        "    {name}_value(&text, \"event\", \"{}\", 0);\n    {name}_key(&text, \"at\");\n    if (of->at) {name}_quote(&text, of->at);\n    else {name}_put(&text, \"null\");\n",
        event.name
    );
    let names = Distinct::beside(["at"]);
    structure(subject, name, &event.of, &format!("An event {}.", event.name), &event.fields, (members, puts, names))
}

/// A structure, and what writes it.
fn structure(
    subject: &Subject,
    name: &str,
    ty: &str,
    words: &str,
    fields: &[Field],
    (mut members, mut puts, mut names): (String, String, Distinct),
) -> String {
    for of in fields {
        let (key, member) = (&of.name, names.name(&safe(&of.name)));
        let range = of.words.as_ref().map(|words| format!(" /* {words} */")).unwrap_or_default();
        let (of_type, put) = match (of.kind.clone(), choice(of).and_then(|place| subject.enums.get(place))) {
            (_, Some(of)) => {
                let ty = &of.name;
                (format!("{name}_{ty} "), format!("choice(&text, \"{key}\", of->{member}, {name}_{ty}_names)"))
            }
            (Kind::YesNo, _) if !of.may_be_none => {
                let put = format!("choice(&text, \"{key}\", of->{member}, {name}_yes_no_names)");
                (format!("{name}_yes_no "), put)
            }
            // Digits, "<0.5", "none"; from one to another, or in a unit, as JSON.
            (Kind::Whole | Kind::Decimal, _) => {
                ("const char *".to_owned(), format!("value(&text, \"{key}\", of->{member}, 1)"))
            }
            _ => ("const char *".to_owned(), format!("value(&text, \"{key}\", of->{member}, 0)")),
        };
        members.push_str(&format!("    {of_type}{member};{range}\n"));
        puts.push_str(&format!("    {name}_{put};\n"));
    }
    if members.is_empty() {
        return String::new();
    }
    format!(
        "\n/* {words} */\ntypedef struct {{\n{members}}} {name}_{ty};\n\n\
         /* Its text as JSON: how long that is; where that is not less than the room, it was cut short. */\n\
         static inline size_t {name}_{ty}_json(const {name}_{ty} *of, char *to, size_t room) {{\n    {name}_text text = {{to, room, 0, \"{{\"}};\n{puts}    return {name}_end(&text);\n}}\n"
    )
}

/// A name that is no word of the language.
fn safe(name: &str) -> String {
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    if WORDS.contains(&name.as_str()) || name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{name}_")
    } else {
        name
    }
}

fn answer(name: &str, of: &Answer) -> String {
    let words = of.label.as_ref().map_or_else(|| of.name.clone(), |label| format!("{}: {label}", of.name));
    format!(
        "\n/* {} */\nstatic inline const concord_answer *{name}_answer_{}(const concord_decision *decision) {{\n    return concord_decision_answer(decision, \"{}\");\n}}\n",
        words.replace("*/", "* /"),
        of.identifier,
        of.name
    )
}
