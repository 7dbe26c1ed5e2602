//! Runs a tool that describes a design once, and again only when what the tool reads changes.
//! It does not know which tools there are.

use super::description::Description;
use crate::config::Config;
use crate::diag::{Error, Result};
use crate::digest::{Digest, KeyHasher};
use crate::facts::Facts;
use crate::paths::{normal, relative};
use crate::tools::{how_to_install, program};
use crate::workdir::{names::temporary_name, sweep};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs;
use std::process::{Command, Output};

/// Where descriptions are kept, in the directory of the build directories.
pub const KEPT_IN: &str = ".descriptions";

/// Runs tools that describe designs.
#[derive(Clone, Debug)]
pub struct Describer {
    /// The directory of the build directories.
    pub builds: Utf8PathBuf,
    /// Whether a tool may be run: not for commands that only look.
    pub may_run: bool,
}

/// What is known of a description.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// Its file.
    name: String,
    /// What the tool read beside what is known before.
    found: Vec<Utf8PathBuf>,
    /// The digest of all that the tool read, and of the description.
    digest: Digest,
}

const RECORD: &str = "record.json";

impl Describer {
    /// The file of a description, which is written when it is not there, or not as it should be. Paths of settings are
    /// relative to `base`.
    ///
    /// # Errors
    /// The tool is missing, may not be run, or fails.
    pub fn describe<D: Description>(
        &self,
        facts: &Facts,
        config: &Config,
        (description, base): (&D, &Utf8Path),
    ) -> Result<Utf8PathBuf> {
        let mut key = KeyHasher::new();
        key.field("tool", D::TOOL);
        for part in description.identity(base) {
            key.field("part", part);
        }
        let dir = self.builds.join(KEPT_IN).join(key.finish().short(16));
        let found = program(facts, config, D::TOOL)
            .map_err(|error| error.detail("needed for", "what this design consists of"))?;
        let words: Vec<String> =
            std::iter::once(found.binary.into_string()).chain(found.words.into_iter().skip(1)).collect();
        if let Some(record) = record(&dir)
            && record.digest
                == digest(facts, description, (&dir, &record.name), &placed(&dir, &record.found), &words)?
        {
            return Ok(dir.join(record.name));
        }
        if !self.may_run {
            return Err(Error::request(format!(
                "`{}` has to be asked what this design consists of",
                D::TOOL
            ))
            .hint("`fudsv plan --probe` runs it; so do builds and `fudsv gen`"));
        }
        self.write(facts, description, (&dir, &words))
    }

    /// Runs the tool.
    fn write<D: Description>(
        &self,
        facts: &Facts,
        description: &D,
        (dir, words): (&Utf8Path, &[String]),
    ) -> Result<Utf8PathBuf> {
        // What the tool writes is relative to where it stands, so it stands equally deep. Two at once do not mix theirs.
        let above = dir.parent().unwrap_or(dir);
        // What killed runs left.
        sweep(above, None);
        let temporary = above.join(temporary_name(dir.file_name().unwrap_or_default()));
        let made = make::<D>(facts, description, &temporary, words);
        let made = made.and_then(|(name, found)| {
            // What stood there is not valid any more; another process may have put the same there meanwhile.
            let _ = fs::remove_dir_all(dir);
            if fs::rename(&temporary, dir).is_err() && !dir.join(&name).exists() {
                return Err(Error::machine(format!("cannot write `{dir}`")));
            }
            let digest = digest(facts, description, (dir, &name), &found, words)?;
            let found = found.iter().map(|path| seen_from(dir, path)).collect();
            let record = Record { name, found, digest };
            let text =
                serde_json::to_vec(&record).map_err(|e| Error::machine("cannot write JSON").because(e))?;
            fs::write(dir.join(RECORD), text)
                .map_err(|e| Error::machine(format!("cannot write `{}`", dir.join(RECORD))).because(e))?;
            Ok(dir.join(record.name))
        });
        let _ = fs::remove_dir_all(&temporary);
        made
    }
}

/// Lets the tool write into a new directory.
fn make<D: Description>(
    facts: &Facts,
    description: &D,
    dir: &Utf8Path,
    words: &[String],
) -> Result<(String, Vec<Utf8PathBuf>)> {
    fs::create_dir_all(dir).map_err(|e| Error::machine(format!("cannot make `{dir}`")).because(e))?;
    let (cwd, arguments) = description.command(dir);
    let Some((program, front)) = words.split_first() else { return Err(not_run::<D>("no program is named")) };
    let mut command = Command::new(program);
    command.args(front).args(&arguments).current_dir(&cwd).env_clear().envs(&facts.env().vars);
    // Planning fetches nothing: what is built would depend on the day.
    command.env("GIT_ALLOW_PROTOCOL", "file");
    for proxy in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(proxy, "http://127.0.0.1:9");
    }
    command.stdin(std::process::Stdio::null());
    let output = command.output().map_err(|e| not_run::<D>(&e.to_string()))?;
    if !output.status.success() {
        return Err(failed::<D>(&output, &cwd));
    }
    description.finish(dir, &String::from_utf8_lossy(&output.stdout))
}

/// The digest of whatever a description depends on. All of it goes through the door, so that its change is noticed by a
/// build that does not plan.
fn digest<D: Description>(
    facts: &Facts,
    description: &D,
    (dir, name): (&Utf8Path, &str),
    found: &[Utf8PathBuf],
    words: &[String],
) -> Result<Digest> {
    let mut key = KeyHasher::new();
    if let Some(program) = words.first() {
        let program = facts.tool_digest(Utf8Path::new(program), |_, _| None);
        key.field("binary", program.map(|digest| digest.to_string()).unwrap_or_default());
    }
    for word in words {
        key.field("word", word);
    }
    let own = dir.join(name);
    let inputs = description.inputs(facts);
    for path in inputs.iter().chain(found).chain([&own]) {
        let content = if facts.is_dir(path) {
            facts.list(path).join("/").into_bytes()
        } else {
            facts.read(path)?.unwrap_or_default()
        };
        // A tree that is moved is the same.
        key.field("path", relative(dir, path).as_str())
            .field("content", Digest::of_bytes(&content).to_string());
    }
    Ok(key.finish())
}

/// A path as seen from a description, if it is in the same tree: a tree that is moved is the same.
fn seen_from(dir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    let is_near = dir.ancestors().nth(3).is_some_and(|root| path.starts_with(root));
    if is_near { relative(dir, path) } else { path.to_owned() }
}

/// The same paths, absolute.
fn placed(dir: &Utf8Path, found: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
    found.iter().map(|path| normal(&dir.join(path))).collect()
}

fn record(dir: &Utf8Path) -> Option<Record> {
    serde_json::from_slice(&fs::read(dir.join(RECORD)).ok()?).ok()
}

fn not_run<D: Description>(why: &str) -> Box<Error> {
    Error::machine(format!("cannot run `{}`: {why}", D::TOOL)).hint(how_to_install(D::TOOL))
}

/// What the tool said at last.
fn failed<D: Description>(output: &Output, cwd: &Utf8Path) -> Box<Error> {
    const LINES: usize = 12;
    const FETCHES: [&str; 6] =
        ["Failed to fetch", "urlopen", "Failed to download", "transport", "remote", "--local"];
    const UNKNOWN: [&str; 5] = [
        "unrecognized argument",
        "unrecognized subcommand",
        "unexpected argument",
        "invalid choice",
        "invalid value",
    ];
    // Generators of FuseSoC say on standard output why they fail.
    let said =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    let lines: Vec<&str> =
        said.lines().filter(|line| !line.starts_with("INFO") && !line.trim().is_empty()).collect();
    let lines = without_trace(&lines);
    let last = lines.iter().skip(lines.len().saturating_sub(LINES)).copied().collect::<Vec<_>>().join("\n  ");
    let how = output.status.code().map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
    let error =
        Error::request(format!("`{}` cannot say what this design consists of ({how})\n  {last}", D::TOOL))
            .detail("in", cwd.to_string());
    let says = |words: &[&str]| words.iter().any(|text| said.contains(text));
    if says(&UNKNOWN) {
        return error.hint(format!("fudsv needs {}; {}", D::VERSION, how_to_install(D::TOOL)));
    }
    let hint = says(&FETCHES)
        .then(|| format!("fudsv fetches nothing while it plans: let `{}` fetch it first", D::TOOL));
    error.maybe_hint(hint)
}

/// What a program in Python says of an exception, without the lines of code that led there.
fn without_trace<'t, 'l>(lines: &'t [&'l str]) -> &'t [&'l str] {
    if !lines.iter().any(|line| line.starts_with("Traceback")) {
        return lines;
    }
    let code = lines.iter().rposition(|line| line.starts_with("    "));
    code.and_then(|at| lines.get(at + 1..)).filter(|rest| !rest.is_empty()).unwrap_or(lines)
}
