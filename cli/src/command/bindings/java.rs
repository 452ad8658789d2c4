//! Types for Java: a case that is filled by name, and the answers of a decision.

use super::names::{Distinct, camel, last, pascal, upper};
use super::subject::{Answer, Event, Field, Kind, Subject};

/// Words of the language, which no method may have as its name.
const WORDS: [&str; 56] = [
    "abstract",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "goto",
    "if",
    "implements",
    "import",
    "instanceof",
    "int",
    "interface",
    "long",
    "native",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "strictfp",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "void",
    "volatile",
    "while",
    "getClass",
    "notify",
    "wait",
];

/// The class as a text.
pub fn write(subject: &Subject) -> String {
    let name = pascal(last(&subject.package));
    let subject = &subject.apart([name.as_str(), "Case", "Settings"], str::to_owned);
    let Subject { package, version, fingerprint, .. } = subject;
    let mut out = format!(
        "// The case and the answers of {package} {version}. Made by `concord bindings`: not to be edited.\n\
         import concord.Answer;\nimport concord.Decision;\n\
         import java.util.ArrayList;\nimport java.util.LinkedHashMap;\nimport java.util.List;\nimport java.util.Map;\n\n\
         /** The case and the answers of {package}. */\n\
         public final class {name} {{\n\
         \x20   public static final String PACKAGE = \"{package}\";\n\
         \x20   /** Give it to `Options.fingerprint`: then these are the types of what is loaded. */\n\
         \x20   public static final String FINGERPRINT = \"{fingerprint}\";\n\n\
         \x20   private {name}() {{}}\n"
    );
    for of in &subject.enums {
        let mut constants = Distinct::beside([]);
        let choice = |variant: &String| format!("        {}(\"{variant}\")", constants.name(&upper(variant)));
        let choices: Vec<String> = of.variants.iter().map(choice).collect();
        out.push_str(&format!(
            "\n    /** A choice. */\n    public enum {0} {{\n{1};\n\n        private final String name;\n\n        {0}(String name) {{\n            this.name = name;\n        }}\n\n\
             \x20       /** As a case has it. */\n        @Override\n        public String toString() {{\n            return name;\n        }}\n    }}\n",
            of.name,
            choices.join(",\n")
        ));
    }
    out.push_str(&case_type(subject));
    out.extend(subject.events.iter().map(|event| event_type(subject, event)));
    let mut methods = Distinct::beside([]);
    let settings: String = subject.parameters.iter().map(|of| setter(subject, "Settings", of, &mut methods)).collect();
    out.push_str(&map("Settings", "A member's settings; what is left out is the group's.", &settings, ""));
    let mut methods = Distinct::beside([]);
    out.extend(subject.answers.iter().map(|of| answer(of, &methods.name(&camel(&of.identifier, &WORDS)))));
    out.push_str("}\n");
    out
}

/// A class that fills a map.
fn map(name: &str, words: &str, setters: &str, begin: &str) -> String {
    format!(
        "\n    /** {words} */\n    public static final class {name} {{\n        private final Map<String, Object> given = new LinkedHashMap<>();\n{begin}{setters}\n\
         \x20       /** As the host takes it. */\n        public Map<String, Object> map() {{\n            return given;\n        }}\n    }}\n"
    )
}

fn case_type(subject: &Subject) -> String {
    let mut setters = set("Case", "asOf", "as_of", "Object", "given.put(\"as_of\", value)", None);
    let mut methods = Distinct::beside(["asOf", "event", "notSupplied", "map"]);
    setters.extend(subject.facts.iter().map(|of| setter(subject, "Case", of, &mut methods)));
    let labels = subject.labels.iter();
    setters.extend(labels.map(|label| plain("Case", &mut methods, label, "String", None)));
    if !subject.events.is_empty() {
        setters.push_str(
            "\n        /** Adds an event. */\n        public Case event(Map<String, Object> event) {\n            events.add(event);\n            return this;\n        }\n\n\
             \x20       /** Kinds of event that the sender does not export. */\n        public Case notSupplied(List<String> names) {\n            given.put(\"not_supplied\", names);\n            return this;\n        }\n",
        );
    }
    let begin = if subject.events.is_empty() {
        ""
    } else {
        "        private final List<Map<String, Object>> events = new ArrayList<>();\n\n        {\n            given.put(\"events\", events);\n        }\n"
    };
    map("Case", "What is known of a case; what is left out is missing.", &setters, begin)
}

fn event_type(subject: &Subject, event: &Event) -> String {
    let name = &event.of;
    let begin = format!(
        "\n        /** It happened at an instant; at an unknown time where that is null. */\n        public {name}(Object at) {{\n            given.put(\"event\", \"{}\");\n            given.put(\"at\", at);\n        }}\n",
        event.name
    );
    let mut methods = Distinct::beside(["map"]);
    let setters: String = event.fields.iter().map(|of| setter(subject, name, of, &mut methods)).collect();
    map(name, &format!("An event {}.", event.name), &setters, &begin)
}

fn setter(subject: &Subject, class: &str, of: &Field, methods: &mut Distinct) -> String {
    let plainly = !of.may_be_none && of.units.len() < 2;
    match of.kind {
        Kind::YesNo if plainly => plain(class, methods, &of.name, "Boolean", of.words.as_ref()),
        Kind::Enum(place) if plainly => {
            let ty = subject.enums.get(place).map_or("String", |of| &of.name);
            let put = format!("given.put(\"{}\", value == null ? null : value.toString())", of.name);
            set(class, &methods.name(&camel(&of.name, &WORDS)), &of.name, ty, &put, of.words.as_ref())
        }
        Kind::Text if plainly => plain(class, methods, &of.name, "String", of.words.as_ref()),
        _ => plain(class, methods, &of.name, "Object", of.words.as_ref()),
    }
}

fn plain(class: &str, methods: &mut Distinct, name: &str, ty: &str, words: Option<&String>) -> String {
    let method = methods.name(&camel(name, &WORDS));
    set(class, &method, name, ty, &format!("given.put(\"{name}\", value)"), words)
}

fn set(class: &str, method: &str, name: &str, ty: &str, put: &str, words: Option<&String>) -> String {
    let words = words.map_or_else(|| name.to_owned(), |words| format!("{name}: {words}"));
    format!(
        "\n        /** {words} */\n        public {class} {method}({ty} value) {{\n            {put};\n            return this;\n        }}\n"
    )
}

fn answer(of: &Answer, method: &str) -> String {
    let words = of.label.as_ref().map_or_else(|| of.name.clone(), |label| format!("{}: {label}", of.name));
    format!(
        "\n    /** {} */\n    public static Answer {method}(Decision decision) {{\n        return decision.answer(\"{}\");\n    }}\n",
        words.replace("*/", "* /"),
        of.name
    )
}
