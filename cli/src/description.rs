//! What a package decides and what it needs, as JSON: what `concord inspect` prints and a manifest repeats.

use concord_engine::plan::fingerprint::fingerprint;
use concord_engine::plan::library::{Member, MemberSetting};
use concord_engine::plan::{AnswerKind, Contract, Plan};
use concord_engine::values::calendar::show_date;
use serde_json::{Value, json};

/// The package in JSON: what an integrator needs to know.
#[must_use]
pub fn describe(plan: &Plan) -> Value {
    let answers: Vec<_> = plan
        .answers
        .iter()
        .map(|answer| {
            let kind = match &answer.kind {
                AnswerKind::Value { .. } => "define",
                AnswerKind::Output { .. } => "table",
                AnswerKind::Obligation(_) => "obligation",
            };
            json!({ "name": answer.name, "label": answer.label, "kind": kind, "source": answer.source })
        })
        .collect();
    let parameters: Vec<_> = plan
        .parameters
        .iter()
        .map(|p| {
            let contract = match p.contract {
                Contract::Fixed => json!("fixed"),
                Contract::Within(low, high) => json!({ "from": p.ty.show(low), "to": p.ty.show(high) }),
            };
            json!({ "name": p.name, "value": p.value.map(|v| p.ty.show(v)), "members_may_set": contract, "reason": p.reason })
        })
        .collect();
    let members: Vec<_> = plan
        .members
        .iter()
        .map(|m| json!({ "code": m.code, "title": m.title, "tier": m.tier, "differs": differences(plan, m) }))
        .collect();
    let subject = &plan.subject;
    json!({
        "package": plan.package.path,
        "version": plan.package.version,
        "title": plan.package.title,
        "status": if plan.package.approval.is_some() { "approved" } else { "draft" },
        "unverified": plan.package.unverified,
        "owner": plan.package.owner,
        "sources": plan.package.sources.iter().map(|s| &s.citation).collect::<Vec<_>>(),
        "fingerprint": fingerprint(plan),
        "subject": subject.name,
        "facts": subject.inputs.iter().map(|i| &i.name).collect::<Vec<_>>(),
        "labels": subject.labels.iter().map(|l| &l.name).collect::<Vec<_>>(),
        "events": subject.events.iter().map(|e| &e.name).collect::<Vec<_>>(),
        "answers": answers,
        "parameters": parameters,
        "members": members,
        "measures": plan.measures.iter().map(|m| &m.name).collect::<Vec<_>>(),
    })
}

/// Every setting in which a member differs from the group's standard.
fn differences(plan: &Plan, member: &Member) -> Vec<Value> {
    let one = |setting: &MemberSetting| {
        let parameter = plan.parameters.get(setting.parameter)?;
        Some(json!({
            "parameter": parameter.name,
            "group": parameter.value.map(|v| parameter.ty.show(v)),
            "member": parameter.ty.show(setting.value),
            "because": setting.because,
            "approved_by": setting.approved_by,
            "approved_on": show_date(setting.approved_on),
            "until": setting.until.map(show_date),
        }))
    };
    member.settings.iter().filter_map(one).collect()
}
