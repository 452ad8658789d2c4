//! Numbers, anchors and titles of the sections, worked out once and used by contents and links.

use std::collections::BTreeSet;

use crate::results::{Audit, MemberResult, Results};

/// Anchors of the page itself.
const RESERVED: [&str; 8] = ["main", "begin", "stands-out", "why", "glance", "contents", "method", "glossary"];

/// A report of more standards than this brings them together on its front, and leaves what is of one alone to its chapter.
const FEW: usize = 6;

/// A report of more organisations than this has a page for each about which something is to be done; of the others the CSV files have as much.
const MOST_MEMBERS: usize = 100;

/// The sections of the report.
pub struct Outline {
    /// One for each audit.
    pub audits: Vec<Section>,
}

/// A section of an audit.
pub struct Section {
    /// Anchor.
    pub id: String,
    /// `1`
    pub number: String,
    /// Title.
    pub title: String,
    /// Its obligations.
    pub obligations: Vec<Heading>,
    /// Its measures.
    pub measures: Vec<Heading>,
    /// Its measures whose figure is a number.
    pub figures: Vec<Heading>,
    /// Anchors of its organisations, in their order; none of one that has no page of its own, and nothing where it has no part on them.
    pub members: Vec<Option<String>>,
}

/// The heading of an obligation or a measure.
pub struct Heading {
    /// Anchor.
    pub id: String,
    /// `1.3`
    pub number: String,
    /// Title.
    pub title: String,
}

impl Outline {
    /// The outline of these results.
    pub fn of(results: &Results) -> Outline {
        let all = results.audits.iter().map(|audit| audit.members.len()).sum::<usize>() <= MOST_MEMBERS;
        let has_page = |member: &MemberResult| all || member.causes.iter().any(|cause| cause.kind.answer().is_to_do());
        let audits = results.audits.iter().enumerate();
        let mut audits: Vec<Section> = audits.map(|(i, audit)| Section::of(i + 1, audit, has_page)).collect();
        let mut taken: BTreeSet<String> = RESERVED.map(String::from).into();
        for section in &mut audits {
            make_unique(&mut section.id, &mut taken);
            for heading in section.obligations.iter_mut().chain(&mut section.measures).chain(&mut section.figures) {
                make_unique(&mut heading.id, &mut taken);
            }
            section.members.iter_mut().flatten().for_each(|id| make_unique(id, &mut taken));
        }
        Outline { audits }
    }

    /// Whether there are so many standards that the front cannot show each.
    pub fn is_long(&self) -> bool {
        self.audits.len() > FEW
    }

    /// The number and title of the section with this anchor.
    pub fn find(&self, anchor: &str) -> Option<(String, String)> {
        let anchor = slug(anchor.trim_start_matches('#'));
        self.audits.iter().find_map(|section| {
            if section.id == anchor {
                return Some((section.number.clone(), section.title.clone()));
            }
            let data = section.data_id();
            if data == anchor {
                return Some((section.number.clone(), "The data".into()));
            }
            let mut headings = section.headings();
            headings.find(|heading| heading.id == anchor).map(|heading| (heading.number.clone(), heading.title.clone()))
        })
    }
}

impl Section {
    fn of(number: usize, audit: &Audit, has_page: impl Fn(&MemberResult) -> bool) -> Section {
        let obligations = audit.obligations.iter().map(|o| (&o.id, &o.title, &o.name));
        let measures = audit.measures.iter().map(|m| (&m.id, &m.title, &m.name));
        let figures = audit.figures.iter().map(|f| (&f.id, &f.title, &f.name));
        let mut headings: Vec<Heading> = obligations
            .chain(measures)
            .chain(figures)
            .enumerate()
            .map(|(i, (id, title, name))| Heading {
                id: slug(id),
                number: format!("{number}.{}", i + 1),
                title: titled(title, name),
            })
            .collect();
        let mut measures = headings.split_off(audit.obligations.len().min(headings.len()));
        let figures = measures.split_off(audit.measures.len().min(measures.len()));
        Section {
            id: slug(&audit.id),
            number: number.to_string(),
            title: titled(&audit.logic.title, &audit.logic.package),
            obligations: headings,
            measures,
            figures,
            members: audit.members.iter().map(|member| has_page(member).then(|| slug(&member.id))).collect(),
        }
    }

    /// The headings of its parts, in order.
    pub fn headings(&self) -> impl Iterator<Item = &Heading> {
        self.obligations.iter().chain(&self.measures).chain(&self.figures)
    }

    /// Anchor of the words of its heading.
    pub fn heading_id(&self) -> String {
        format!("{}-heading", self.id)
    }

    /// Anchor of its part on single organisations.
    pub fn members_id(&self) -> String {
        format!("{}-members", self.id)
    }

    /// Its organisations, with the page of each.
    pub fn pages<'a>(&'a self, audit: &'a Audit) -> impl Iterator<Item = (&'a MemberResult, Option<&'a str>)> {
        audit.members.iter().zip(self.members.iter().map(Option::as_deref))
    }

    /// Anchor of its part on data.
    pub fn data_id(&self) -> String {
        format!("{}-data", self.id)
    }
}

/// Adds a number to an anchor that is taken.
fn make_unique(id: &mut String, taken: &mut BTreeSet<String>) {
    let wanted = id.clone();
    let mut next = 2;
    while !taken.insert(id.clone()) {
        *id = format!("{wanted}-{next}");
        next += 1;
    }
}

fn titled(title: &str, name: &str) -> String {
    let title = if title.trim().is_empty() { name } else { title };
    title.to_string()
}

/// An anchor with nothing in it that a link cannot carry.
pub fn slug(text: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }
    };
    let slug: String = text.chars().map(safe).collect();
    if slug.is_empty() { "section".into() } else { slug }
}
