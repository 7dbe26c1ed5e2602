//! Filelists by Verilator's rules, read here so that each file, list and variable is known before Verilator runs.
//! It does not know who named the list.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::allowed;
use super::edam;
use super::settings::{Gathered, SettingSource};
use super::source::Source;
use super::text::{Word, words};
use super::variables::substitute;
use super::vocabulary::{Meaning, meaning};
use crate::diag::{Error, Place, Result};
use camino::{Utf8Path, Utf8PathBuf};

/// Reads filelists and those that they name.
pub struct Reader<'g, 'a> {
    gathered: &'g mut Gathered<'a>,
    /// What the paths in a list of `-f` are relative to.
    base: Utf8PathBuf,
    /// The lists that are being read, each named by the one before.
    open: Vec<(Utf8PathBuf, String)>,
    /// How many lists were read so far.
    count: usize,
}

/// Lists name each other no deeper: each takes some of the stack.
const DEEPEST: usize = 200;

/// The most lists read for one given list: a few that name each other twice would be read forever.
const MOST: usize = 20_000;

/// One list while it is read.
struct Open<'t> {
    shown: String,
    /// Its lines, split once: each word is shown in its own.
    lines: Vec<&'t str>,
    /// What its paths are relative to.
    base: Utf8PathBuf,
    /// Whether that was written absolute, so that its paths stay absolute.
    is_absolute: bool,
}

impl Open<'_> {
    /// A path of the list as the user would type it.
    fn shown(&self, gathered: &Gathered, text: &str) -> String {
        match self.is_absolute {
            true => gathered.facts.place(self.base.join(text)).into_string(),
            false => gathered.shown(&self.base, text),
        }
    }

    fn at(&self, word: &Word) -> SettingSource {
        let source =
            word.line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or_default();
        let column = source.split_once(&word.text).map_or(0, |(before, _)| before.chars().count() + 1);
        let width = if column > 0 { word.text.chars().count() } else { 1 };
        let source = Some(source.to_owned());
        let place = Place { file: self.shown.clone(), line: word.line, column, source, width };
        SettingSource { shown: format!("{}:{}", self.shown, word.line), place: Some(place), is_typed: false }
    }
}

impl<'g, 'a> Reader<'g, 'a> {
    /// Reads into `gathered`; `base` is where Verilator would be started.
    pub fn new(gathered: &'g mut Gathered<'a>, base: &Utf8Path) -> Reader<'g, 'a> {
        Reader { gathered, base: base.to_owned(), open: vec![], count: 0 }
    }

    /// Reads a list: with `own_paths`, as `-F` does, its paths are relative to itself, else to the current directory.
    ///
    /// # Errors
    /// A list or a file that does not exist, with the line that names it; lists in a circle; a comment that is never closed;
    /// words that an untrusted list may not use.
    pub fn read(&mut self, path: &Utf8Path, own_paths: bool, at: &SettingSource) -> Result<()> {
        let shown = self.gathered.shown(&self.gathered.facts.env().cwd, path.as_str());
        let file = self.gathered.facts.place(path);
        if let Some(start) = self.open.iter().position(|(open, _)| *open == file) {
            let circle: Vec<&str> = self.open.iter().skip(start).map(|(_, shown)| shown.as_str()).collect();
            let error = Error::request(format!("the filelist `{shown}` names itself"));
            return Err(at.blame(error.detail("circle", format!("{} → {shown}", circle.join(" → ")))));
        }
        self.count += 1;
        if self.open.len() >= DEEPEST || self.count > MOST {
            let message = match self.count > MOST {
                true => format!("more than {MOST} filelists are named"),
                false => format!("filelists name each other more than {DEEPEST} deep"),
            };
            return Err(at.blame(Error::request(message)));
        }
        match &mut self.gathered.bounds {
            // A list that the user names may name files beside it.
            Some(bounds) if at.is_typed => bounds.widen(file.parent().unwrap_or(&file)),
            Some(bounds) => bounds.check(&file).map_err(|e| at.blame(e))?,
            None => {}
        }
        if self.gathered.facts.is_dir(&file) {
            return Err(at.blame(Error::request(format!("the filelist `{shown}` is a directory"))));
        }
        let text = self.gathered.facts.read_text(&file).map_err(|e| at.blame(e))?;
        let text = text.ok_or_else(|| at.blame(Error::request(format!("no filelist `{shown}`"))))?;
        // Editors of other systems put a mark there.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        // A description of another tool names its files as seen from itself.
        let own_paths = own_paths || edam::is_edam(&shown);
        let base = if own_paths { file.parent().unwrap_or(&self.base) } else { &self.base }.to_owned();
        let open = Open {
            shown: shown.clone(),
            lines: text.lines().collect(),
            base,
            is_absolute: own_paths && path.is_absolute(),
        };
        let found = self.words(&shown, text)?;
        self.open.push((file, shown));
        let mut found = found.into_iter();
        let mut before: Option<Word> = None;
        while let Some(word) = found.next() {
            self.word(&open, &word, before.as_ref(), &mut found)?;
            before = Some(word);
        }
        self.open.pop();
        Ok(())
    }

    /// The words of a list; those of a description of another tool are what it says.
    fn words(&mut self, shown: &str, text: &str) -> Result<Vec<Word>> {
        if edam::is_edam(shown) {
            let described = edam::read(shown, text)?;
            self.gathered.warnings.extend(described.notes);
            self.gathered.run_args.extend(described.run_args);
            return Ok(described.words);
        }
        words(text).map_err(|line| {
            Error::request("this comment is never closed")
                .at(Place::in_text(shown.to_owned(), text, line, 0))
                .hint("in a filelist `/*` begins a comment, also in `rtl/*.sv`: filelists have no patterns")
        })
    }

    /// One word, and the value that it takes from those that follow.
    fn word(
        &mut self,
        open: &Open,
        word: &Word,
        before: Option<&Word>,
        rest: &mut impl Iterator<Item = Word>,
    ) -> Result<()> {
        let at = open.at(word);
        match meaning(&word.text) {
            Meaning::File => self.file(open, word, before, &at)?,
            Meaning::IncludeDirs(dirs) => {
                dirs.iter().try_for_each(|dir| self.include_dir(open, dir, &at))?;
            }
            Meaning::Defines(list) => self.add_all("verilator.defines", &list, &at),
            Meaning::Parameter(text) => self.gathered.add("verilator.parameters", text, &at),
            Meaning::LibraryExtensions(list) => self.add_all("verilator.library-extensions", &list, &at),
            Meaning::Takes(option) => {
                let value = value(word, rest, &at)?;
                self.option(open, option, &value, &at)?;
            }
            Meaning::Starts(_) if self.gathered.bounds.is_some() => {
                return Err(at.blame(allowed::starts(&word.text)));
            }
            Meaning::Own(has_value) | Meaning::Starts(has_value) => {
                self.gathered.add("verilator.args", &word.text, &at);
                if has_value {
                    let value = value(word, rest, &at)?;
                    if let Some(bounds) = &self.gathered.bounds {
                        allowed::value(&word.text, &value.text, bounds).map_err(|e| at.blame(e))?;
                    }
                    self.gathered.add("verilator.args", value.text, &at);
                }
            }
            Meaning::Decided(instead, has_value) => {
                if has_value {
                    value(word, rest, &at)?;
                }
                self.gathered.warnings.push(format!("{}: `{}` is ignored: {instead}", at.shown, word.text));
            }
            Meaning::Foreign => {
                let why = "Verilator has no such option";
                self.gathered.warnings.push(format!("{}: `{}` is ignored: {why}", at.shown, word.text));
            }
        }
        Ok(())
    }

    fn add_all(&mut self, key: &'static str, values: &[&str], at: &SettingSource) {
        values.iter().for_each(|value| self.gathered.add(key, *value, at));
    }

    /// A missing directory is skipped, as Verilator does; its appearance is a change.
    fn include_dir(&mut self, open: &Open, dir: &str, at: &SettingSource) -> Result<()> {
        let found = substitute(dir, self.gathered.facts);
        let shown = open.shown(self.gathered, &found.text);
        self.gathered.check(&open.base.join(&found.text)).map_err(|e| at.blame(e))?;
        if self.gathered.facts.is_dir(&open.base.join(&found.text)) {
            self.gathered.add("verilator.include-dirs", shown, at);
        }
        Ok(())
    }

    /// An option with its value.
    fn option(&mut self, open: &Open, option: &str, value: &Word, at: &SettingSource) -> Result<()> {
        let text = &value.text;
        match option {
            "f" | "F" => {
                let path = self.existing(open, text, at)?;
                self.read(Utf8Path::new(&path), option == "F", at)?;
            }
            "y" => {
                let dir = substitute(text, self.gathered.facts).text;
                let shown = open.shown(self.gathered, &dir);
                self.gathered.check(&open.base.join(&dir)).map_err(|e| at.blame(e))?;
                if self.gathered.facts.is_dir(&open.base.join(&dir)) {
                    self.gathered.add("verilator.library-dirs", shown, at);
                }
            }
            "v" => {
                let path = self.existing(open, text, at)?;
                self.gathered.add("verilator.library-files", path, at);
            }
            "FI" => {
                let path = self.existing(open, text, at)?;
                self.gathered.add("verilator.args", "-FI", at);
                self.gathered.add("verilator.args", path, at);
            }
            "top" => {
                if self.gathered.bounds.is_some() {
                    allowed::name(text).map_err(|e| at.blame(e))?;
                }
                self.gathered.name_top(text, at);
            }
            flags => {
                let words = shlex::split(text)
                    .ok_or_else(|| at.blame(Error::request(format!("`{text}` has an open quote"))))?;
                if let Some(bounds) = &self.gathered.bounds {
                    allowed::flags(&words, bounds).map_err(|e| at.blame(e))?;
                }
                self.gathered.compiler_flags(flags == "CFLAGS", &words, at);
            }
        }
        Ok(())
    }

    /// A source.
    fn file(&mut self, open: &Open, word: &Word, before: Option<&Word>, at: &SettingSource) -> Result<()> {
        let path = self.existing(open, &word.text, at).map_err(|error| match before {
            Some(before) if ["-I", "-D", "-G"].contains(&before.text.as_str()) => error.hint(format!(
                "Verilator reads `{0}` and its value as one word: `{0}{1}`",
                before.text, word.text
            )),
            Some(before) if meaning(&before.text) == Meaning::Foreign => error.hint(format!(
                "it follows `{}`, which Verilator does not know: is it a value of that option?",
                before.text
            )),
            _ => error,
        })?;
        self.gathered.source(Source { path, is_listed: true, is_operand: false, is_matched: false });
        Ok(())
    }

    /// The path that a list names, as the user would type it.
    fn existing(&self, open: &Open, text: &str, at: &SettingSource) -> Result<String> {
        let found = substitute(text, self.gathered.facts);
        let path = open.base.join(&found.text);
        let shown = open.shown(self.gathered, &found.text);
        self.gathered.check(&path).map_err(|e| at.blame(e))?;
        if !self.gathered.facts.exists(&path) {
            let hint =
                found.unset.first().map(|name| format!("the environment variable `{name}` is not set"));
            return Err(at.blame(Error::request(format!("no file `{shown}`")).maybe_hint(hint)));
        }
        if self.gathered.facts.is_dir(&path) {
            return Err(at.blame(
                Error::request(format!("`{shown}` is a directory"))
                    .hint("`+incdir+DIR` looks for included files there, `-y DIR` for modules"),
            ));
        }
        Ok(shown)
    }
}

/// The word after an option.
fn value(option: &Word, rest: &mut impl Iterator<Item = Word>, at: &SettingSource) -> Result<Word> {
    rest.next().ok_or_else(|| {
        at.blame(Error::request(format!("`{}` is the last word and needs a value", option.text)))
    })
}
