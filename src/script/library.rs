//! The scripts of one load: the place of each on the search path, its text, and the script that a name finds.
//! It does not know the language; it hands out text and turns positions into places.

use super::builtin::Builtin;
use super::search_path::{Source, names_in};
use crate::diag::{Error, Place, Result, did_you_mean};
use crate::facts::Facts;
use crate::graph::Origin;
use crate::paths::{Places, relative};
use camino::{Utf8Path, Utf8PathBuf};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What the file part of a built-in script's place starts with.
const BUILTIN: &str = "<built-in>/";

/// One script.
#[derive(Debug)]
pub struct Script {
    /// The file, as the user would name it; unique among the scripts of a load.
    pub shown: String,
    /// Its name, without directory and `.rhai`.
    pub name: String,
    /// Position of its source on the search path.
    pub rank: u32,
    /// Its file; `None` for a built-in script.
    pub file: Option<Utf8PathBuf>,
    /// Its text.
    pub text: String,
    /// Where each line starts, in bytes; found when it is first asked for.
    starts: OnceCell<Vec<usize>>,
}

impl Script {
    /// Whether it is part of the program.
    pub fn is_builtin(&self) -> bool {
        self.file.is_none()
    }

    /// Where a declaration of it stands.
    pub fn origin(&self, place: Place) -> Origin {
        Origin { rank: self.rank, script: self.name.clone(), builtin: self.is_builtin(), place }
    }

    /// The text of a line, counted from 1.
    pub fn line(&self, number: usize) -> Option<&str> {
        let starts = self.starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(breaks).collect()
        });
        let start = *starts.get(number.checked_sub(1)?)?;
        let end = starts.get(number).map_or(self.text.len(), |next| next - 1);
        Some(self.text.get(start..end)?.trim_end_matches('\r'))
    }

    /// The first sentence of the `///` lines that stand right above a line.
    pub fn doc_above(&self, line: usize) -> Option<String> {
        let above = (1..line).rev().map_while(|number| self.line(number)?.trim_start().strip_prefix("///"));
        let mut doc: Vec<&str> = above.map(|text| text.trim_start_matches('/').trim()).collect();
        doc.reverse();
        let mut words = vec![];
        for text in doc.into_iter().take_while(|text| !text.is_empty()) {
            words.push(text.trim_end_matches('.'));
            if text.ends_with('.') {
                break;
            }
        }
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// The directory of its file.
    pub fn directory(&self) -> Option<&Utf8Path> {
        self.file.as_deref().and_then(Utf8Path::parent)
    }
}

/// All scripts that were opened, and where others may be found.
#[derive(Debug)]
pub struct Library {
    sources: Vec<Source>,
    builtin: Builtin,
    facts: Rc<Facts>,
    places: Places,
    open: RefCell<BTreeMap<String, Rc<Script>>>,
}

impl Library {
    /// A library without any script opened.
    pub fn new(sources: Vec<Source>, builtin: Builtin, facts: Rc<Facts>, places: Places) -> Library {
        Library { sources, builtin, facts, places, open: RefCell::default() }
    }

    /// The built-in set.
    pub fn builtin(&self) -> &Builtin {
        &self.builtin
    }

    /// Where scripts are searched for, nearest first.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Where the user stands, and where Ninja runs.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Whether the user has scripts that are loaded whatever is asked.
    pub fn has_own(&self) -> bool {
        self.sources.iter().any(|source| match source {
            Source::File(_) | Source::Project(_) => true,
            Source::Loaded(dir) => !names_in(dir, &self.facts).is_empty(),
            Source::Searched(_) | Source::Builtin => false,
        })
    }

    /// The built-in scripts, if they are loaded.
    pub fn builtin_roots(&self) -> Vec<Rc<Script>> {
        let are_loaded = self.sources.contains(&Source::Builtin);
        let names = self.builtin.script_names().filter(|_| are_loaded);
        names.filter_map(|name| self.open_builtin(name)).collect()
    }

    /// The user's scripts that are loaded whatever is asked, nearest first.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn own_roots(&self) -> Result<Vec<Rc<Script>>> {
        let mut roots = vec![];
        for source in &self.sources {
            match source {
                Source::File(file) | Source::Project(file) => {
                    roots.push(self.open_file(file)?.ok_or_else(|| gone(file))?)
                }
                Source::Loaded(dir) => {
                    for name in names_in(dir, &self.facts) {
                        roots.extend(self.open_file(&dir.join(format!("{name}.rhai")))?);
                    }
                }
                Source::Searched(_) | Source::Builtin => {}
            }
        }
        Ok(roots)
    }

    /// The script that `import "name"` means in `from`: a sibling, else the first on the search path.
    ///
    /// # Errors
    /// No script has this name (the error offers the nearest), or it cannot be read.
    pub fn imported(&self, name: &str, from: Option<&Script>) -> Result<Rc<Script>> {
        let name = name.strip_suffix(".rhai").unwrap_or(name);
        let file_name = format!("{name}.rhai");
        if from.is_some_and(Script::is_builtin) {
            return self.open_builtin(name).ok_or_else(|| self.unknown(name, from));
        }
        if let Some(dir) = from.and_then(Script::directory)
            && let Some(script) = self.open_file(&dir.join(&file_name))?
        {
            return Ok(script);
        }
        for source in &self.sources {
            let found = match source {
                Source::File(file) | Source::Project(file) if file.file_stem() == Some(name) => {
                    self.open_file(file)?
                }
                Source::File(_) | Source::Project(_) => None,
                Source::Loaded(dir) | Source::Searched(dir) => self.open_file(&dir.join(&file_name))?,
                Source::Builtin => self.open_builtin(name),
            };
            if let Some(script) = found {
                return Ok(script);
            }
        }
        Err(self.unknown(name, from))
    }

    /// The script whose place says `shown`.
    pub fn script(&self, shown: &str) -> Option<Rc<Script>> {
        self.open.borrow().get(shown).cloned()
    }

    /// A place in a script that was opened.
    pub fn place(&self, shown: &str, line: usize, column: usize) -> Place {
        let script = self.script(shown);
        let source = script.as_ref().and_then(|script| script.line(line));
        let mut place = Place::in_text(shown, source.unwrap_or_default(), 1, column);
        place.line = line;
        place.source = source.map(str::to_owned);
        place.width = source.and_then(|source| literal(source, column)).unwrap_or(place.width);
        place
    }

    fn open_builtin(&self, name: &str) -> Option<Rc<Script>> {
        let shown = format!("{BUILTIN}{name}.rhai");
        if let Some(script) = self.script(&shown) {
            return Some(script);
        }
        let text = self.builtin.script(name)?.to_owned();
        let rank = self.rank(|source| *source == Source::Builtin);
        Some(self.keep(Script {
            shown,
            name: name.to_owned(),
            rank,
            file: None,
            text,
            starts: OnceCell::new(),
        }))
    }

    /// The script of a file; `None` if the file does not exist.
    fn open_file(&self, file: &Utf8Path) -> Result<Option<Rc<Script>>> {
        let file = self.facts.in_real_directory(file);
        let shown = self.shown(&file);
        if let Some(script) = self.script(&shown) {
            return Ok(Some(script));
        }
        let Some(text) = self.facts.read_text(&file)? else { return Ok(None) };
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text); // a mark that some editors write
        let holds = |source: &Source| match source {
            Source::File(other) | Source::Project(other) => *other == file || other.parent() == file.parent(),
            Source::Loaded(dir) | Source::Searched(dir) => {
                file.file_name().is_some_and(|name| self.facts.in_real_directory(dir.join(name)) == file)
            }
            Source::Builtin => false,
        };
        let name = file.file_stem().unwrap_or_default().to_owned();
        let rank = self.rank(holds);
        Ok(Some(self.keep(Script { shown, name, rank, file: Some(file), text, starts: OnceCell::new() })))
    }

    fn keep(&self, script: Script) -> Rc<Script> {
        let script = Rc::new(script);
        self.open.borrow_mut().insert(script.shown.clone(), script.clone());
        script
    }

    fn rank(&self, holds: impl Fn(&Source) -> bool) -> u32 {
        let found = self.sources.iter().position(holds).unwrap_or(self.sources.len());
        u32::try_from(found).unwrap_or(u32::MAX)
    }

    /// The file as the user would name it.
    fn shown(&self, file: &Utf8Path) -> String {
        let near = file.starts_with(&self.places.cwd) || file.starts_with(&self.places.root);
        if near { relative(&self.places.cwd, file).into() } else { file.to_string() }
    }

    fn unknown(&self, name: &str, from: Option<&Script>) -> Box<Error> {
        let mut known: Vec<String> = self.builtin.script_names().map(str::to_owned).collect();
        if !from.is_some_and(Script::is_builtin) {
            let dirs =
                self.sources.iter().filter_map(Source::directory).chain(from.and_then(Script::directory));
            known.extend(dirs.flat_map(|dir| names_in(dir, &self.facts)));
        }
        Error::request(format!("there is no script `{name}` to import"))
            .hint("an import finds scripts beside the importing one, then on the plugin search path")
            .maybe_hint(did_you_mean(name, known.iter().map(String::as_str)))
    }
}

/// How many characters the string literal has that starts in this column.
fn literal(line: &str, column: usize) -> Option<usize> {
    let mut rest = line.chars().skip(column.checked_sub(1)?);
    let quote = rest.next().filter(|c| matches!(c, '"' | '`'))?;
    rest.position(|c| c == quote).map(|inner| inner + 2)
}

fn gone(file: &Utf8Path) -> Box<Error> {
    Error::request(format!("there is no plugin `{file}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Script {
        let starts = OnceCell::new();
        Script { shown: "a".into(), name: "a".into(), rank: 0, file: None, text: text.into(), starts }
    }

    #[test]
    fn the_first_sentence_above_a_declaration_is_its_description() {
        let text = "// no\n/// Lints with\n/// Verilator. And more\n/// of it.\ndefop";
        assert_eq!(script(text).doc_above(5).as_deref(), Some("Lints with Verilator. And more of it"));
        assert_eq!(script("/// One.\n/// Two.\nx").doc_above(3).as_deref(), Some("One"));
        assert_eq!(script("// no\nx").doc_above(2), None);
    }

    #[test]
    fn lines_are_counted_from_one() {
        let script = script("a\r\nb\n");
        assert_eq!([0, 1, 2, 3, 4].map(|n| script.line(n)), [None, Some("a"), Some("b"), Some(""), None]);
    }
}
