//! Trails: what the last builds of one kind rested on and made, so that the next one asks for all of it at once instead of
//! step by step. A trail is a hint: each step still computes the key of its result, and takes no other.
//! It does not know steps, nor when two builds are of one kind.

use super::packed::{sealed, unsealed};
use super::transport::Trouble;
use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// How many trails are remembered of builds of one kind.
const TRAILS: usize = 8;

/// No object of trails is longer, packed or not.
pub const LONGEST: u64 = 64 << 20;

/// What a build rested on, and what it made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// The files that no step made, by names that mean something to whoever reads this; without a digest where one was
    /// not there.
    pub sources: Vec<(String, Option<Digest>)>,
    /// The results of its steps.
    pub results: Vec<TrailResult>,
}

/// A result of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailResult {
    /// Its key; none if it is not kept.
    pub key: Option<Digest>,
    /// The sources that its step read, by their numbers.
    pub sources: Vec<usize>,
    /// The results that its step read, by their numbers.
    pub rests_on: Vec<usize>,
}

impl Trail {
    /// The keys of the results that rest on nothing but sources that are the same.
    pub fn same(&self, mut is_same: impl FnMut(&str, Option<Digest>) -> bool) -> Vec<Digest> {
        let sources: Vec<bool> = self.sources.iter().map(|(name, digest)| is_same(name, *digest)).collect();
        let has_all =
            |of: &[bool], numbers: &[usize]| numbers.iter().all(|at| of.get(*at).copied().unwrap_or(false));
        let mut stands: Vec<bool> =
            self.results.iter().map(|result| has_all(&sources, &result.sources)).collect();
        loop {
            let next: Vec<bool> = self
                .results
                .iter()
                .zip(&stands)
                .map(|(result, stands_itself)| *stands_itself && has_all(&stands, &result.rests_on))
                .collect();
            if next == stands {
                break;
            }
            stands = next;
        }
        self.results.iter().zip(stands).filter_map(|(result, stands)| result.key.filter(|_| stands)).collect()
    }
}

/// Reads an object of trails, the last one first.
pub fn read(object: &[u8]) -> Result<Vec<Trail>, Trouble> {
    let bytes = unsealed(object, LONGEST)?;
    serde_json::from_slice(&bytes).map_err(|_| Trouble::damaged("is no list of builds"))
}

/// The trails with one more, as an object; `None` if it comes first already.
pub fn with(trails: &[Trail], trail: &Trail) -> Option<Vec<u8>> {
    if trails.first() == Some(trail) {
        return None;
    }
    let others = trails.iter().filter(|other| *other != trail);
    let trails: Vec<&Trail> = std::iter::once(trail).chain(others).take(TRAILS).collect();
    serde_json::to_vec(&trails).ok().map(|bytes| sealed(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_rests_on_sources_that_are_the_same_is_asked_for() {
        let digest = |text: &str| Digest::of_bytes(text.as_bytes());
        let result = |key: &str, sources: &[usize], rests_on: &[usize]| TrailResult {
            key: Some(digest(key)),
            sources: sources.to_vec(),
            rests_on: rests_on.to_vec(),
        };
        let trail = Trail {
            sources: vec![("a".into(), Some(digest("1"))), ("b".into(), None)],
            results: vec![
                result("of the third", &[], &[2]),
                result("of b", &[1], &[]),
                result("of a", &[0], &[]),
                TrailResult { key: None, ..result("", &[], &[1]) },
                result("of all", &[], &[0, 3]),
            ],
        };
        let same = |which: &'static str| trail.same(move |name, _| which.contains(name));
        assert_eq!(same("a"), ["of the third", "of a"].map(digest));
        assert_eq!(same("b"), ["of b"].map(digest));
        assert_eq!(same("ab"), ["of the third", "of b", "of a", "of all"].map(digest));
        let odd =
            Trail { results: vec![result("odd", &[7], &[]), result("odd", &[], &[9])], ..trail.clone() };
        assert_eq!(odd.same(|_, _| true), Vec::<Digest>::new());
        let object = with(&[], &trail).unwrap();
        assert_eq!(read(&object).unwrap(), std::slice::from_ref(&trail));
        assert_eq!(with(std::slice::from_ref(&trail), &trail), None);
    }
}
