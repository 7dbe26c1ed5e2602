//! Packages first: a source that declares a package moves before the first that uses it; all others keep their order.
//! It does not know files; what a source declares and uses is told to it.

use super::outline::Outline;
use std::collections::HashMap;

/// The positions of the sources in an order in which each package stands before its users. Of several sources that declare
/// one package the first is meant; a circle of packages keeps its order.
pub fn in_order(outlines: &[String]) -> Vec<usize> {
    let sources: Vec<Outline> = outlines.iter().map(|text| Outline::of_text(text)).collect();
    let mut declared: HashMap<&str, usize> = HashMap::new();
    for (at, source) in sources.iter().enumerate() {
        for name in &source.declares {
            declared.entry(name).or_insert(at);
        }
    }
    let needs = |at: usize| {
        let mut needed: Vec<usize> =
            sources[at].uses.iter().filter_map(|name| declared.get(name.as_str()).copied()).collect();
        needed.sort_unstable();
        needed
    };
    let mut order = vec![];
    let mut seen = vec![false; sources.len()];
    for start in 0..sources.len() {
        let mut open = vec![(start, false)];
        while let Some((at, done)) = open.pop() {
            if done {
                order.push(at);
            } else if !std::mem::replace(&mut seen[at], true) {
                open.push((at, true));
                open.extend(needs(at).into_iter().rev().map(|needed| (needed, false)));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(outlines: &[&str]) -> Vec<usize> {
        in_order(&outlines.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_package_moves_before_its_first_user_with_the_packages_it_uses() {
        let sources = ["", "use p\n", "", "package p\nuse q\n", "package q\n", "use p\n"];
        assert_eq!(ordered(&sources), [0, 4, 3, 1, 2, 5]);
    }

    #[test]
    fn what_is_in_order_stays_and_a_circle_ends() {
        assert_eq!(ordered(&["package q\n", "package p\nuse q\n", "use p\n"]), [0, 1, 2]);
        assert_eq!(ordered(&["package p\nuse q\n", "package q\nuse p\n"]), [1, 0]);
        assert_eq!(ordered(&["package p\n", "package p\n", "use p\nuse unknown\n"]), [0, 1, 2]);
    }
}
