//! Reads cocotb's results of each test function, `results.xml`.
//! It does not know which tests were selected.

use crate::run::verdict::Test;
use camino::Utf8PathBuf;

/// Parts of paths that show that code is not the user's.
const FOREIGN: [&str; 5] = ["/site-packages/", "/dist-packages/", "/lib/python3", "/lib64/python3", "<"];

/// The tests in a file of results; `None` if it is not such a file.
pub fn parse(text: &str) -> Option<Vec<Test>> {
    let document = roxmltree::Document::parse(text).ok()?;
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    Some(cases.map(test).collect())
}

fn test(case: roxmltree::Node) -> Test {
    let attribute = |name: &str| case.attribute(name).unwrap_or_default().to_owned();
    let property = |name: &str| {
        let is_it = |node: &roxmltree::Node| node.attribute("name") == Some(name);
        let found = case.descendants().filter(|node| node.has_tag_name("property")).find(is_it)?;
        found.attribute("value").map(str::to_owned)
    };
    let child = |names: &[&str]| case.children().find(|node| names.contains(&node.tag_name().name()));
    let failure = child(&["failure", "error"]);
    let verdict = match (failure, child(&["skipped"])) {
        (Some(_), _) => "failed",
        (None, Some(_)) => "skipped",
        (None, None) => "passed",
    };
    let said = failure.and_then(|node| node.attribute("message")).unwrap_or_default();
    let place = failure.and_then(|node| node.text()).and_then(place);
    let declared = || Some((property("file")?.into(), property("line")?.parse().ok()?));
    let (file, line) = place.or_else(declared).filter(|_| verdict == "failed").unzip();
    let nanoseconds = |name: &str| in_units(property(name)?.parse().ok()?);
    Test {
        module: attribute("classname"),
        name: attribute("name"),
        verdict: verdict.to_owned(),
        kind: failure.and_then(|node| node.attribute("type")).unwrap_or_default().to_owned(),
        message: said.lines().next().unwrap_or_default().trim().to_owned(),
        file,
        line,
        time: nanoseconds("sim_time_stop"),
        simulated: nanoseconds("sim_time_duration"),
        seconds: attribute("time").parse().unwrap_or(0.0),
        seed: property("random_seed").and_then(|seed| seed.parse().ok()),
    }
}

/// The deepest place of the user's code in a Python traceback.
pub fn place(traceback: &str) -> Option<(Utf8PathBuf, u32)> {
    let frame = |line: &str| {
        let (file, rest) = line.trim_start().strip_prefix("File \"")?.split_once("\", line ")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let is_foreign = FOREIGN.iter().any(|part| file.contains(part));
        Some((Utf8PathBuf::from(file), digits.parse().ok()?)).filter(|_| !is_foreign)
    };
    traceback.lines().filter_map(frame).next_back()
}

/// A time in nanoseconds, in the largest unit in which it is a whole number. cocotb's numbers are not exact below
/// femtoseconds.
fn in_units(nanoseconds: f64) -> Option<String> {
    let whole = (nanoseconds * 1e6).round();
    if !(0.0..9e18).contains(&whole) {
        return None;
    }
    let femtoseconds = whole as u64;
    let units = [("ms", 1_000_000_000_000), ("us", 1_000_000_000), ("ns", 1_000_000), ("ps", 1_000)];
    let unit = units.iter().find(|(_, worth)| femtoseconds > 0 && femtoseconds.is_multiple_of(*worth));
    let (unit, worth) = unit.copied().unwrap_or(("fs", 1));
    Some(if femtoseconds == 0 { "0ns".to_owned() } else { format!("{}{unit}", femtoseconds / worth) })
}
