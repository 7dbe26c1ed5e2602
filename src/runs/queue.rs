//! Many runs side by side, in an order; until enough of them failed, or the user interrupts.
//! It does not know how a run is made, nor what is shown of it.

use super::execute::{Executor, Ran};
use super::job::Job;
use crate::diag::Result;
use crate::shelf::Shelf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How many runs at once, and until when.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// How many at once.
    pub jobs: usize,
    /// After how many failures no other one begins.
    pub max_failures: Option<usize>,
}

/// As often is told that runs still run.
const BEAT: Duration = Duration::from_secs(1);

/// What happens to a run: it begins, or it ended.
pub enum News {
    /// Nothing began or ended for a second.
    Waits,
    /// The run of this number begins.
    Begins(usize),
    /// The run of this number ended.
    Ended(usize, Box<Result<Ran>>),
}

/// Makes the runs; `tell` hears of each. Those that did not begin are not told.
pub fn run_all<'s>(
    jobs: &[Job],
    executor: &Executor,
    queue: Queue,
    open: &(dyn Fn() -> Option<Box<dyn Shelf + 's>> + Sync),
    tell: &mut dyn FnMut(News),
) {
    let (next, failures, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, news) = channel();
    let work = |sender: std::sync::mpsc::Sender<News>| {
        let shelf = open();
        while !stop.load(Ordering::SeqCst) && !executor.interrupt.came() {
            let at = next.fetch_add(1, Ordering::SeqCst);
            let Some(job) = jobs.get(at) else { break };
            drop(sender.send(News::Begins(at)));
            let ran = executor.obtain(job, shelf.as_deref());
            let is_good = ran.as_ref().is_ok_and(|ran| ran.record.is_good());
            let failed = failures.fetch_add(usize::from(!is_good), Ordering::SeqCst) + usize::from(!is_good);
            if ran.is_err() || !is_good && queue.max_failures.is_some_and(|most| failed >= most) {
                stop.store(true, Ordering::SeqCst);
            }
            drop(sender.send(News::Ended(at, Box::new(ran))));
        }
    };
    std::thread::scope(|scope| {
        let start = || {
            let sender = sender.clone();
            std::thread::Builder::new().spawn_scoped(scope, || work(sender))
        };
        let started = (0..queue.jobs.min(jobs.len())).filter(|_| start().is_ok()).count();
        // There may be no memory for one.
        if started == 0 {
            work(sender.clone());
        }
        drop(sender);
        loop {
            match news.recv_timeout(BEAT) {
                Ok(news) => tell(news),
                Err(RecvTimeoutError::Timeout) => tell(News::Waits),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    });
}
