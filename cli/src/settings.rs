//! A member's settings as written on the command line: `NAME=VALUE` in the rule's own words.

use concord_engine::plan::case::Settings;
use concord_engine::plan::{Contract, Plan};

use crate::data::answer_json::read_setting;
use crate::exit::Exit;
use crate::output::Output;

/// Reads the settings; one outside the contract is refused.
///
/// # Errors
/// Where a name or value is not known, or the contract does not allow it: said on standard error.
pub fn read(plan: &Plan, given: &[String], output: &Output) -> Result<Settings, Exit> {
    let mut settings: Settings = vec![None; plan.parameters.len()];
    for text in given {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let Some(index) = plan.parameters.iter().position(|p| p.name == name) else {
            let known: Vec<&str> = plan.parameters.iter().map(|p| p.name.as_str()).collect();
            let help = if known.is_empty() {
                "this package has no parameters".to_owned()
            } else {
                format!("its parameters are {}", known.join(", "))
            };
            output.error(&format!("there is no parameter `{name}`"), Some(&help));
            return Err(Exit::Usage);
        };
        let Some(parameter) = plan.parameters.get(index) else { continue };
        let read = read_setting(&parameter.ty, parameter.shape, value).map_err(|why| {
            output.error(&format!("--set {name}: {why}"), None);
            Exit::Usage
        })?;
        let allowed = match parameter.contract {
            Contract::Fixed => Err("the standard fixes it for every member".to_owned()),
            Contract::Within(low, high) if !(low..=high).contains(&read) => {
                Err(format!("members may set it between {} and {}", parameter.ty.show(low), parameter.ty.show(high)))
            }
            Contract::Within(..) => Ok(()),
        };
        if let Err(why) = allowed {
            output.error(&format!("`{name}` may not be set to {}: {why}", parameter.ty.show(read)), None);
            return Err(Exit::Rule);
        }
        if let Some(place) = settings.get_mut(index) {
            *place = Some(read);
        }
    }
    Ok(settings)
}
