//! Types for C#: a case that is filled by name, and the answers of a decision.

use super::names::{last, pascal};
use super::subject::{Answer, Event, Field, Kind, Subject};

/// What a dictionary has already, and a property may not be called.
const TAKEN: [&str; 19] = [
    "Add",
    "Case",
    "Clear",
    "Comparer",
    "ContainsKey",
    "ContainsValue",
    "Count",
    "Equals",
    "GetEnumerator",
    "GetHashCode",
    "GetObjectData",
    "GetType",
    "Keys",
    "OnDeserialization",
    "Remove",
    "Settings",
    "ToString",
    "TryGetValue",
    "Values",
];

/// The class as a text.
pub fn write(subject: &Subject) -> String {
    let Subject { package, version, fingerprint, .. } = subject;
    let name = pascal(last(package));
    let mut out = format!(
        "// The case and the answers of {package} {version}. Made by `concord bindings`: not to be edited.\n\
         using System;\nusing System.Collections.Generic;\n\n\
         namespace Concord.Types\n{{\n\
         \x20   /// <summary>The case and the answers of {package}.</summary>\n\
         \x20   public static class {name}\n    {{\n\
         \x20       /// <summary>The rule.</summary>\n\
         \x20       public const string Package = \"{package}\";\n\n\
         \x20       /// <summary>Give it as the option Fingerprint: then these are the types of what is loaded.</summary>\n\
         \x20       public const string Fingerprint = \"{fingerprint}\";\n"
    );
    for of in &subject.enums {
        let choices: Vec<String> = of
            .variants
            .iter()
            .map(|variant| format!("            /// <summary>As a case has it.</summary>\n            @{variant},\n"))
            .collect();
        out.push_str(&format!(
            "\n        /// <summary>A choice.</summary>\n        public enum {}\n        {{\n{}        }}\n",
            of.name,
            choices.join("\n")
        ));
    }
    out.push_str(&case_type(subject));
    out.extend(subject.events.iter().map(|event| event_type(subject, event)));
    let settings: Vec<String> = subject.parameters.iter().map(|of| property(subject, of, "Settings")).collect();
    out.push_str(&dictionary("Settings", "A member's settings; what is left out is the group's.", &settings));
    out.extend(subject.answers.iter().map(answer));
    out.push_str("    }\n}\n");
    out
}

/// A class that fills a dictionary.
fn dictionary(name: &str, words: &str, members: &[String]) -> String {
    format!(
        "\n        /// <summary>{words}</summary>\n        public sealed class {name} : Dictionary<string, object>\n        {{\n{}        }}\n",
        members.join("\n")
    )
}

fn case_type(subject: &Subject) -> String {
    let mut members = vec![set("AsOf", "as_of", "DateTimeOffset?", "the instant to judge at", "Case")];
    members.extend(subject.facts.iter().map(|of| property(subject, of, "Case")));
    members.extend(subject.labels.iter().map(|label| set(&pascal(label), label, "string", label, "Case")));
    if !subject.events.is_empty() {
        members.push(set("Events", "events", "IEnumerable<Dictionary<string, object>>", "what happened", "Case"));
        let words = "kinds of event that the sender does not export";
        members.push(set("NotSupplied", "not_supplied", "IEnumerable<string>", words, "Case"));
    }
    dictionary("Case", "What is known of a case; what is left out is missing.", &members)
}

fn event_type(subject: &Subject, event: &Event) -> String {
    let name = format!("{}Event", pascal(&event.name));
    let begin = format!(
        "            /// <summary>It happened at an instant; at an unknown time where that is null.</summary>\n            public {name}(object at)\n            {{\n                this[\"event\"] = \"{}\";\n                this[\"at\"] = at;\n            }}\n",
        event.name
    );
    let fields = event.fields.iter().map(|of| property(subject, of, &name));
    let members: Vec<String> = std::iter::once(begin).chain(fields).collect();
    dictionary(&name, &format!("An event {}.", event.name), &members)
}

fn property(subject: &Subject, of: &Field, class: &str) -> String {
    let plainly = !of.may_be_none && of.units.len() < 2;
    let ty = match of.kind {
        Kind::YesNo if plainly => "bool?".to_owned(),
        Kind::Enum(place) if plainly => {
            subject.enums.get(place).map_or("string".to_owned(), |of| format!("{}?", of.name))
        }
        Kind::Text if plainly => "string".to_owned(),
        // A value, "<0.5", from one to another, in a unit, or "none".
        _ => "object".to_owned(),
    };
    let words = of.words.as_ref().map_or_else(|| of.name.clone(), |words| format!("{}: {words}", of.name));
    set(&pascal(&of.name), &of.name, &ty, &words, class)
}

fn set(property: &str, key: &str, ty: &str, words: &str, class: &str) -> String {
    let behind = if TAKEN.contains(&property) || property == class { "_" } else { "" };
    format!(
        "            /// <summary>{}</summary>\n            public {ty} {property}{behind}\n            {{\n                set {{ this[\"{key}\"] = value; }}\n            }}\n",
        escaped(words)
    )
}

fn answer(of: &Answer) -> String {
    let words = of.label.as_ref().map_or_else(|| of.name.clone(), |label| format!("{}: {label}", of.name));
    format!(
        "\n        /// <summary>{}</summary>\n        public static Answer {}Of(Decision decision)\n        {{\n            return decision[\"{}\"];\n        }}\n",
        escaped(&words),
        pascal(&of.identifier),
        of.name
    )
}

/// Words in XML.
fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}
