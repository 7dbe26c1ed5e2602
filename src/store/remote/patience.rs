//! How much trouble with a remote store a build bears: what is tried again, and when the store is left alone.
//! It does not know what is asked.

use super::transport::{Trouble, TroubleKind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// After so many failures it is left alone.
const FAILURES: u32 = 3;

/// Before another attempt.
const PAUSE: Duration = Duration::from_millis(20);

/// What is borne, shared by all who ask.
#[derive(Debug)]
pub struct Patience {
    retries: u32,
    /// How long may be lost in all.
    most: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    has_answered: bool,
    failures: u32,
    /// What was given in vain.
    gifts: u32,
    lost: Duration,
    is_left_alone: bool,
    takes_nothing: bool,
    /// What was wrong first, until it is told.
    first: Option<String>,
    was_told: bool,
}

impl Patience {
    /// With so many more attempts, for one that lets `timeout` pass before it gives up.
    pub fn new(retries: u32, timeout: Duration) -> Patience {
        Patience { retries, most: timeout + timeout / 2, state: Mutex::default() }
    }

    /// One that knows already that the store is to be left alone.
    pub fn exhausted() -> Patience {
        let state = State { is_left_alone: true, was_told: true, ..State::default() };
        Patience { retries: 0, most: Duration::ZERO, state: Mutex::new(state) }
    }

    /// Asks, and once more where that may help; `None` when the store is left alone, or nothing came of it.
    pub fn ask<T>(&self, question: impl Fn() -> Result<T, Trouble>) -> Option<T> {
        self.attempts(question, |state, trouble, lost| state.bear(trouble, lost, self.most))
    }

    /// The same for what is given to it. No step waits for that: trouble with it is no reason to ask less.
    pub fn give<T>(&self, gift: impl Fn() -> Result<T, Trouble>) -> Option<T> {
        if self.state().takes_nothing {
            return None;
        }
        self.attempts(gift, |state, trouble, _| state.bear_gift(trouble))
    }

    fn attempts<T>(
        &self,
        work: impl Fn() -> Result<T, Trouble>,
        bear: impl Fn(&mut State, Trouble, Duration),
    ) -> Option<T> {
        for attempt in 0..=self.retries {
            if self.is_exhausted() {
                return None;
            }
            let began = Instant::now();
            let trouble = match work() {
                Ok(done) => {
                    self.state().has_answered = true;
                    return Some(done);
                }
                Err(trouble) => trouble,
            };
            let is_last = attempt == self.retries || trouble.kind != TroubleKind::NoAnswer;
            if is_last {
                bear(&mut self.state(), trouble, began.elapsed());
                return None;
            }
            std::thread::sleep(PAUSE);
        }
        None
    }

    /// Leaves it alone from now on.
    pub fn give_up(&self, trouble: Trouble) {
        self.state().bear(Trouble { kind: TroubleKind::Refused, ..trouble }, Duration::ZERO, self.most);
    }

    /// Notes something that is wrong and no reason to ask less.
    pub fn note(&self, what: String) {
        self.state().first.get_or_insert(what);
    }

    /// Whether it is left alone.
    pub fn is_exhausted(&self) -> bool {
        self.state().is_left_alone
    }

    /// What is to be told, once.
    pub fn untold(&self) -> Option<String> {
        let mut state = self.state();
        let first = state.first.clone().filter(|_| !state.was_told);
        state.was_told |= first.is_some();
        first
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Notes a failure to get something.
    fn bear(&mut self, trouble: Trouble, lost: Duration, most: Duration) {
        self.lost += lost;
        match trouble.kind {
            TroubleKind::Damaged | TroubleKind::TakesNothing => self.failures += 1,
            TroubleKind::Refused => self.is_left_alone = true,
            TroubleKind::Slow | TroubleKind::NoAnswer => {
                self.failures += 1;
                self.is_left_alone |= !self.has_answered || self.lost > most;
            }
        }
        self.is_left_alone |= self.failures >= FAILURES;
        let follows = if self.is_left_alone { "; it is left alone for this build" } else { "" };
        self.first.get_or_insert(format!("{}{follows}", trouble.what));
    }

    /// Notes a failure to give something.
    fn bear_gift(&mut self, trouble: Trouble) {
        self.gifts += 1;
        self.takes_nothing |= self.gifts >= FAILURES
            || matches!(trouble.kind, TroubleKind::Refused | TroubleKind::TakesNothing);
        let follows = if self.takes_nothing { "; nothing more is given to it in this build" } else { "" };
        self.first.get_or_insert(format!("{}{follows}", trouble.what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn patience() -> Patience {
        Patience::new(1, Duration::from_secs(1))
    }

    /// How often it was asked.
    fn asked(patience: &Patience, kind: TroubleKind) -> u32 {
        let count = Cell::new(0);
        let answer = patience.ask(|| -> Result<(), Trouble> {
            count.set(count.get() + 1);
            Err(Trouble::new(kind, "is odd"))
        });
        assert_eq!(answer, None);
        count.get()
    }

    #[test]
    fn a_store_that_never_answered_is_asked_twice_and_then_left_alone() {
        let patience = patience();
        assert_eq!(asked(&patience, TroubleKind::NoAnswer), 2);
        assert_eq!(asked(&patience, TroubleKind::NoAnswer), 0);
        assert_eq!(patience.untold().as_deref(), Some("is odd; it is left alone for this build"));
        assert_eq!(patience.untold(), None);
    }

    #[test]
    fn what_took_its_time_is_not_asked_again() {
        assert_eq!(asked(&patience(), TroubleKind::Slow), 1);
        assert_eq!(asked(&patience(), TroubleKind::Refused), 1);
    }

    #[test]
    fn a_store_that_has_answered_may_fail_twice() {
        let patience = patience();
        assert_eq!(patience.ask(|| Ok(7)), Some(7));
        assert_eq!(asked(&patience, TroubleKind::Slow), 1);
        assert_eq!(asked(&patience, TroubleKind::Damaged), 1);
        assert_eq!(asked(&patience, TroubleKind::NoAnswer), 2);
        assert!(patience.is_exhausted() && asked(&patience, TroubleKind::NoAnswer) == 0);
    }

    #[test]
    fn a_store_that_takes_nothing_still_gives() {
        let patience = patience();
        let full = || Err::<(), _>(Trouble::new(TroubleKind::TakesNothing, "is full"));
        assert_eq!(patience.give(full), None);
        assert_eq!((patience.give(|| Ok(1)), patience.ask(|| Ok(2))), (None, Some(2)));
        assert_eq!(patience.untold().as_deref(), Some("is full; nothing more is given to it in this build"));
    }
}
