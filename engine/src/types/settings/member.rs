//! Members' settings: a contract, not a free hand. Outside it a member's file does not compile.

use crate::diagnostics::{Diagnostic, codes};
use crate::names::Symbol;
use crate::plan::library::{Approval, Member, MemberSetting};
use crate::plan::{Contract, Id, Parameter, ParameterId};
use crate::syntax::tree::{self, Item, Setting};
use crate::types::Builder;
use crate::types::package::header::day;

impl Builder<'_> {
    /// The members beside the package and what they set of this package; settings of other packages are left to those.
    pub(in crate::types) fn members(&mut self, items: &[Item]) {
        let mut codes: Vec<&str> = Vec::new();
        for item in items {
            let Item::Member(tree) = item else { continue };
            if codes.contains(&tree.code.node.as_str()) {
                let title = format!("the member `{}` is declared twice", tree.code.node);
                let fault = Diagnostic::error(codes::E0302, tree.code.span, title, "declared again here");
                self.faults.push(fault.help("put all that it sets into one block"));
            }
            codes.push(&tree.code.node);
            let tier = tree.tier.as_ref().map(|t| t.node.clone());
            let mut member =
                Member { code: tree.code.node.clone(), title: tree.title.clone(), tier, settings: Vec::new() };
            for setting in &tree.settings {
                let read = self.member_setting(setting, member.tier.as_deref());
                read.iter().for_each(|read| self.set_once(&member.settings, read, setting));
                member.settings.extend(read);
            }
            self.plan.member(member);
        }
    }

    fn member_setting(&mut self, tree: &Setting, tier: Option<&str>) -> Option<MemberSetting> {
        let parts: Vec<&str> = tree.target.parts.iter().map(|p| p.node.as_str()).collect();
        let (name, package) = parts.split_last()?;
        if !package.is_empty() && package.join(".") != self.plan.credentials().path {
            return None;
        }
        let Some(Symbol::Parameter(index)) = self.names().get(name) else {
            let known = self.names().parameters.iter().map(|p| p.name.node.as_str());
            let near = crate::syntax::spelling::nearest(name, known).map(str::to_owned);
            let title = format!("`{}` has no parameter `{name}`", self.plan.credentials().path);
            let fault = Diagnostic::error(codes::E0806, tree.target.span, title, "not declared");
            return self.fault(match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault,
            });
        };
        self.mention(tree.target.span, Symbol::Parameter(index));
        let declared = *self.names().parameters.get(index)?;
        let index = ParameterId::at(index);
        if self.settings.is_unbuilt(index) {
            return None; // said where it is declared
        }
        let parameter = self.plan.parameters.get(index)?.clone();
        let value = self.typed_constant(&tree.value, &parameter.ty)?;
        self.one_kind_of_days_set(index, &tree.value)?;
        self.within_contract(tree, (declared, &parameter), value, tier)?;
        let (Some(because), Some((by, on))) = (&tree.because, &tree.approved_by) else {
            let title = "a local setting must give its reason and who approved it";
            let fault = Diagnostic::error(codes::E0808, tree.span, title, "incomplete");
            return self.fault(fault.help("write `because \"…\" approved by \"…\" on 2026-02-01`"));
        };
        let day = |date: &crate::text::Spanned<tree::Date>| day(date.node);
        Some(MemberSetting {
            parameter: index,
            value,
            because: because.clone(),
            approval: Approval { by: by.clone(), on: day(on)? },
            until: tree.until.as_ref().and_then(day),
        })
    }

    /// Two settings of one parameter never hold on one day, and none ends before it begins.
    fn set_once(&mut self, others: &[MemberSetting], setting: &MemberSetting, tree: &Setting) {
        let end = |of: &MemberSetting| of.until.unwrap_or(i64::MAX);
        let name = tree.target.text();
        if end(setting) < setting.approval.on {
            let title = format!("`{name}` ends before it was approved, so it never holds");
            let span = tree.until.as_ref().map_or(tree.span, |until| until.span);
            let fault = Diagnostic::error(codes::E0808, span, title, "before the day of the approval");
            self.faults.push(fault.help("correct one of the two dates, or leave the setting out"));
        } else if others.iter().any(|other| {
            other.parameter == setting.parameter
                && other.approval.on <= end(setting)
                && setting.approval.on <= end(other)
        }) {
            let title = format!("`{name}` is set twice for the same days");
            let fault = Diagnostic::error(codes::E0302, tree.target.span, title, "set again here");
            self.faults.push(fault.help(
                "leave one of the two out, or end the first with `until` the day before the second was approved",
            ));
        }
    }

    fn within_contract(
        &mut self,
        tree: &Setting,
        (declared, parameter): (&tree::Parameter, &Parameter),
        value: i64,
        tier: Option<&str>,
    ) -> Option<()> {
        let allowed = match parameter.contract {
            Contract::Fixed => "it is fixed for every member".to_owned(),
            Contract::Within(low, high) if (low..=high).contains(&value) => String::new(),
            Contract::Within(low, high) => {
                format!("members may set it between {} and {}", parameter.ty.show(low), parameter.ty.show(high))
            }
        };
        let tiers = &parameter.tiers;
        let may = tiers.is_empty() || tier.is_some_and(|tier| tiers.contains(tier));
        if allowed.is_empty() && may {
            return Some(());
        }
        let why = if may {
            allowed
        } else {
            format!("this tier of membership may not set it ({})", tier.unwrap_or("no tier given"))
        };
        let title = format!("`{}` may not be set to {} here", parameter.name, parameter.ty.show(value));
        let fault = Diagnostic::error(codes::E0807, tree.value.span, title, why)
            .because(declared.name.span, "the contract is here");
        self.fault(fault.help("keep to the contract, or ask the owner of the package to change it"))
    }
}
