//! Types for C#: a case that is filled by name, and the answers of a decision.

use super::names::{Distinct, last, pascal};
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
    let name = pascal(last(&subject.package));
    let subject = &subject.apart([name.as_str(), "Case", "Fingerprint", "Package", "Settings"], str::to_owned);
    let Subject { package, version, fingerprint, .. } = subject;
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
    let mut properties = Distinct::beside([]);
    let settings: Vec<String> =
        subject.parameters.iter().map(|of| property(subject, of, "Settings", &mut properties)).collect();
    out.push_str(&dictionary("Settings", "A member's settings; what is left out is the group's.", &settings));
    let types = subject.enums.iter().map(|of| &of.name).chain(subject.events.iter().map(|of| &of.of));
    let mut methods = Distinct::beside(types.map(String::as_str));
    out.extend(subject.answers.iter().map(|of| answer(of, &methods.name(&format!("{}Of", pascal(&of.identifier))))));
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
    let mut members = vec![set("AsOf", "as_of", "DateTimeOffset?", "the instant to judge at")];
    let mut properties = Distinct::beside(["AsOf", "Events", "NotSupplied"]);
    members.extend(subject.facts.iter().map(|of| property(subject, of, "Case", &mut properties)));
    let labels = subject.labels.iter();
    members.extend(labels.map(|label| set(&properties.name(&free(label, "Case")), label, "string", label)));
    if !subject.events.is_empty() {
        members.push(set("Events", "events", "IEnumerable<Dictionary<string, object>>", "what happened"));
        let words = "kinds of event that the sender does not export";
        members.push(set("NotSupplied", "not_supplied", "IEnumerable<string>", words));
    }
    dictionary("Case", "What is known of a case; what is left out is missing.", &members)
}

fn event_type(subject: &Subject, event: &Event) -> String {
    let name = &event.of;
    let begin = format!(
        "            /// <summary>It happened at an instant; at an unknown time where that is null.</summary>\n            public {name}(object at)\n            {{\n                this[\"event\"] = \"{}\";\n                this[\"at\"] = at;\n            }}\n",
        event.name
    );
    let mut properties = Distinct::beside([]);
    let fields = event.fields.iter().map(|of| property(subject, of, name, &mut properties));
    let members: Vec<String> = std::iter::once(begin).chain(fields).collect();
    dictionary(name, &format!("An event {}.", event.name), &members)
}

fn property(subject: &Subject, of: &Field, class: &str, properties: &mut Distinct) -> String {
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
    set(&properties.name(&free(&of.name, class)), &of.name, &ty, &words)
}

/// A name of a property that neither a dictionary has nor its class.
fn free(name: &str, class: &str) -> String {
    let property = pascal(name);
    if TAKEN.contains(&property.as_str()) || property == class { format!("{property}_") } else { property }
}

fn set(property: &str, key: &str, ty: &str, words: &str) -> String {
    format!(
        "            /// <summary>{}</summary>\n            public {ty} {property}\n            {{\n                set {{ this[\"{key}\"] = value; }}\n            }}\n",
        escaped(words)
    )
}

fn answer(of: &Answer, method: &str) -> String {
    let words = of.label.as_ref().map_or_else(|| of.name.clone(), |label| format!("{}: {label}", of.name));
    format!(
        "\n        /// <summary>{}</summary>\n        public static Answer {method}(Decision decision)\n        {{\n            return decision[\"{}\"];\n        }}\n",
        escaped(&words),
        of.name
    )
}

/// Words in XML.
fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}
