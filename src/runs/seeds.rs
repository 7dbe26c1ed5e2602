//! Parses seeds: a count, a range, or a list.
//! It does not know what a seed does.

use crate::diag::{Error, Result};
use std::time::{SystemTime, UNIX_EPOCH};

/// The largest number of seeds for one design.
const MOST: u64 = 1_000_000;

/// The seeds of a design's runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seeds {
    /// This many seeds, counted from a base.
    Count(u64),
    /// These seeds.
    These(Vec<u64>),
}

impl Seeds {
    /// Reads `20`, `1-20`, `1,7`, or a mix such as `1-3,7`.
    ///
    /// # Errors
    /// The text is something else, or it has too many seeds.
    pub fn parse(text: &str) -> Result<Seeds> {
        let text = text.trim();
        if !text.contains([',', '-']) || text.starts_with('-') {
            return Seeds::count(number(text)?);
        }
        let mut seeds = vec![];
        for part in text.split(',').map(str::trim) {
            let (first, last) = match part.split_once('-').filter(|(first, _)| !first.is_empty()) {
                Some((first, last)) => (number(first.trim())?, number(last.trim())?),
                None => (number(part)?, number(part)?),
            };
            if first > last {
                return Err(Error::request(format!("the range `{part}` ends before it begins"))
                    .hint(format!("write it as `{last}-{first}`")));
            }
            if last - first >= MOST || seeds.len() as u64 >= MOST {
                return Err(too_many());
            }
            seeds.extend(first..=last);
        }
        Ok(Seeds::These(once(seeds)))
    }

    /// Reads a value of `fud.toml`.
    ///
    /// # Errors
    /// As [`Seeds::parse`].
    pub fn of_value(value: &toml::Value) -> Result<Seeds> {
        let one = |value: &toml::Value| match value {
            toml::Value::Integer(seed) => number(&seed.to_string()),
            toml::Value::String(text) => number(text),
            other => Err(not_a_seed(&other.to_string())),
        };
        match value {
            toml::Value::Array(list) if list.is_empty() => Err(Error::request("the list of seeds is empty")),
            toml::Value::Array(list) => Ok(Seeds::These(once(list.iter().map(one).collect::<Result<_>>()?))),
            toml::Value::String(text) => Seeds::parse(text),
            single => Seeds::count(one(single)?),
        }
    }

    fn count(count: u64) -> Result<Seeds> {
        match count {
            0 => {
                Err(Error::request("0 is not a number of seeds")
                    .hint("`--seeds 0,1` means the seeds 0 and 1"))
            }
            1..=MOST => Ok(Seeds::Count(count)),
            _ => Err(too_many()),
        }
    }

    /// The seeds. A count begins at this base.
    ///
    /// # Errors
    /// A seed does not fit in 64 bits.
    pub fn from(&self, base: u64) -> Result<Vec<u64>> {
        match self {
            Seeds::These(seeds) => Ok(seeds.clone()),
            Seeds::Count(count) => {
                let last = base.checked_add(count - 1).ok_or_else(|| {
                    Error::request(format!("{count} seeds from {base} on do not fit in 64 bits"))
                })?;
                Ok((base..=last).collect())
            }
        }
    }
}

fn once(mut seeds: Vec<u64>) -> Vec<u64> {
    let mut seen = std::collections::BTreeSet::new();
    seeds.retain(|seed| seen.insert(*seed));
    seeds
}

/// Reads a base: a seed, or `random` for one that depends on the time.
///
/// # Errors
/// The text is something else.
pub fn base(text: &str) -> Result<u64> {
    if text != "random" {
        return number(text);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Nine digits are short enough to type again.
    Ok((now.as_nanos() / 1000) as u64 % 1_000_000_000)
}

/// The seed for Verilator, which takes 31 bits: mixed as fudsv's main program mixes seeds, and never 0.
pub fn for_verilator(seed: u64) -> u64 {
    let mut number = seed;
    loop {
        number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        if mixed >> 33 != 0 {
            return mixed >> 33;
        }
    }
}

fn number(text: &str) -> Result<u64> {
    text.parse().map_err(|_| not_a_seed(text))
}

fn not_a_seed(text: &str) -> Box<Error> {
    Error::request(format!("`{text}` is not a seed: a whole number from 0 to {}", u64::MAX))
}

fn too_many() -> Box<Error> {
    Error::request(format!("more than {MOST} seeds are too many"))
        .hint("`--shard I/N` divides runs among machines")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_a_number_a_range_or_a_list() {
        let all = |text: &str| Seeds::parse(text).unwrap().from(1).unwrap();
        assert_eq!(all("3"), [1, 2, 3]);
        assert_eq!(all("0-2"), [0, 1, 2]);
        assert_eq!(all("1, 7"), [1, 7]);
        assert_eq!(all("7,1-3,2"), [7, 1, 2, 3]);
        assert_eq!(all("18446744073709551615,0"), [u64::MAX, 0]);
        assert_eq!(Seeds::Count(2).from(u64::MAX - 1).unwrap(), [u64::MAX - 1, u64::MAX]);
    }

    #[test]
    fn what_is_no_seed_is_said() {
        let said = |text: &str| Seeds::parse(text).unwrap_err().to_string();
        for wrong in ["-1", "18446744073709551616", "x", "", "1,,2", "1-", "0x10"] {
            assert!(said(wrong).contains("is not a seed"), "{wrong}: {}", said(wrong));
        }
        assert!(said("9-3").contains("write it as `3-9`"));
        assert!(said("0").contains("0 is not a number of seeds"));
        assert!(said("1-9999999").contains("too many"));
        assert!(
            Seeds::Count(3).from(u64::MAX - 1).unwrap_err().to_string().contains("do not fit in 64 bits")
        );
        assert!(Seeds::of_value(&toml::Value::Integer(-1)).unwrap_err().to_string().contains("`-1`"));
        assert!(Seeds::of_value(&toml::Value::Array(vec![])).is_err());
        assert!(Seeds::of_value(&toml::Value::Boolean(true)).is_err());
    }
}
