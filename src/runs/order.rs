//! Puts runs in order and divides them among machines.
//! It does not know what the runs are.

use super::record::Record;
use crate::diag::{Error, Result};
use crate::digest::KeyHasher;

/// One of several machines that share the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 1.
    pub number: usize,
    /// The number of machines.
    pub of: usize,
}

impl Shard {
    /// Reads `1/4`.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(text: &str) -> Result<Shard> {
        let wrong = || {
            Error::request(format!("`{text}` is not a shard")).hint("write it as `1/4`: the first of four")
        };
        let (number, of) = text.split_once('/').ok_or_else(wrong)?;
        let (number, of) = (number.parse().map_err(|_| wrong())?, of.parse().map_err(|_| wrong())?);
        if number == 0 || number > of { Err(wrong()) } else { Ok(Shard { number, of }) }
    }

    /// Which of the runs belong to this shard, and a digest of the whole division: shards fit together only if all have the
    /// same digest. The longest run goes first, and each run goes to the shard with the least time so far. A run whose time
    /// is not known counts as average.
    pub fn choose(self, runs: &[(String, Option<f64>)]) -> (Vec<bool>, String) {
        let known: Vec<f64> = runs.iter().filter_map(|(_, seconds)| *seconds).collect();
        let average = if known.is_empty() { 1.0 } else { known.iter().sum::<f64>() / known.len() as f64 };
        let mut order: Vec<(usize, &str, f64)> = runs
            .iter()
            .enumerate()
            .map(|(at, (name, s))| (at, name.as_str(), s.unwrap_or(average)))
            .collect();
        order.sort_by(|one, other| other.2.total_cmp(&one.2).then(one.1.cmp(other.1)));
        let mut loads: Vec<f64> = vec![0.0; self.of];
        let mut chosen = vec![false; runs.len()];
        let mut key = KeyHasher::new();
        for (at, name, seconds) in order {
            let lightest = loads.iter().enumerate().min_by(|one, other| one.1.total_cmp(other.1));
            let shard = lightest.map_or(0, |(shard, _)| shard);
            if let (Some(load), Some(chosen)) = (loads.get_mut(shard), chosen.get_mut(at)) {
                // The minimum divides runs that take no time, too.
                *load += seconds.max(0.001);
                *chosen = shard + 1 == self.number;
            }
            key.field(name, shard.to_string());
        }
        (chosen, key.finish().short(8))
    }
}

/// The order of runs with these records: first those that failed last time, then those without a record, then the longest.
pub fn arrange(records: &[Option<Record>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    let rank = |at: &usize| match records.get(*at).and_then(Option::as_ref) {
        Some(record) if !record.is_good() => (0, record.seconds),
        None => (1, 0.0),
        Some(record) => (2, record.seconds),
    };
    order.sort_by(|one, other| {
        let (one, other) = (rank(one), rank(other));
        one.0.cmp(&other.0).then(other.1.total_cmp(&one.1))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_have_each_run_once_and_about_the_same_time() {
        let runs: Vec<(String, Option<f64>)> = [9.0, 1.0, 1.0, 1.0, 5.0, 3.0, 4.0]
            .iter()
            .enumerate()
            .map(|(at, s)| (at.to_string(), Some(*s)))
            .collect();
        let mut count = [0; 7];
        let mut plans = vec![];
        for number in 1..=3 {
            let (chosen, plan) = Shard { number, of: 3 }.choose(&runs);
            let seconds: f64 =
                runs.iter().zip(&chosen).filter(|(_, is)| **is).filter_map(|(run, _)| run.1).sum();
            assert!((7.0..=9.0).contains(&seconds), "{number}: {seconds}");
            count.iter_mut().zip(&chosen).for_each(|(count, is)| *count += i32::from(*is));
            plans.push(plan);
        }
        assert_eq!((count, &plans[0], &plans[1]), ([1; 7], &plans[1], &plans[2]));
        assert_eq!(Shard::parse("2/3").unwrap(), Shard { number: 2, of: 3 });
        for wrong in ["0/3", "4/3", "1", "a/b", "1/0"] {
            assert!(Shard::parse(wrong).unwrap_err().to_string().contains("is not a shard"));
        }
    }

    #[test]
    fn what_failed_goes_first_then_what_is_new_then_the_longest() {
        let record =
            |verdict: &str, seconds| Some(Record { verdict: verdict.to_owned(), seconds, ..Record::new() });
        let records = [
            record("passed", 1.0),
            None,
            record("passed", 2.0),
            record("failed", 0.1),
            record("crashed", 0.2),
        ];
        assert_eq!(arrange(&records), [4, 3, 1, 2, 0]);
    }
}
