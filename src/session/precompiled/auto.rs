//! `precompiled.auto`: keeps a database of each design current after every build.
//! It leaves to `save` how a database is made.

use super::save::{SaveSettings, save};
use crate::database::Database;
use crate::session::databases::{LoadedDatabase, State, compare};
use crate::session::open::Session;
use crate::session::tell::Tell;
use crate::shelf::Renames;
use camino::{Utf8Path, Utf8PathBuf};

/// The place of the database of a session's design; `None` if the design has no database.
pub fn place(session: &Session) -> Option<Utf8PathBuf> {
    let auto = session.settings.precompiled.auto.as_ref()?;
    let is_design = session.design.name.is_some() && !is_excluded(session);
    let name = session.places.workdir.file_name().filter(|_| is_design && !session.options.untrusted)?;
    Some(session.facts.env().cwd.join(auto).join(name))
}

/// Whether the design of a session is excluded: by its own key, its library, or one of its files.
fn is_excluded(session: &Session) -> bool {
    let Some(design) = &session.design.name else { return true };
    let of_design = |key: &str| session.config.get(&format!("design.{design}.{key}"));
    let excludes_itself = of_design("auto-exclude").is_some_and(|found| found.value.as_bool() == Some(true));
    let library = of_design("library").and_then(|found| found.value.as_str().map(str::to_owned));
    let settings = &session.settings.precompiled;
    let matches =
        |path: &Utf8Path| settings.excluded_paths.iter().any(|pattern| fits(pattern, path.as_str()));
    excludes_itself
        || library.is_some_and(|library| settings.excluded_libraries.contains(&library))
        || session.design.sources.iter().any(|source| matches(&session.facts.place(&source.path)))
}

/// Whether a text fits a pattern in which `*` is any text and `?` any character.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut of) = (0, 0);
    // The position of the last `*` in the pattern, and the position in the text where its match ends.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(of) {
            Some('*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(c) if *c == '?' || *c == text[at] => (at, of) = (at + 1, of + 1),
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (at, of) = (taken + 1, place + 1);
            }
        }
    }
    pattern[of..].iter().all(|c| *c == '*')
}

/// Saves the automatic database of the design and the database of `precompiled.save` after a build that changed something.
/// A save that fails gives a warning; the build still succeeds. A build in which databases stand for sources is not saved.
pub fn keep_current(session: &Session, did_something: bool, tell: &mut dyn Tell) {
    if session.options.untrusted || session.databases.loaded.iter().any(LoadedDatabase::stands) {
        return;
    }
    let named = session.settings.precompiled.save.as_ref().map(|path| session.facts.env().cwd.join(path));
    for target in place(session).into_iter().chain(named) {
        if !did_something && is_current(session, &target) {
            continue;
        }
        let settings = SaveSettings { target: target.clone(), name: None, without_headers: false };
        if let Err(error) = save(std::slice::from_ref(session), &settings, tell) {
            let why = error.to_string();
            tell.warns(&format!("database `{target}` is not saved: {}", why.trim_start_matches("error: ")));
        }
    }
}

/// Whether a database exists and all of its sources are unchanged.
fn is_current(session: &Session, target: &Utf8Path) -> bool {
    let Ok(database) = Database::open(target, None) else { return false };
    let compared = compare(&database.manifest, &session.places.root, &Renames::default(), false);
    compared.iter().all(|source| source.state == State::Same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text_and_a_question_mark_any_character() {
        for (pattern, text, expected) in [
            ("*/subdirectory/*", "/p/subdirectory/file1.sv", true),
            ("*/subdirectory/*", "/p/another_subdirectory/file2.sv", false),
            ("/p/a?.sv", "/p/a1.sv", true),
            ("/p/a?.sv", "/p/a.sv", false),
            ("*", "", true),
            ("**b*", "/aab/b/c", true),
            ("*.v", "/a.sv", false),
            ("", "x", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
