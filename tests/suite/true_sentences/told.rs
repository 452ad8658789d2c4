//! What a protected report tells, held against the exact one of the same data: nothing that the exact one contradicts.

use concord_cli::words::period;
use serde_json::Value;

fn list(of: &Value) -> impl Iterator<Item = &Value> {
    of.as_array().into_iter().flatten()
}

/// The audits of both.
fn audits<'v>(exact: &'v Value, protected: &'v Value) -> impl Iterator<Item = (&'v Value, &'v Value)> {
    list(&exact["audits"]).zip(list(&protected["audits"]))
}

/// Every chart of an audit, with the id of its measure.
fn all_charts(audit: &Value) -> Vec<(&Value, &Value)> {
    let of = ["measures", "figures"].into_iter().flat_map(|kind| list(&audit[kind]));
    let charts = of.flat_map(|of| {
        let all = std::iter::once(&of["chart"]).filter(|chart| !chart.is_null()).chain(list(&of["charts"]));
        all.map(|chart| (&of["id"], chart))
    });
    charts.collect()
}

fn judged(chart: &Value) -> bool {
    chart["not_judged"].is_null()
}

/// Special causes, limits, what is said of targets, and from where to where a measure went.
pub fn charts(exact: &Value, protected: &Value) {
    let (mut special, mut targets, mut not_judged) = (0, 0, 0);
    for (exact, protected) in audits(exact, protected) {
        let known = all_charts(exact);
        for (id, chart) in all_charts(protected) {
            let same = |of: &&(&Value, &Value)| of.0 == id && of.1["organisation"] == chart["organisation"];
            let (_, exact) = known.iter().find(same).unwrap_or_else(|| panic!("no chart of {id}"));
            let name = format!("{id} at {}: {chart:#}\n{exact:#}", chart["organisation"]);
            assert_eq!(chart["rounded"], true, "{name}");
            not_judged += usize::from(!judged(chart));
            special += causes(exact, chart, &name);
            if !chart["assurance"].is_null() {
                targets += 1;
                assert_eq!(chart["assurance"], exact["assurance"], "{name}");
            }
            if chart["variation"].as_str().unwrap().starts_with("special cause") {
                assert_eq!(chart["variation"], exact["variation"], "{name}");
            }
            let ends = |chart: &Value| chart["lower"].as_f64().zip(chart["upper"].as_f64());
            if let (true, Some((low, high)), Some((lower, upper))) = (judged(exact), ends(chart), ends(exact)) {
                assert!(low <= lower + 1e-9 && upper <= high + 1e-9, "{name}");
            }
        }
    }
    assert!(special >= 20 && targets >= 1 && not_judged >= 100, "{special} {targets} {not_judged}");
    went(exact, protected);
}

/// Each special cause is one of the exact chart, to the same side.
fn causes(exact: &Value, chart: &Value, name: &str) -> usize {
    let special = list(&chart["points"]).filter(|point| !point["special_cause"].is_null());
    let held = special.map(|point| {
        let same = list(&exact["points"]).find(|other| other["period"] == point["period"]);
        let same = same.unwrap_or_else(|| panic!("{}, which is no period of {name}", point["period"]));
        assert_eq!(point["direction"], same["direction"], "{} of {name}", point["period"]);
        if point["special_cause"] == "outside limits" {
            assert_eq!(same["special_cause"], "outside limits", "{} of {name}", point["period"]);
        }
    });
    held.count()
}

/// A change that is told goes the same way.
fn went(exact: &Value, protected: &Value) {
    let mut told = 0;
    for headline in list(&protected["headlines"]) {
        let text = headline["text"].as_str().unwrap();
        let Some((_, went)) = text.split_once("It went from ") else { continue };
        let percent = |text: &str| text.split_once('%').unwrap().0.parse::<f64>().unwrap();
        let (from, to) = went.split_once(" to ").map(|(from, to)| (percent(from), percent(to))).unwrap();
        let charts = audits(exact, protected).find_map(|(exact, protected)| {
            let of = |audit| {
                all_charts(audit)
                    .into_iter()
                    .find(|(id, of)| *id == &headline["anchor"] && of["organisation"].is_null())
            };
            Some((of(exact)?.1, of(protected)?.1))
        });
        let (exact, chart) = charts.unwrap_or_else(|| panic!("no chart of {headline}"));
        let periods: Vec<&Value> = list(&chart["points"]).map(|point| &point["period"]).collect();
        let is_first = |named: &&&Value| went.contains(&format!(" in {} to ", period(named.as_str().unwrap())));
        let first = periods.iter().find(is_first).unwrap_or_else(|| panic!("{text} names no period of its chart"));
        let value = |period: &Value| {
            let point = list(&exact["points"]).find(|point| &point["period"] == period).unwrap();
            point["value"].as_f64().unwrap()
        };
        let (first, last) = (value(first), value(periods.last().unwrap()));
        assert_eq!(from < to, first < last, "{text}: {first} to {last}");
        assert!((from - to).abs() > 0.0 && (first - last).abs() > 0.0, "{text}: {first} to {last}");
        told += 1;
    }
    assert!(told >= 1, "{told}");
}

/// The chapters of organisations in both.
fn members<'v>(exact: &'v Value, protected: &'v Value) -> Vec<(&'v Value, &'v Value)> {
    let of = audits(exact, protected).flat_map(|(exact, protected)| {
        list(&protected["members"]).filter_map(move |member| {
            let same = list(&exact["members"]).find(|other| other["code"] == member["code"])?;
            Some((same, member))
        })
    });
    of.collect()
}

/// How long it took at each organisation: all its cases are in it, those of a season in which few came as well.
pub fn times(exact: &Value, protected: &Value) {
    let (mut told, mut usual) = (0, 0);
    for (exact, protected) in members(exact, protected) {
        for delay in list(&protected["delays"]) {
            let same = list(&exact["delays"]).find(|other| other["obligation"] == delay["obligation"]);
            let same = same.unwrap_or_else(|| panic!("{delay}"));
            for of in ["median", "p90", "days"] {
                assert_eq!(delay[of], same[of], "{delay}\n{same}");
            }
            assert!(delay["usual"].is_null() || delay["usual"] == same["usual"], "{delay}\n{same}");
            usual += usize::from(!delay["usual"].is_null());
            let [shown, cases] = [delay, same].map(|of| of["n"].as_i64().unwrap());
            assert!((shown - cases).abs() <= 2, "{delay}\n{same}");
            told += 1;
        }
    }
    assert!(told >= 200 && usual >= 100, "{told} {usual}");
}

/// Each share of the path of an organisation is one that its exact counts have, or is not told.
pub fn paths(exact: &Value, protected: &Value) {
    let (mut told, mut suppressed) = (0, 0);
    for (exact, protected) in members(exact, protected) {
        let (path, known) = (&protected["path"], &exact["path"]);
        if path.is_null() || known.is_null() {
            continue;
        }
        assert!(path["ways"].is_null() && known["ways"].is_u64(), "{path}");
        if !path["share"].is_null() {
            assert_eq!(path["commonest"], known["commonest"], "{path}\n{known}");
        }
        let [shown, cases] = [protected, exact].map(|of| of["cases"].as_f64().unwrap());
        let steps = |of: &Value| list(&of["steps"]).map(|step| step["step"].clone()).collect::<Vec<_>>();
        assert_eq!(steps(path), steps(known));
        // Where a time of some is missing, nobody knows of them, and how many that are no table tells.
        let is_open = path["is_open"] == true;
        assert!(!is_open || path["on_path"].is_null(), "{path}");
        let on_path = (!is_open).then_some((&path["on_path"], &known["on_path"], true));
        let mut pairs: Vec<_> = on_path.into_iter().collect();
        for (step, known) in list(&path["steps"]).zip(list(&known["steps"])) {
            for of in ["skipped", "again", "after_next"].into_iter().filter(|of| !step[of].is_null()) {
                pairs.push((&step[of][0], &known[of][0], of != "after_next"));
                assert!(step[of][1] != 0.0 || known[of][1] == 0.0, "{step}\n{known}");
            }
        }
        for (own, exact, of_all) in pairs {
            let Some(exact) = exact.as_f64() else { continue };
            let count = (exact * cases).round();
            match own.as_f64() {
                None => suppressed += 1,
                Some(own) => {
                    told += 1;
                    assert_eq!(own == 0.0, exact == 0.0, "{own} {exact} {path}\n{known}");
                    assert!(!of_all || ((own * shown).round() - count).abs() <= 2.0, "{own} {exact} {path}\n{known}");
                }
            }
            assert!(!of_all || !own.is_null() || (1.0..=7.0).contains(&count), "{count} {path}\n{known}");
        }
    }
    assert!(told >= 200 && suppressed >= 50, "{told} {suppressed}");
}
