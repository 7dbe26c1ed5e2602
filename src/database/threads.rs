//! Runs work for several databases at once, on a limited number of threads.
//! It does not know what the work is.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Does the work for each item, at most `most` at once, and returns the results in the order of the items.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], most: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = vec![];
        while let Some((at, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
        {
            done.push((at, work(item)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let wanted = most.min(items.len()).saturating_sub(1);
        // If memory is too short for another thread, fewer threads work.
        let others: Vec<_> =
            (0..wanted).filter_map(|_| thread::Builder::new().spawn_scoped(scope, take).ok()).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    /// The highest number of items, of 16, that were worked on at once.
    fn at_once(most: usize) -> usize {
        let (working, highest) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let barrier = Barrier::new(most);
        let items: Vec<usize> = (0..16).collect();
        let results = in_parallel(&items, most, |item| {
            highest.fetch_max(working.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            barrier.wait();
            working.fetch_sub(1, Ordering::SeqCst);
            item * 2
        });
        assert_eq!(results, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        highest.into_inner()
    }

    #[test]
    fn as_many_work_at_once_as_are_allowed_and_no_more() {
        for most in [1, 2, 4, 8] {
            assert_eq!(at_once(most), most);
        }
        assert_eq!(in_parallel(&[1, 2, 3], 99, |n| n + 1), [2, 3, 4]);
        assert!(in_parallel(&[0_u8; 0], 8, |n| *n).is_empty());
    }
}
