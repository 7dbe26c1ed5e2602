//! Tracks which steps run and what may be shown of them. A long step that runs alone is shown while it works; the output of
//! every other step is shown whole when it ends.
//! It does not know how steps are shown.

use super::show::{Descriptions, Show};
use crate::excerpt;
use crate::workdir::{Event, StepEnd, StepOutcome, StepStart};
use camino::{Utf8Path, Utf8PathBuf};
use std::time::{Duration, Instant};

/// A step that runs alone for longer than this is shown while it works.
const LONG: Duration = Duration::from_millis(400);

/// The running steps.
pub struct Board<'a> {
    /// The build directory.
    workdir: &'a Utf8Path,
    /// Step names and their descriptions.
    descriptions: &'a Descriptions,
    /// How many edges are done, of how many: `3/7`; empty until Ninja says so.
    pub done: String,
    /// The steps that run now, in the order in which they began.
    running: Vec<Running>,
    /// The step that was shown while it works.
    live: Option<Live>,
    /// Steps that ended but that Ninja has not counted yet.
    uncounted: Vec<StepEnd>,
    /// All steps that ended, in this order.
    pub ends: Vec<StepEnd>,
}

/// A step that is shown while it works.
struct Live {
    step: String,
    log: Option<Utf8PathBuf>,
    /// How many bytes of its log were shown.
    shown: u64,
    /// Whether nothing else was shown since.
    on_air: bool,
}

struct Running {
    step: String,
    log: Option<Utf8PathBuf>,
    since: Instant,
}

impl Running {
    fn has_terminal(&self) -> bool {
        self.log.is_none()
    }
}

impl<'a> Board<'a> {
    /// A board on which nothing runs yet.
    pub fn new(workdir: &'a Utf8Path, descriptions: &'a Descriptions) -> Board<'a> {
        Board {
            workdir,
            descriptions,
            done: String::new(),
            running: vec![],
            live: None,
            uncounted: vec![],
            ends: vec![],
        }
    }

    /// Takes the reported events and shows what may be shown now.
    pub fn take(&mut self, news: Vec<Event>, show: &mut dyn Show) {
        for event in news {
            match event {
                Event::Start(start) => self.start(start, show),
                Event::End(end) => self.uncounted.push(end),
                Event::Other => {}
            }
        }
        self.go_live();
        if self.running.len() == 1 {
            self.show_live(false, show);
        }
        show.running(&self.done, &self.now(), self.running.iter().any(Running::has_terminal));
    }

    /// Notes that a step runs. A step that has the terminal is announced before it prints anything.
    fn start(&mut self, StepStart { step, log, .. }: StepStart, show: &mut dyn Show) {
        let running = Running { step, log, since: Instant::now() };
        if running.has_terminal() {
            show.running(&self.done, &self.now(), true);
            show.begins(&self.done, self.description(&running.step), &running.step);
        }
        self.running.push(running);
    }

    /// Shows the end of the step with this description, which Ninja has counted.
    pub fn counted(&mut self, description: &str, show: &mut dyn Show) {
        let is_it = |end: &StepEnd| self.description(&end.step) == description;
        if let Some(at) = self.uncounted.iter().position(is_it) {
            let end = self.uncounted.remove(at);
            self.end(end, show);
        }
    }

    /// Shows the remaining ends: Ninja ended before it counted them.
    pub fn all_counted(&mut self, show: &mut dyn Show) {
        std::mem::take(&mut self.uncounted).into_iter().for_each(|end| self.end(end, show));
    }

    /// The descriptions of the running steps.
    fn now(&self) -> Vec<&str> {
        self.running.iter().map(|running| self.description(&running.step)).collect()
    }

    fn description<'b>(&'b self, step: &'b str) -> &'b str {
        self.descriptions.get(step).map_or(step, String::as_str)
    }

    /// Shows a long step that runs alone from now on.
    fn go_live(&mut self) {
        let [alone] = self.running.as_slice() else { return };
        let is_other = self.live.as_ref().is_none_or(|live| live.step != alone.step);
        if is_other && alone.log.is_some() && alone.since.elapsed() >= LONG {
            self.live =
                Some(Live { step: alone.step.clone(), log: alone.log.clone(), shown: 0, on_air: false });
        }
    }

    /// Shows what the live step printed since the last call: everything if the step is over, else only whole lines.
    fn show_live(&mut self, is_over: bool, show: &mut dyn Show) {
        let Some(mut live) = self.live.take() else { return };
        let (mut printed, mut until) = self.printed(live.log.as_deref(), live.shown);
        if !is_over {
            let whole = printed.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            until = until.saturating_sub((printed.len() - whole) as u64);
            printed.truncate(whole);
        }
        if !printed.is_empty() {
            if !live.on_air {
                show.begins(&self.done, self.description(&live.step), &live.step);
            }
            show.says(&live.step, &String::from_utf8_lossy(&printed));
            live.shown = until;
            live.on_air = true;
        }
        self.live = Some(live);
    }

    fn end(&mut self, end: StepEnd, show: &mut dyn Show) {
        self.running.retain(|running| running.step != end.step);
        self.ends.push(end.clone());
        if end.outcome == StepOutcome::Hit && !end.is_taken() {
            return;
        }
        if self.live.as_ref().is_some_and(|live| live.step == end.step) {
            self.show_live(true, show);
            if self.live.take().is_some_and(|live| live.shown > 0) {
                return show.ended(&self.done, self.description(&end.step), &end, None);
            }
        }
        let printed = end.log.as_deref().map(|log| self.printed(Some(log), 0).0);
        let printed = printed.as_deref().map(String::from_utf8_lossy);
        show.ended(&self.done, self.description(&end.step), &end, printed.as_deref());
        if let Some(live) = &mut self.live {
            live.on_air = false;
        }
    }

    /// The text of a log from this byte on, as far as it can be shown, and the byte where it ends.
    fn printed(&self, log: Option<&Utf8Path>, from: u64) -> (Vec<u8>, u64) {
        let read = |log: &Utf8Path| excerpt::of_file(&self.workdir.join(log), from, excerpt::SHOWN);
        log.and_then(|log| read(log).ok()).unwrap_or_default()
    }
}
