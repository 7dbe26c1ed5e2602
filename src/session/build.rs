//! The build of every command that builds: write the build directory, run Ninja, and return the outcome.
//! It does not know what is done with the results, or who watches.

use super::freshness::{self, Generated};
use super::generate::current;
use super::open::Session;
use super::step_texts::{StepText, StepTexts, in_user_paths};
use super::tell::Show;
use super::{hints, planning, precompiled, remote, store, warnings};
use crate::diag::{Error, Result};
use crate::excerpt;
use crate::paths::normal;
use crate::run::{self, FailedStep, Options, Outcome, Repeat};
use crate::shell::ShellWord;
use crate::step::{self, DatabaseFiles, scan};
use crate::tools;
use crate::workdir::{Lock, StepEnd, StepOutcome, Workdir};
use std::cell::LazyCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How a build runs.
#[derive(Clone, Debug)]
pub struct BuildSettings<'a> {
    /// The command that builds, for others who wait for it.
    pub who: &'a str,
    /// How many steps run at once.
    pub jobs: Option<u32>,
    /// After how many failed steps it stops; 0 for never.
    pub keep_going: Option<u32>,
    /// Whether the commands of steps are shown as they run.
    pub shows_commands: bool,
}

/// A build that ended, well or not.
pub struct Built {
    /// What was to be made.
    pub generated: Generated,
    /// How Ninja ended.
    pub outcome: Outcome,
    /// What the steps are.
    pub texts: Rc<StepTexts>,
    /// How long it took.
    pub took: Duration,
    /// Whether the commands of its steps are shown in full.
    pub shows_commands: bool,
}

/// Plans if needed, and runs Ninja. `texts` are the step texts of the session, which whoever shows steps may use too.
///
/// # Errors
/// An error of the request or the machine; [`Built::verdict`] reports a failed step.
pub fn build(
    session: &Session,
    settings: &BuildSettings,
    texts: &Rc<StepTexts>,
    show: &mut dyn Show,
) -> Result<Built> {
    session.databases.say(&session.places.root, show);
    let built = attempts(session, settings, texts, show)?;
    if built.outcome.success {
        precompiled::keep_current(session, !built.outcome.ends.is_empty(), show);
    }
    Ok(built)
}

/// Builds, and once more where what is damaged kept Ninja from starting.
fn attempts(
    session: &Session,
    settings: &BuildSettings,
    texts: &Rc<StepTexts>,
    show: &mut dyn Show,
) -> Result<Built> {
    let first = attempt(session, settings, texts, show);
    match &first {
        Ok(built) if built.outcome.success || built.outcome.interrupted => first,
        // Nothing is checked as long as all goes well.
        _ if mend(session, first.as_ref().ok()) => attempt(session, settings, texts, show),
        _ => first,
    }
}

/// Removes damaged files in the build directory that keep a build from going on; returns whether there was one.
fn mend(session: &Session, built: Option<&Built>) -> bool {
    let workdir = &session.places.workdir;
    let is_begun = built.is_none_or(|built| !built.outcome.ends.is_empty());
    let mended = [
        Workdir::existing(workdir).clear_the_way(),
        step::mend::clear_the_way(workdir),
        !is_begun && step::mend::remove_damaged_depfiles(workdir),
    ];
    mended.contains(&true)
}

fn attempt(
    session: &Session,
    settings: &BuildSettings,
    texts: &Rc<StepTexts>,
    show: &mut dyn Show,
) -> Result<Built> {
    let began = Instant::now();
    let workdir = Workdir::create(&session.places.workdir)?;
    let lock = Lock::take(&workdir, settings.who, |holder| show.waits(holder))?;
    let generated = current(session, &workdir, show).inspect_err(|_| workdir.leave_if_unused())?;
    store::tell(session, &workdir)?;
    let standing = DatabaseFiles::of(&precompiled::places(workdir.path()));
    let scanned =
        scan::force_changed(workdir.path(), &session.facts.env().vars, standing, &generated.on_demand)?;
    let outcome = if scanned.is_all_of(generated.steps) {
        run::run_nothing(workdir.path())
    } else {
        workdir.tidy();
        store::tidy(session);
        let talker = remote::start(session, &workdir, texts, store::own_dir(session).as_deref());
        let ran =
            options(session, settings, &workdir, texts).and_then(|options| run::run(&options, &lock, show));
        remote::end(talker, (session, &workdir, texts), ran.as_ref().ok(), show);
        ran?
    };
    warnings::keep(&workdir, &outcome.ends, texts);
    store::clean_if_over(session);
    let shows_commands = settings.shows_commands;
    Ok(Built { generated, outcome, texts: Rc::clone(texts), took: began.elapsed(), shows_commands })
}

impl Built {
    /// Fine, or the report of the step that failed.
    ///
    /// # Errors
    /// A step failed, or Ninja.
    pub fn verdict(&self, session: &Session) -> Result<()> {
        if self.outcome.success {
            return Ok(());
        }
        // The design may have got such a port since it was planned: then that is what to say.
        let failed = self.outcome.ends.iter().filter(|end| end.outcome == StepOutcome::Failed);
        let texts = failed.filter_map(|end| self.texts.get(&end.step));
        if texts.into_iter().any(|text| text.takes_top_ports) {
            planning::plan(session)?;
        }
        let error = self.failure(session);
        let hint = error.output.as_deref().and_then(|printed| hints::hint(session, printed));
        Err(error.maybe_hint(hint))
    }

    fn failure(&self, session: &Session) -> Box<Error> {
        let nothing = StepText { position: usize::MAX, run_in: ".".into(), ..StepText::default() };
        let position = |end: &StepEnd| self.texts.get(&end.step).map_or(usize::MAX, |text| text.position);
        let workdir = &session.places.workdir;
        // How Ninja says it: `ninja: error: mkdir(../../a/b): Permission denied`.
        let mut told = self.outcome.said.lines().filter_map(|line| line.split_once(": mkdir("));
        if let Some((dir, why)) = told.find_map(|(_, told)| told.split_once("): ")) {
            let dir = session.shown(&normal(&workdir.join(dir)));
            return Error::machine(format!("cannot make the directory `{dir}`")).detail("cause", why);
        }
        run::failure(&self.outcome, position, |end| {
            let text = self.texts.get(&end.step).unwrap_or(&nothing);
            let printed = self.printed(session, end);
            let log = end.log.as_ref().map(|log| session.shown(&workdir.join(log)));
            let (repeat, script) = (self.repeat(session, text), text.asked_at(session));
            FailedStep { description: &text.description, repeat, printed, log, script }
        })
    }

    /// How a step is repeated: its command, or words for Ninja where that is long.
    fn repeat(&self, session: &Session, text: &StepText) -> Repeat {
        const SHORT: usize = 200;
        let commands = text.copyable(session);
        if self.shows_commands || text.output.is_empty() || commands.len() <= SHORT {
            return Repeat::Commands(commands);
        }
        let dir = session.shown(&session.places.workdir);
        let [dir, output] = [dir.as_str(), &text.output].map(ShellWord::quote);
        Repeat::Words(format!("ninja -C {dir} {output}"))
    }

    /// What a step printed, in the user's paths.
    pub fn printed(&self, session: &Session, end: &StepEnd) -> String {
        let path = end.log.as_ref().map(|log| session.places.workdir.join(log)).unwrap_or_default();
        let printed = excerpt::of_file(&path, 0, excerpt::SEARCHED).unwrap_or_default().0;
        in_user_paths(session, self.texts.get(&end.step), &String::from_utf8_lossy(&printed))
    }
}

fn options(
    session: &Session,
    settings: &BuildSettings,
    workdir: &Workdir,
    texts: &Rc<StepTexts>,
) -> Result<Options> {
    let texts = Rc::clone(texts);
    let description = |(name, text): (&String, &StepText)| (name.clone(), text.description.clone());
    Ok(Options {
        ninja: ninja(session)?,
        workdir: workdir.path().to_owned(),
        exe: session.facts.env().exe.clone(),
        token: freshness::token(workdir).map(|token| token.to_string()).unwrap_or_default(),
        jobs: settings.jobs.or(session.settings.jobs),
        keep_going: settings.keep_going.or(session.settings.keep_going),
        descriptions: LazyCell::new(Box::new(move || texts.iter().map(description).collect())),
    })
}

/// The words that start Ninja.
fn ninja(session: &Session) -> Result<Vec<String>> {
    if let Some(words) = session.settings.ninja.as_ref().and_then(|text| shlex::split(text)) {
        return Ok(words);
    }
    let found = ["ninja", "samu"].iter().find_map(|name| session.facts.which(name));
    found
        .map(|path| vec![path.into_string()])
        .ok_or_else(|| tools::missing("ninja", "`ninja` and `samu` on PATH"))
}
