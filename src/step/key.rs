//! What the result of a step depends on, the key over it, and the difference between two of them.
//! It does not know the runner's own files, or the contents of outputs.

use crate::digest::{Digest, KeyHasher};
use crate::parts::{self, Change, Part};
use crate::step::args::Step;
use crate::step::arguments;
use crate::step::cause::{Cause, Subject};
use crate::step::environment;
use crate::step::look::{Seen, Site};
use crate::step::names;
use crate::step::shadow;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs;

/// Everything that the result of a step depends on. Values of variables are kept only as digests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The commands, with the real names of the outputs.
    pub commands: Vec<String>,
    /// Where they run.
    pub cwd: Utf8PathBuf,
    /// The declared outputs; directories end in a slash.
    pub outputs: Vec<String>,
    /// The dependency files that the tools write. Another one would find other files.
    pub depfile: Option<String>,
    /// The files that the step declares to read, without directories that are only searched: see `shadow`.
    pub inputs: Vec<Seen>,
    /// Files that the inputs imply: everything in a directory, files that their makers added elsewhere, and files that the
    /// words of the commands name (see `arguments`).
    #[serde(default)]
    pub named: Vec<Seen>,
    /// The files that the tool reports as read.
    pub found: Vec<Seen>,
    /// Variables that the step declares to read or that its tools read by themselves; `None` if not set.
    pub reads: BTreeMap<String, Option<Digest>>,
    /// Variables that the step sets.
    pub sets: BTreeMap<String, Digest>,
    /// The processor, if code is made for the present one.
    #[serde(default)]
    pub processor: Option<Digest>,
    /// The versions of the tools among the inputs: for people, not part of the key.
    #[serde(default)]
    pub versions: BTreeMap<Utf8PathBuf, String>,
}

impl Basis {
    /// Looks at everything that the step depends on. `before` is the last look: it names the files that were found and
    /// saves reading files again.
    pub fn look(
        step: &Step,
        before: Option<&Basis>,
        variables: &BTreeMap<String, String>,
        site: &Site,
    ) -> Basis {
        let known: HashMap<&Utf8Path, &Seen> =
            before.iter().flat_map(|b| b.seen()).map(|seen| (seen.path.as_path(), seen)).collect();
        let known_as = |path: &Utf8Path| known.get(path).copied();
        let searched = shadow::searched_inputs(step, &site.workdir);
        let named = arguments::files(step, &site.workdir, variables);
        let has_added = site.workdir.join(names::ADDED).is_dir();
        let declared = step.inputs.iter().filter(|path| !searched.contains(path.as_path()));
        let (mut inputs, mut more): (Vec<Seen>, Vec<Seen>) = (vec![], vec![]);
        for path in declared {
            inputs.push(site.input(path, known_as(path)));
            more.extend(site.inside(path, known_as));
            let added = names::added_by_maker(path).filter(|_| has_added);
            let added = added.map(|list| site.input(&list, known_as(&list)));
            more.extend(added.filter(Seen::is_there));
        }
        more.extend(named.iter().map(|path| site.input(path, known_as(path))));
        let found = before.iter().flat_map(|b| &b.found).filter(|seen| !named.contains(&seen.path));
        let found = found.map(|seen| site.input(&seen.path, Some(seen))).collect();
        let tools = inputs.iter().filter(|seen| seen.path.starts_with(names::TOOLS)).filter_map(|seen| {
            let same =
                before.filter(|_| known.get(seen.path.as_path()).is_some_and(|k| k.digest == seen.digest));
            let version =
                same.map_or_else(|| site.version(&seen.path), |b| b.versions.get(&seen.path).cloned());
            Some((seen.path.clone(), version?))
        });
        Basis {
            commands: step.commands.clone(),
            cwd: step.cwd.clone(),
            outputs: step
                .outputs
                .iter()
                .map(|o| format!("{}{}", o.path, if o.directory { "/" } else { "" }))
                .collect(),
            depfile: step.depfiles_as(|path| path.to_string()),
            versions: tools.collect(),
            found,
            inputs,
            named: more,
            reads: reads(step).map(|name| (name.to_owned(), value(variables, name))).collect(),
            processor: is_native(step).then(processor).flatten(),
            sets: step
                .sets
                .iter()
                .map(|(name, value)| (name.clone(), Digest::of_bytes(value.as_bytes())))
                .collect(),
        }
    }

    /// All files that the step reads.
    pub fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.inputs.iter().chain(&self.named).chain(&self.found)
    }

    /// The files that the step reads but that the Ninja file does not name.
    pub fn not_stated(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.named.iter().chain(&self.found).map(|seen| &seen.path)
    }

    /// The key. It is equal if nothing that matters differs.
    pub fn key(&self) -> Digest {
        parts::key(&self.parts())
    }

    /// All differences from an older basis; empty exactly if the keys are equal.
    pub fn differences(&self, old: &Basis) -> Vec<Cause> {
        let changes = parts::differences(&self.parts(), &old.parts());
        changes.into_iter().map(|change| self.cause(old, change)).collect()
    }

    /// A difference, with the values that people may see.
    fn cause(&self, old: &Basis, change: Change) -> Cause {
        let cause = Cause::of(&change);
        let (before, after) = match cause.what {
            Subject::Command => (Some(old.commands.join("\n")), Some(self.commands.join("\n"))),
            Subject::WorkingDirectory => (Some(old.cwd.to_string()), Some(self.cwd.to_string())),
            Subject::Outputs => (Some(old.outputs.join(" ")), Some(self.outputs.join(" "))),
            Subject::Tool => {
                let path = Utf8Path::new(names::TOOLS).join(&cause.name);
                (old.versions.get(&path).cloned(), self.versions.get(&path).cloned())
            }
            Subject::Input => (change.before.map(|d| d.to_string()), change.after.map(|d| d.to_string())),
            // Values of variables may be secret.
            _ => (None, None),
        };
        Cause { before, after, ..cause }
    }

    fn parts(&self) -> Vec<Part<'static>> {
        let mut parts = self.declared(&LocalNames(self));
        parts.extend(self.found.iter().map(|seen| part(&LocalNames(self), seen)));
        parts
    }

    /// Everything that is known before the commands run. The record of a step and its key in the store consist of this list
    /// and the files that were found; they differ only in how they name things.
    pub fn declared(&self, called: &dyn Called) -> Vec<Part<'static>> {
        let mut parts = vec![
            Part::new("command", "", Some(list(&called.commands()))),
            Part::new("working directory", "", Some(called.working_directory())),
            Part::new("list of outputs", "", Some(list(&called.outputs()))),
        ];
        parts.extend(called.depfile().map(|path| Part::new("dependency file", path, None)));
        parts.extend(self.sets.iter().map(|(name, value)| Part::new("setting", name.clone(), Some(*value))));
        parts.extend(self.reads.iter().map(|(name, value)| Part::new("variable", name.clone(), *value)));
        parts.extend(self.processor.map(|processor| Part::new("processor", "", Some(processor))));
        parts.extend(self.inputs.iter().chain(&self.named).map(|seen| part(called, seen)));
        parts
    }
}

/// Names what a result depends on: as this build directory sees it, or in a way that is the same everywhere.
pub trait Called {
    /// The commands.
    fn commands(&self) -> Vec<String>;
    /// Where they run.
    fn working_directory(&self) -> Digest;
    /// The declared outputs; directories end in a slash.
    fn outputs(&self) -> Vec<String>;
    /// The dependency files that the tools write.
    fn depfile(&self) -> Option<String>;
    /// A file that is read.
    fn file(&self, path: &Utf8Path) -> String;
}

/// Names as this build directory sees them.
struct LocalNames<'b>(&'b Basis);

impl Called for LocalNames<'_> {
    fn commands(&self) -> Vec<String> {
        self.0.commands.clone()
    }

    fn working_directory(&self) -> Digest {
        Digest::of_bytes(self.0.cwd.as_str().as_bytes())
    }

    fn outputs(&self) -> Vec<String> {
        self.0.outputs.clone()
    }

    fn depfile(&self) -> Option<String> {
        self.0.depfile.clone()
    }

    fn file(&self, path: &Utf8Path) -> String {
        path.to_string()
    }
}

/// The part for a file that is read; a missing file has no digest.
pub fn part(called: &dyn Called, seen: &Seen) -> Part<'static> {
    match seen.path.strip_prefix(names::TOOLS) {
        Ok(tool) => Part::new("tool", tool.to_string(), seen.digest),
        Err(_) => Part::new("input", called.file(&seen.path), seen.digest),
    }
}

/// The variables that a step reads. The declared ones come first.
fn reads(step: &Step) -> impl Iterator<Item = &str> {
    step.reads.iter().map(String::as_str).chain(environment::read_by(step))
}

/// Whether code is made for the present processor.
fn is_native(step: &Step) -> bool {
    step.commands.iter().any(|command| command.contains("=native"))
}

/// The processor, if code is made for the present one.
fn processor() -> Option<Digest> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let telling =
        |line: &&str| ["vendor_id", "model", "flags", "Features", "CPU "].iter().any(|t| line.starts_with(t));
    let mut lines: Vec<&str> = text.lines().filter(telling).collect();
    lines.sort_unstable();
    lines.dedup();
    Some(Digest::of_bytes(lines.join("\n").as_bytes()))
}

/// The digest of a list of texts.
pub fn list(texts: &[String]) -> Digest {
    let mut hasher = KeyHasher::new();
    for text in texts {
        hasher.field("", text);
    }
    hasher.finish()
}

/// The kept form of a variable's value.
pub fn value(variables: &BTreeMap<String, String>, name: &str) -> Option<Digest> {
    variables.get(name).map(|value| Digest::of_bytes(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(path: &str, content: Option<&str>) -> Seen {
        Seen { digest: content.map(|c| Digest::of_bytes(c.as_bytes())), ..Seen::unknown(path.into()) }
    }

    fn basis() -> Basis {
        Basis {
            commands: vec!["cc a.c".into()],
            cwd: ".".into(),
            outputs: vec!["a".into()],
            depfile: None,
            inputs: vec![seen("a.c", Some("1"))],
            named: vec![],
            found: vec![seen("a.h", Some("2"))],
            reads: BTreeMap::from([("HOME".to_owned(), None)]),
            sets: BTreeMap::new(),
            processor: None,
            versions: BTreeMap::new(),
        }
    }

    /// The text for a change, checked against the key.
    fn said(change: impl Fn(&mut Basis)) -> String {
        let mut new = basis();
        change(&mut new);
        assert_ne!(new.key(), basis().key());
        let causes = new.differences(&basis());
        causes.iter().map(|cause| format!("{cause:#}")).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_differs_is_named() {
        assert_eq!(said(|b| b.commands[0].push_str(" -g")), "command changed: added -g");
        assert_eq!(said(|b| b.commands.push("true".into())), "command changed: added true");
        assert_eq!(said(|b| b.cwd = "..".into()), "working directory changed (. → ..)");
        assert_eq!(said(|b| b.outputs = vec!["b".into()]), "list of outputs changed");
        assert_eq!(said(|b| b.depfile = Some("a.d".into())), "dependency file added: a.d");
        assert_eq!(
            said(|b| b.inputs = vec![seen("a.c", Some("2"))]),
            "input changed: a.c (was 6b86b273, is d4735e3a)"
        );
        assert_eq!(said(|b| b.inputs.push(seen("b.c", Some("1")))), "input added: b.c (is 6b86b273)");
        assert_eq!(said(|b| b.inputs.clear()), "input removed: a.c (was 6b86b273)");
        assert_eq!(said(|b| b.found = vec![seen("a.h", None)]), "input missing: a.h (was d4735e3a)");
        let digest = Digest::of_bytes(b"x");
        assert_eq!(said(|b| b.reads = [("HOME".to_owned(), Some(digest))].into()), "variable changed: HOME");
        assert_eq!(said(|b| b.sets = [("A".to_owned(), digest)].into()), "setting added: A");
    }

    #[test]
    fn all_differences_are_named() {
        let two = said(|b| {
            b.inputs.push(seen("b.c", None));
            b.commands = vec!["cc -O2 a.c".into()];
        });
        assert_eq!(two, "command changed: added -O2; input added: b.c");
        assert_eq!(said(|b| std::mem::swap(&mut b.inputs, &mut b.found)), "order of inputs changed");
    }

    #[test]
    fn stats_are_not_part_of_the_key() {
        let mut new = basis();
        new.inputs[0].stat = crate::facts::Stat::of(Utf8Path::new("Cargo.toml"));
        assert_eq!((new.differences(&basis()), new.key()), (vec![], basis().key()));
    }
}
