//! Shows tests while they run: a few lines at the bottom of a terminal, and each failure as soon as it happens.
//! It does not know how tests are run.

use super::args::TestArgs;
use super::rows::Row;
use super::table;
use crate::cli::build::{is_json, volume};
use crate::cli::output::Volume;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};

/// Without a terminal, progress is printed only if there are more tests than this.
const MANY: usize = 50;

/// At most this many running tests are shown, the longest first.
const SHOWN: usize = 8;

/// A name is cut to this many characters, which fit every terminal.
const NAME: usize = 60;

/// Shows tests while they run.
pub struct Progress {
    bar: ProgressBar,
    /// Whether somebody sees the lines at the bottom.
    is_watched: bool,
    is_json: bool,
    volume: Volume,
    all: usize,
    done: usize,
    failed: usize,
    begun: Instant,
    running: Vec<(String, Instant)>,
    warned: Vec<String>,
}

impl Progress {
    /// The progress before any test ran.
    pub fn new(args: &TestArgs, all: usize) -> Progress {
        let volume = volume(&args.simulate.build);
        let bar = if volume == Volume::Quiet || all == 0 {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
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
            begun: Instant::now(),
            running: vec![],
            warned: vec![],
        }
    }

    /// A test begins.
    pub fn begins(&mut self, name: &str) {
        self.running.push((name.to_owned(), Instant::now()));
        self.show();
    }

    /// Shows each warning once. Warnings do not concern the test itself.
    pub fn warn(&mut self, warnings: &[String]) {
        for warning in warnings {
            if !self.warned.contains(warning) {
                self.warned.push(warning.clone());
                self.bar.suspend(|| note!("warning: {warning}"));
            }
        }
    }

    /// A run ended, with the tests in it.
    pub fn ended(&mut self, run: &str, rows: &[Row]) {
        self.running.retain(|(name, _)| *name != run);
        self.done += 1;
        self.failed += usize::from(rows.iter().any(|row| !row.passed));
        self.bar.suspend(|| {
            for row in rows {
                if self.is_json {
                    table::tell_program(row);
                }
                if self.volume > Volume::Quiet {
                    self.say(row);
                }
            }
            let is_step = self.done * 10 / self.all > (self.done - 1) * 10 / self.all;
            let is_told = self.volume == Volume::Verbose || rows.iter().any(|row| !row.passed);
            if self.volume > Volume::Quiet && !self.is_watched && self.all > MANY && is_step && !is_told {
                note!("[{}/{}] {} failed", self.done, self.all, self.failed);
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
        }
    }

    /// Shows how many tests ended, and a line for each test that has run for a second: a quicker one would be gone before
    /// anybody reads its name.
    pub fn show(&self) {
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        let elapsed = self.begun.elapsed().as_secs();
        let mut text = format!("[{}/{}{failed}] {elapsed} s", self.done, self.all);
        let slow = self.running.iter().map(|(name, since)| (name, since.elapsed().as_secs()));
        for (name, seconds) in slow.filter(|(_, seconds)| *seconds > 0).take(SHOWN) {
            let name: String = name.chars().take(NAME).collect();
            text.push_str(&format!("\n  {name}  {seconds} s"));
        }
        self.bar.set_message(text);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
