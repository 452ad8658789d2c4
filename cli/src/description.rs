//! What a package decides and what it needs, as JSON: what `concord inspect` prints and a manifest repeats.

use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::library::{Member, MemberSetting};
use concord_engine::plan::{AnswerKind, Contract, Package, Plan};
use concord_engine::values::calendar::show_date;
use concord_engine::values::types::Type;
use serde_json::{Value, json};

use crate::data::answer_json::json_value;

/// The package in JSON: what an integrator needs to know.
#[must_use]
pub fn describe(package: &Package) -> Value {
    let Package { credentials, plan, measures, members, .. } = package;
    let answers: Vec<_> = plan
        .answers
        .iter()
        .map(|answer| {
            let kind = match &answer.kind {
                AnswerKind::Value { .. } => "define",
                AnswerKind::Output { .. } => "table",
                AnswerKind::Obligation(_) => "obligation",
            };
            let severity = if let AnswerKind::Obligation(of) = &answer.kind { of.severity.as_ref() } else { None };
            let (name, label, source) = (&answer.name, &answer.label, &answer.source);
            json!({ "name": name, "label": label, "kind": kind, "source": source, "severity": severity })
        })
        .collect();
    let parameters: Vec<_> = plan
        .parameters
        .iter()
        .map(|p| {
            let contract = match p.contract {
                Contract::Fixed => json!("fixed"),
                Contract::Within(..) if p.ty.is_name() => json!("any"),
                Contract::Within(low, high) => json!({ "from": p.ty.show(low), "to": p.ty.show(high) }),
            };
            json!({ "name": p.name, "value": p.value.map(|v| plan.show(&p.ty, v)), "members_may_set": contract, "reason": p.reason })
        })
        .collect();
    let members: Vec<_> = members
        .iter()
        .map(|m| json!({ "code": m.code, "title": m.title, "tier": m.tier, "differs": differences(plan, m) }))
        .collect();
    let subject = &plan.subject;
    json!({
        "package": credentials.path,
        "version": credentials.version,
        "title": credentials.title,
        "status": if credentials.approval.is_some() { "approved" } else { "draft" },
        "unverified": credentials.unverified,
        "in_force": { "from": credentials.in_force.from.map(show_date), "until": credentials.in_force.until.map(show_date) },
        "owner": credentials.owner,
        "sources": credentials.sources.iter().map(|s| &s.citation).collect::<Vec<_>>(),
        "fingerprint": fingerprint(package),
        "subject": subject.name,
        "facts": subject.inputs.iter().map(|i| &i.name).collect::<Vec<_>>(),
        "labels": subject.labels.iter().map(|l| &l.name).collect::<Vec<_>>(),
        "events": subject.events.iter().map(|e| &e.name).collect::<Vec<_>>(),
        "codes": plan.codes.iter().collect::<Vec<_>>(),
        "answers": answers,
        "parameters": parameters,
        "members": members,
        "measures": measures.iter().map(|m| &m.name).collect::<Vec<_>>(),
    })
}

/// A setting as a case's settings say it, so that a host hands it on as it stands.
fn as_set(plan: &Plan, ty: &Type, value: i64) -> Value {
    if *ty == Type::Code { plan.show(ty, value).into() } else { json_value(ty, value) }
}

/// Every setting in which a member differs from the group's standard.
fn differences(plan: &Plan, member: &Member) -> Vec<Value> {
    let one = |setting: &MemberSetting| {
        let parameter = plan.parameters.get(setting.parameter)?;
        Some(json!({
            "parameter": parameter.name,
            "group": parameter.value.map(|v| plan.show(&parameter.ty, v)),
            "member": plan.show(&parameter.ty, setting.value),
            "value": as_set(plan, &parameter.ty, setting.value),
            "because": setting.because,
            "approved_by": setting.approval.by,
            "approved_on": show_date(setting.approval.on),
            "until": setting.until.map(show_date),
        }))
    };
    member.settings.iter().filter_map(one).collect()
}
