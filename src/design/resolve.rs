//! The design of a request: operands, filelists, sections and options, in the given order.
//! It does not know what becomes of the sources.

use super::bounds::Bounds;
use super::described;
use super::edam::is_edam;
use super::list::Reader;
use super::matrix::{self, Choice, Matrix};
use super::section::{self, filelists};
use super::settings::{self, Gathered, SettingSource, directory};
use super::source::Source;
use super::trust;
use super::vocabulary::{Meaning, meaning};
use crate::config::{Config, Origin};
use crate::describe::Describer;
use crate::diag::{Error, Result, did_you_mean};
use crate::facts::Facts;
use crate::options::{OPTIONS, Operand, RequestOptions};
use camino::{Utf8Path, Utf8PathBuf};
use toml::Value;

/// What is built and how.
#[derive(Clone, Debug, Default)]
pub struct Design {
    /// The section that was asked for.
    pub name: Option<String>,
    /// Which of the designs of its matrix, as far as they are different builds.
    pub choice: Choice,
    /// What the files of the plan are called when neither a top nor a design names them: the first operand's stem.
    pub stem: Option<String>,
    /// The sources, in order, each once.
    pub sources: Vec<Source>,
    /// The states to build if the command line names no state.
    pub to: Vec<String>,
    /// Arguments of a simulation.
    pub run_args: Vec<String>,
    /// Where a simulation of a section runs: the directory of the file that has the section, which its arguments mean.
    pub run_dir: Option<Utf8PathBuf>,
    /// Whether packages come before their users.
    pub packages_first: bool,
    /// Keys with their values, to be put into the configuration.
    pub settings: Vec<(&'static str, Value, Origin)>,
    /// What was left out, a line each.
    pub warnings: Vec<String>,
}

impl Design {
    /// Finds out what to build. `root` is the directory of the project.
    ///
    /// # Errors
    /// A file, list or design that does not exist; options that only fudsv decides; with `untrusted`, options that start
    /// programs; what a tool says that describes a design.
    pub fn of(
        typed: &RequestOptions,
        facts: &Facts,
        config: &Config,
        root: &Utf8Path,
        describer: &Describer,
    ) -> Result<Design> {
        let bounds = Design::bounds(typed, facts, config, root)?;
        let mut gathered = Gathered::new(facts, config, describer, bounds);
        let mut design = Design { packages_first: packages_first(config)?, ..Design::default() };
        if let Some(found) = config.get("verilator.filelists") {
            filelists(&mut gathered, "verilator.filelists", &found, &directory(&found, &facts.env().cwd))?;
        }
        for operand in &typed.operands {
            design.take(&mut gathered, operand)?;
        }
        options(&mut gathered, typed);
        compiler_flags(&mut gathered)?;
        if design.stem.is_none() {
            design.stem = gathered.sources.first().and_then(|source| stem(&source.path));
        }
        design.run_args.splice(0..0, std::mem::take(&mut gathered.run_args));
        design.pass_run_args(&mut gathered)?;
        design.settings = gathered.settings()?;
        design.warnings = std::mem::take(&mut gathered.warnings);
        design.sources = gathered.sources;
        decided(config, &design.settings)?;
        Ok(design)
    }

    /// Where the paths of a project that is not trusted may lead. Its settings are looked at, whatever is built.
    ///
    /// # Errors
    /// What such a project may not say.
    pub fn bounds(
        typed: &RequestOptions,
        facts: &Facts,
        config: &Config,
        root: &Utf8Path,
    ) -> Result<Option<Bounds>> {
        let Some(bounds) = typed.untrusted.then(|| Bounds::of(root)) else { return Ok(None) };
        trust::settings(facts, config, root, &bounds)?;
        typed_paths(typed).try_for_each(|path| bounds.check_typed(&facts.env().cwd.join(path)))?;
        Ok(Some(bounds))
    }

    /// Gives the arguments of its simulation to the steps that run one. A matrix that makes no other build chooses among
    /// arguments: then a step takes the first values.
    fn pass_run_args(&self, gathered: &mut Gathered) -> Result<()> {
        let matrix = self.name.as_ref().map(|name| Matrix::of(gathered.config, name)).transpose()?;
        let first = matrix.and_then(|matrix| matrix.choices().into_iter().next()).unwrap_or_default();
        let at = SettingSource::named("`run-args` of the design");
        self.run_args.iter().for_each(|word| gathered.add("run.args", first.fill(word), &at));
        Ok(())
    }

    /// One operand.
    fn take(&mut self, gathered: &mut Gathered, operand: &Operand) -> Result<()> {
        let cwd = gathered.facts.env().cwd.clone();
        match operand {
            Operand::List { path, own_paths } => {
                let at = SettingSource::typed(format!("`-{} {path}`", if *own_paths { "F" } else { "f" }));
                Reader::new(gathered, &cwd).read(Utf8Path::new(path), *own_paths, &at)?;
                self.stem = self.stem.take().or_else(|| stem(path));
            }
            Operand::Word(word) => match (word.starts_with('+'), meaning(word)) {
                (true, Meaning::IncludeDirs(dirs)) => {
                    let at = SettingSource::typed("`+incdir+`");
                    dirs.iter().for_each(|dir| gathered.add("verilator.include-dirs", *dir, &at));
                }
                (true, Meaning::Defines(list)) => {
                    let at = SettingSource::typed("`+define+`");
                    list.iter().for_each(|text| gathered.add("verilator.defines", *text, &at));
                }
                (true, Meaning::LibraryExtensions(list)) => {
                    let at = SettingSource::typed("`+libext+`");
                    list.iter().for_each(|text| gathered.add("verilator.library-extensions", *text, &at));
                }
                _ if is_edam(word) => {
                    let at = SettingSource::typed(format!("`{word}`"));
                    Reader::new(gathered, &cwd).read(Utf8Path::new(word), true, &at)?;
                    self.stem = self.stem.take().or_else(|| stem(word.split(".eda.").next().unwrap_or(word)));
                }
                _ if described::is_description(word) && gathered.facts.exists(&cwd.join(word)) => {
                    self.stem = self.stem.take().or_else(|| described::name(&cwd, word));
                    described::operand(gathered, word)?;
                }
                _ => self.file_or_design(gathered, word, &cwd)?,
            },
        }
        Ok(())
    }

    /// A file, else a design of this name, which may also be the name of a directory. The caller resolves other words as files.
    fn file_or_design(&mut self, gathered: &mut Gathered, word: &str, cwd: &Utf8Path) -> Result<()> {
        let designs = section::names(gathered.config);
        // A directory is nothing to build: a design may have its name.
        let is_hidden = designs.contains(&word) && gathered.facts.is_dir(&cwd.join(word));
        let is_there = word == "-" || !is_hidden && gathered.facts.exists(&cwd.join(word));
        let (design, choice) = matrix::split(word).filter(|(design, _)| designs.contains(design)).unzip();
        if !is_there && (designs.contains(&word) || design.is_some()) {
            let word = design.unwrap_or(word);
            if let Some(other) = &self.name {
                let message = format!("`{other}` and `{word}` are two designs");
                return Err(Error::request(message).hint("build one after the other"));
            }
            let choice = choice.map(|choice| Matrix::of(gathered.config, word)?.parse(word, choice));
            let section = section::read(gathered, word, &choice.transpose()?.unwrap_or_default())?;
            (self.choice, self.to, self.run_args) = (section.choice, section.to, section.run_args);
            let keys = ["run-args", "cocotb", "sources", "filelists", "fusesoc", "fusesoc.core"]
                .map(|key| format!("design.{word}.{key}"));
            let named = keys.iter().find_map(|key| gathered.config.get(key));
            self.run_dir = named.map(|found| directory(&found, cwd));
            self.name = Some(word.to_owned());
            return Ok(());
        }
        if !is_there && !word.contains(['/', '.']) {
            let known = designs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let hint = match designs.is_empty() {
                true => "a section `[design.NAME]` of fud.toml makes NAME a design".to_owned(),
                false => format!("the designs of this project: {known}"),
            };
            let plusarg = "put arguments of a simulation after `--`: `fudsv run … -- ";
            return Err(Error::request(format!("no file and no design is called `{word}`"))
                .hint(if word.starts_with('+') { format!("{plusarg}{word}`") } else { hint })
                .maybe_hint(did_you_mean(word, designs)));
        }
        if word.is_empty() {
            return Err(Error::request("a file name is empty"));
        }
        self.stem = self.stem.take().or_else(|| stem(word));
        gathered.source(Source {
            path: word.to_owned(),
            is_listed: false,
            is_operand: true,
            is_matched: false,
        });
        Ok(())
    }
}

fn stem(path: &str) -> Option<String> {
    let stem = Utf8Path::new(path).file_stem().map(|stem| stem.trim_matches('-').to_owned());
    stem.filter(|stem| !stem.is_empty())
}

/// Every path that was typed, and every word that may be one.
fn typed_paths(typed: &RequestOptions) -> impl Iterator<Item = String> {
    let operands = typed.operands.iter().map(|operand| match operand {
        Operand::Word(word) => word.clone(),
        Operand::List { path, .. } => path.clone(),
    });
    let are_paths = |key: &str| key.ends_with("-dirs") || key.ends_with("-files");
    let options = OPTIONS.iter().filter(move |option| option.adds_to.is_some_and(are_paths));
    operands.chain(options.flat_map(|option| (option.get)(typed)))
}

/// The options of the command line; they come after what files say.
fn options(gathered: &mut Gathered, typed: &RequestOptions) {
    for (option, key) in OPTIONS.iter().filter_map(|option| Some((option, option.adds_to?))) {
        let at = SettingSource::typed(format!("`{}`", option.typed()));
        for value in (option.get)(typed) {
            let words = option.adds_words.iter().map(|word| word.replace("{}", &value));
            words.for_each(|word| gathered.add(key, word, &at));
        }
    }
    if let Some(top) = &typed.top {
        gathered.name_top(top, &SettingSource::typed("`--top`"));
    }
}

/// `-CFLAGS` and `-LDFLAGS` of `verilator.args`: Verilator only hands them on to a makefile.
fn compiler_flags(gathered: &mut Gathered) -> Result<()> {
    let key = "verilator.args";
    let config = gathered.config;
    let Some(found) = config.get(key) else { return Ok(()) };
    let at = SettingSource::named(format!("`{key}` ({})", found.origin));
    let words = settings::words(key, &found)?;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match meaning(word) {
            Meaning::Takes(option @ ("CFLAGS" | "LDFLAGS")) => {
                let text = words.next().map_or("", String::as_str);
                let flags = shlex::split(text)
                    .ok_or_else(|| at.blame(Error::request(format!("`{text}` has an open quote"))))?;
                gathered.compiler_flags(option == "CFLAGS", &flags, &at);
            }
            Meaning::Own(true) | Meaning::Starts(true) | Meaning::Decided(_, true) | Meaning::Takes(_) => {
                words.next();
            }
            _ => {}
        }
    }
    Ok(())
}

fn packages_first(config: &Config) -> Result<bool> {
    let Some(found) = config.get("verilator.order") else { return Ok(true) };
    match found.value.as_str() {
        Some("given") => Ok(false),
        Some("packages-first") => Ok(true),
        _ => Err(Error::request(format!("`verilator.order` is {}", found.value))
            .detail("set by", found.origin.to_string())
            .hint("it is \"packages-first\" or \"given\"")),
    }
}

/// What would move the outputs of Verilator or make it do something else is refused in `verilator.args`.
fn decided(config: &Config, settings: &[(&'static str, Value, Origin)]) -> Result<()> {
    let key = "verilator.args";
    let added = settings.iter().find(|(set, ..)| *set == key);
    let words = match (added, config.get(key)) {
        (Some((_, value, origin)), _) => settings::words(key, &crate::config::Found { value, origin })?,
        (None, Some(found)) => settings::words(key, &found)?,
        (None, None) => return Ok(()),
    };
    let origin = added.map(|(.., origin)| origin).or(config.get(key).map(|found| found.origin));
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let instead = match meaning(word) {
            Meaning::Decided(instead, _) => instead,
            Meaning::Takes("top") => "`verilator.top` or `--top` names the top module",
            Meaning::Own(true) | Meaning::Starts(true) | Meaning::Takes(_) => {
                words.next();
                continue;
            }
            _ => continue,
        };
        return Err(Error::request(format!("`{word}` is not for `{key}`"))
            .detail("set by", origin.map(ToString::to_string).unwrap_or_default())
            .hint(instead));
    }
    Ok(())
}
