//! Executes many runs side by side in a given order, until enough of them failed or the user interrupts.
//! It does not know how a run is executed, nor what is shown of it.

use super::execute::{Executor, Ran};
use super::job::Job;
use crate::diag::Result;
use crate::shelf::Shelf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How many runs go at once, and when to stop.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// How many runs go at once.
    pub jobs: usize,
    /// After this many failures no further run begins.
    pub max_failures: Option<usize>,
}

/// How often to report that runs still go on.
const BEAT: Duration = Duration::from_secs(1);

/// What happened to a run.
pub enum News {
    /// Nothing began or ended for a second.
    Waits,
    /// The run of this number begins.
    Begins(usize),
    /// The run of this number ended.
    Ended(usize, Box<Result<Ran>>),
}

/// Executes the runs and reports the beginning and end of each to `tell`.
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
        // Memory may be too short for any thread.
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
