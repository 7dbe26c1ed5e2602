//! What is seen of tests while they run: a line at the bottom of a terminal, and what failed at once.
//! It does not know how tests are run.

use super::args::TestArgs;
use super::rows::Row;
use super::table;
use crate::cli::build::{is_json, volume};
use crate::cli::output::Volume;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// Of fewer tests than these nothing is said before the table.
const MANY: usize = 50;

/// So many names of running tests are shown.
const NAMES: usize = 3;

/// Shows tests while they run.
pub struct Progress {
    bar: ProgressBar,
    /// Whether the line is seen.
    is_watched: bool,
    is_json: bool,
    volume: Volume,
    all: usize,
    done: usize,
    failed: usize,
    running: Vec<String>,
    warned: Vec<String>,
}

impl Progress {
    /// Nothing ran so far.
    pub fn new(args: &TestArgs, all: usize) -> Progress {
        let volume = volume(&args.simulate.build);
        let bar = if volume == Volume::Quiet || all == 0 {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        let is_json = is_json(&args.simulate.build);
        let is_watched = !bar.is_hidden();
        Progress {
            bar,
            is_watched,
            is_json,
            volume,
            all,
            done: 0,
            failed: 0,
            running: vec![],
            warned: vec![],
        }
    }

    /// A test begins.
    pub fn begins(&mut self, name: &str) {
        self.running.push(name.to_owned());
        self.show();
    }

    /// Something is wrong beside the test; it is said once.
    pub fn warn(&mut self, warnings: &[String]) {
        for warning in warnings {
            if !self.warned.contains(warning) {
                self.warned.push(warning.clone());
                self.bar.suspend(|| note!("warning: {warning}"));
            }
        }
    }

    /// A test ended.
    pub fn ended(&mut self, row: &Row) {
        self.running.retain(|name| *name != row.name);
        self.done += 1;
        self.failed += usize::from(!row.passed);
        self.bar.suspend(|| {
            if self.is_json {
                table::tell_program(row);
            }
            if self.volume > Volume::Quiet {
                self.say(row);
            }
        });
        self.show();
    }

    fn say(&self, row: &Row) {
        let head = format!("[{}/{}] {}", self.done, self.all, row.name);
        if self.volume == Volume::Verbose {
            let why = row.why.as_ref().map(|why| format!(" (ran again: {why})")).unwrap_or_default();
            note!("{head} {}{why}", row.word);
        } else if !row.passed && (self.is_watched || self.all > MANY) {
            note!("{head} {}: {}", row.word, row.about);
        } else if !self.is_watched
            && self.all > MANY
            && self.done * 10 / self.all > (self.done - 1) * 10 / self.all
        {
            note!("[{}/{}] {} failed", self.done, self.all, self.failed);
        }
    }

    fn show(&self) {
        let names = self.running.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        self.bar.set_message(format!("[{}/{}{failed}] {names}", self.done, self.all));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
