//! The build behind every verb that builds: write the build directory, run Ninja, say how it ended.
//! It does not know what is done with the results.

use super::args::{BuildArgs, MessageFormat};
use super::generate::{self, Generated, StepText, StepTexts, fresh, generate, step_texts};
use super::odd_ports;
use super::output::{self, Steps, Volume, object};
use super::session::Session;
use super::{request, store, timings};
use crate::diag::{Error, Result};
use crate::excerpt;
use crate::paths::normal;
use crate::run::{self, FailedStep, Options, Outcome};
use crate::shell::ShellWord;
use crate::step::{self, scan};
use crate::tools;
use crate::workdir::{Lock, StepEnd, Workdir};
use serde_json::json;
use std::cell::LazyCell;
use std::rc::Rc;
use std::time::Instant;

/// A build that ended, well or not.
pub struct Built {
    /// What was to be made.
    pub generated: Generated,
    /// How Ninja ended.
    pub outcome: Outcome,
    /// What the steps are.
    pub texts: Rc<StepTexts>,
    workdir: Workdir,
    began: Instant,
}

/// Plans where that is needed, and runs Ninja; the steps of the op `mute` are not heard.
///
/// # Errors
/// Whatever is wrong with the request or the machine; a step that failed is told by [`Built::check`].
pub fn build(session: &Session, args: &BuildArgs, who: &str, mute: Option<&str>) -> Result<Built> {
    let first = attempt(session, args, who, mute);
    match &first {
        Ok(built) if built.outcome.success || built.outcome.interrupted => first,
        // Nothing is looked at as long as all goes well.
        _ if mend(session, first.as_ref().ok()) => attempt(session, args, who, mute),
        _ => first,
    }
}

/// Removes what is damaged in the build directory so that a build cannot go on there; whether there was anything.
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

fn attempt(session: &Session, args: &BuildArgs, who: &str, mute: Option<&str>) -> Result<Built> {
    let began = Instant::now();
    let workdir = Workdir::create(&session.places.workdir)?;
    let lock = Lock::take(&workdir, who, output::waiting)?;
    let generated = current(session, &workdir)?;
    store::tell(session, &workdir)?;
    let scanned = scan::force_changed(workdir.path(), &session.facts.env().vars)?;
    let texts = Rc::new(step_texts(&workdir));
    let outcome = if scanned.is_all_of(generated.steps) {
        run::run_nothing(workdir.path())
    } else {
        let how = (volume(args), is_json(args));
        let mut steps = Steps::new(session, &texts, how, mute);
        workdir.tidy();
        store::tidy(session);
        run::run(&options(session, args, &workdir, &texts)?, &lock, &mut steps)?
    };
    if let Some(format) = args.timings {
        timings::tell(session, format, &outcome, &texts)?;
    }
    store::clean_if_over(session);
    Ok(Built { generated, outcome, texts, workdir, began })
}

impl Built {
    /// Says that it went well, or gives the report of the step that did not.
    ///
    /// # Errors
    /// A step failed, or Ninja.
    pub fn check(&self, session: &Session, args: &BuildArgs) -> Result<()> {
        self.summarize(session, args);
        if !self.outcome.success {
            // The design may have got such a port since it was planned: then that is what to say.
            odd_ports::check_again(session, &self.outcome)?;
            return Err(odd_ports::hinted(self.failure(session)));
        }
        if volume(args) > Volume::Quiet {
            say_finished(&self.outcome);
        }
        Ok(())
    }

    /// For programs: the results, and how it went, as the last objects.
    pub fn summarize(&self, session: &Session, args: &BuildArgs) {
        let Outcome { success, ends, .. } = &self.outcome;
        if !is_json(args) {
            return;
        }
        for result in self.generated.results.iter().filter(|_| *success) {
            let path = session.places.for_user(&result.path);
            object("artifact", json!({"state": result.state, "path": path, "directory": result.directory}));
        }
        let milliseconds = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (ran, looked_at) = (self.outcome.ran(), ends.len());
        object(
            "summary",
            json!({
                "success": success, "ran": ran, "from-store": self.outcome.from_store(), "looked-at": looked_at,
                "milliseconds": milliseconds,
            }),
        );
    }

    fn failure(&self, session: &Session) -> Box<Error> {
        let nothing = StepText {
            position: usize::MAX,
            description: String::new(),
            commands: vec![],
            run_in: ".".into(),
        };
        let position = |end: &StepEnd| self.texts.get(&end.step).map_or(usize::MAX, |text| text.position);
        // How Ninja says it: `ninja: error: mkdir(../../a/b): Permission denied`.
        let mut told = self.outcome.said.lines().filter_map(|line| line.split_once(": mkdir("));
        if let Some((dir, why)) = told.find_map(|(_, told)| told.split_once("): ")) {
            let dir = session.shown(&normal(&self.workdir.path().join(dir)));
            return Error::machine(format!("cannot make the directory `{dir}`")).detail("cause", why);
        }
        run::failure(&self.outcome, position, |end| {
            let text = self.texts.get(&end.step).unwrap_or(&nothing);
            let printed = self.printed(session, end);
            let log = end.log.as_ref().map(|log| session.shown(&self.workdir.path().join(log)));
            FailedStep { description: &text.description, commands: copyable(session, text), printed, log }
        })
    }

    /// What a step printed, in the user's paths.
    pub fn printed(&self, session: &Session, end: &StepEnd) -> String {
        let path = end.log.as_ref().map(|log| self.workdir.path().join(log)).unwrap_or_default();
        let printed = excerpt::of_file(&path, 0, excerpt::SEARCHED).unwrap_or_default().0;
        output::in_user_paths(session, self.texts.get(&end.step), &String::from_utf8_lossy(&printed))
    }
}

fn say_finished(outcome: &Outcome) {
    let ran = match outcome.ran() {
        1 => "1 step ran".to_owned(),
        ran => format!("{ran} steps ran"),
    };
    match (outcome.ran(), outcome.from_store()) {
        (0, 0) => note!("Up to date"),
        (_, 0) => note!("Finished: {ran}"),
        (_, taken) => note!("Finished: {ran}, {taken} from the store"),
    }
}

/// How much the user wants to hear.
pub fn volume(args: &BuildArgs) -> Volume {
    match (args.quiet, args.verbose) {
        (true, _) => Volume::Quiet,
        (_, 0) => Volume::Normal,
        _ => Volume::Verbose,
    }
}

/// Whether standard output is for programs.
pub fn is_json(args: &BuildArgs) -> bool {
    args.message_format == MessageFormat::Json
}

/// The generation that holds: the kept one when nothing changed, else a new one.
pub fn current(session: &Session, workdir: &Workdir) -> Result<Generated> {
    let takes_stdin = request::takes_stdin(session)?;
    match fresh(session, workdir).filter(|_| !takes_stdin) {
        Some(generated) => Ok(generated),
        None => generate(session, workdir),
    }
}

fn options(session: &Session, args: &BuildArgs, workdir: &Workdir, texts: &Rc<StepTexts>) -> Result<Options> {
    let texts = Rc::clone(texts);
    let description = |(name, text): (&String, &StepText)| (name.clone(), text.description.clone());
    Ok(Options {
        ninja: ninja(session)?,
        workdir: workdir.path().to_owned(),
        exe: session.facts.env().exe.clone(),
        token: generate::token(workdir).map(|token| token.to_string()).unwrap_or_default(),
        jobs: args.jobs.or(session.settings.jobs),
        keep_going: args.keep_going.or(session.settings.keep_going),
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

/// The commands as they can be pasted where the user stands.
pub fn copyable(session: &Session, step: &StepText) -> String {
    let run_in = normal(&session.places.workdir.join(&step.run_in));
    if run_in == session.places.cwd {
        return step.commands.join("\n");
    }
    let run_in = ShellWord::quote(session.shown(&run_in).as_str());
    // A comment in a command would swallow the bracket.
    let command = |c: &String| format!("(cd {run_in} && {c}{})", if c.contains('#') { "\n" } else { "" });
    step.commands.iter().map(command).collect::<Vec<_>>().join("\n")
}
