//! Who uses whom: the order in which packages are compiled, each after those it uses, and what stands against it.

use super::Unit;
use super::texts::Texts;
use crate::text::Span;

/// The most packages in a chain, each of which uses the next.
pub(super) const DEEPEST: usize = 64;

/// A `use` and the package that is meant.
#[derive(Debug)]
pub(super) struct Link {
    /// The name the package goes by here.
    pub alias: String,
    /// Its path as written.
    pub path: String,
    /// The line.
    pub span: Span,
    /// The place of the package among the units, or why there is none.
    pub to: Result<usize, Broken>,
}

/// Why a `use` leads nowhere.
#[derive(Debug)]
pub(super) enum Broken {
    /// No package of this path.
    NotFound,
    /// Two packages of this path.
    Twice(usize, usize),
    /// The packages on the way from this one back to it.
    Circle(Vec<usize>),
    /// The chain of packages would be too long.
    TooDeep,
}

/// The links of each package, in the order of its `use` lines, and the places of all packages, each after those it uses.
pub(super) fn of(texts: &Texts, units: &[Unit]) -> (Vec<Vec<Link>>, Vec<usize>) {
    let paths: Vec<Option<String>> = units.iter().map(|unit| texts.path(unit.rule)).collect();
    let mut links: Vec<Vec<Link>> = units.iter().map(|unit| links_of(unit, texts, &paths)).collect();
    let mut order = in_order(&links);
    if order.len() < links.len() {
        break_circles(&mut links, &order);
        order = in_order(&links);
    }
    break_long_chains(&mut links, &order);
    (links, order)
}

fn links_of(unit: &Unit, texts: &Texts, paths: &[Option<String>]) -> Vec<Link> {
    let link = |one: &crate::syntax::tree::Use| {
        let path = one.path.text();
        let is_it = |place: &&usize| paths.get(**place).is_some_and(|found| found.as_ref() == Some(&path));
        let mut found = unit.uses.iter().filter(is_it);
        let to = match (found.next(), found.next()) {
            (None, _) => Err(Broken::NotFound),
            (Some(only), None) => Ok(*only),
            (Some(one), Some(other)) => Err(Broken::Twice(*one, *other)),
        };
        let alias = one.alias.as_ref().or(one.path.parts.last()).map(|n| n.node.clone()).unwrap_or_default();
        Link { alias, path, span: one.span, to }
    };
    texts.parsed(unit.rule).file.uses.iter().map(link).collect()
}

/// The places that a package's links lead to.
pub(super) fn targets(links: &[Link]) -> impl Iterator<Item = usize> {
    links.iter().filter_map(|link| link.to.as_ref().ok().copied())
}

/// The packages, each after those it uses; those in a circle, and those that depend on one, are left out.
fn in_order(links: &[Vec<Link>]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut placed = vec![false; links.len()];
    loop {
        let before = order.len();
        for (place, own) in links.iter().enumerate() {
            let is_placed = |place: usize| placed.get(place).copied().unwrap_or(false);
            if !is_placed(place) && targets(own).all(is_placed) {
                order.push(place);
                if let Some(one) = placed.get_mut(place) {
                    *one = true;
                }
            }
        }
        if order.len() == before {
            return order;
        }
    }
}

/// Takes every link out that lies on a circle.
fn break_circles(links: &mut [Vec<Link>], order: &[usize]) {
    let mut circles = Vec::new();
    for (place, own) in links.iter().enumerate().filter(|(place, _)| !order.contains(place)) {
        for (line, link) in own.iter().enumerate() {
            if let Ok(next) = link.to {
                circles.extend(way(links, next, place).map(|way| (place, line, way)));
            }
        }
    }
    for (place, line, way) in circles {
        if let Some(link) = links.get_mut(place).and_then(|own| own.get_mut(line)) {
            link.to = Err(Broken::Circle(std::iter::once(place).chain(way).collect()));
        }
    }
}

/// The shortest way along links from one package to another, both ends in it.
fn way(links: &[Vec<Link>], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut reached = vec![(from, from)];
    let mut at = 0;
    while let Some((place, _)) = reached.get(at).copied() {
        if place == to {
            let mut back = vec![to];
            while let Some(last) = back.last().copied().filter(|last| *last != from) {
                back.extend(reached.iter().find(|(place, _)| *place == last).map(|(_, before)| *before));
            }
            back.reverse();
            return Some(back);
        }
        for next in links.get(place).into_iter().flat_map(|own| targets(own)) {
            if reached.iter().all(|(known, _)| *known != next) {
                reached.push((next, place));
            }
        }
        at += 1;
    }
    None
}

/// Takes out the links that would make a chain too long.
fn break_long_chains(links: &mut [Vec<Link>], order: &[usize]) {
    let mut depths = vec![1; links.len()];
    for place in order {
        let mut depth = 1;
        for link in links.get_mut(*place).into_iter().flatten() {
            let below = link.to.as_ref().ok().and_then(|to| depths.get(*to)).copied().unwrap_or(0);
            if below >= DEEPEST {
                link.to = Err(Broken::TooDeep);
            } else {
                depth = depth.max(below + 1);
            }
        }
        if let Some(one) = depths.get_mut(*place) {
            *one = depth;
        }
    }
}
