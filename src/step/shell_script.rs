//! Writes a step as plain shell, for machines without fudsv. The shell writes under temporary names and publishes by `mv`
//! if the content differs. It does not record what is read, so Ninja decides what runs.
//! It does not know Ninja, or the place of the build directory.

use crate::diag::Result;
use crate::shell::ShellWord;
use crate::step::args::{Output, Step};
use crate::step::names;
use crate::step::splice;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

/// The text for one `sh -c` in the build directory.
///
/// # Errors
/// A span is not at the name of an output.
pub fn shell_script(step: &Step) -> Result<String> {
    let temporary = names::plain_temporary_name(&step.name);
    let outputs: Vec<Place> =
        step.outputs.iter().enumerate().map(|(n, o)| Place::of(step, n, o, &temporary)).collect();
    let dirs: BTreeSet<String> = outputs.iter().map(|place| quoted(&place.temporary)).collect();
    let dirs = dirs.into_iter().collect::<Vec<_>>().join(" ");
    let mut parts = vec![format!("rm -rf {dirs}")];
    parts.extend(outputs.iter().map(Place::make_room));
    parts.push(run(step, &splice::commands(step, &temporary)?));
    let in_place: Vec<String> =
        outputs.iter().filter(|o| !o.is_temporary).map(|o| quoted(&o.output.path)).collect();
    if !in_place.is_empty() {
        let last = parts.pop().unwrap_or_default();
        parts.push(format!("{{ {last} || {{ rm -rf {}; exit 1; }}; }}", in_place.join(" ")));
    }
    parts.extend(outputs.iter().map(Place::publish));
    parts.push(format!("rm -rf {dirs}"));
    Ok(parts.join(" && "))
}

/// The commands, each in a separate shell as under the runner.
fn run(step: &Step, commands: &[String]) -> String {
    let mut parts = vec![];
    if step.cwd != "." {
        parts.push(format!("cd {}", quoted(&step.cwd)));
    }
    let set = |(name, value): &(String, String)| format!("export {name}={}", ShellWord::quote(value));
    parts.extend(step.sets.iter().map(set));
    parts.extend(commands.iter().map(|command| format!("sh -c {}", ShellWord::quote(command))));
    format!("( {} )", parts.join(" && "))
}

fn quoted(path: &Utf8Path) -> String {
    let path = if path.as_str().starts_with('-') { format!("./{path}") } else { path.to_string() };
    ShellWord::quote(&path).to_string()
}

/// An output, and where the commands write it.
struct Place<'a> {
    output: &'a Output,
    is_temporary: bool,
    /// The temporary directory beside it.
    temporary: Utf8PathBuf,
    /// The output in there.
    stand_in: Utf8PathBuf,
}

impl<'a> Place<'a> {
    fn of(step: &Step, number: usize, output: &'a Output, temporary: &str) -> Place<'a> {
        let is_temporary = !step.in_place && step.spans.iter().any(|span| span.output == number);
        let temporary = output.parent().join(temporary);
        Place { output, is_temporary, stand_in: temporary.join(output.base_name()), temporary }
    }

    fn make_room(&self) -> String {
        let temporary = if self.output.directory { &self.stand_in } else { &self.temporary };
        match (self.is_temporary, self.output.directory) {
            (true, _) => format!("mkdir -p {}", quoted(temporary)),
            (false, true) => {
                let path = quoted(&self.output.path);
                format!("rm -rf {path} && mkdir -p {path} {}", quoted(temporary))
            }
            (false, false) => format!("mkdir -p {}", quoted(temporary)),
        }
    }

    fn publish(&self) -> String {
        let (new, real) = (quoted(&self.stand_in), quoted(&self.output.path));
        match (self.output.directory, self.is_temporary) {
            // The commands may make a directory where a file is declared.
            (false, true) => {
                format!(
                    "{{ cmp -s {new} {real} || {{ [ ! -d {real} ] || rm -rf {real}; mv -f {new} {real}; }}; }}"
                )
            }
            (false, false) => format!("test -e {real}"),
            (true, is_temporary) => self.publish_directory(if is_temporary { &new } else { &real }),
        }
    }

    /// The list of the files comes last, since Ninja sees only the list. It is sorted like the runner's, directory by
    /// directory.
    fn publish_directory(&self, new: &str) -> String {
        let (real, list) = (quoted(&self.output.path), quoted(&self.output.for_ninja()));
        let new_list = quoted(&self.temporary.join(format!("{}.{}", self.output.base_name(), names::SUMS)));
        // Lists of what a tool read are not results: see `names::is_volatile`.
        let find = format!(
            "find . -type f ! -path ./{} ! -name 'V*__verFiles.dat' ! -name 'V*__ver.d'",
            names::SUMS
        );
        let sort = r"sed 's,^\./,,' | tr / '\001' | LC_ALL=C sort | tr '\001\n' '/\000'";
        let sums = format!("(cd {new} && {find} | {sort} | xargs -0 -r sha256sum) > {new_list}");
        let moved = if new == real { String::new() } else { format!("rm -rf {real} && mv {new} {real} && ") };
        format!("{sums} && {{ cmp -s {new_list} {list} || {{ {moved}mv {new_list} {list}; }}; }}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_publishes_by_renaming() {
        let words = "--step cc --cwd .. -o b/x -s 0:6:3:0:b --set A=1 -- 'cc -o b/x x.c # all' true";
        let step = Step::parse(&shlex::split(words).unwrap()).unwrap();
        assert_eq!(
            shell_script(&step).unwrap(),
            "rm -rf b/.fudsv-tmp.cc && mkdir -p b/.fudsv-tmp.cc && \
             ( cd .. && export A=1 && sh -c 'cc -o b/.fudsv-tmp.cc/x x.c # all' && sh -c true ) && \
             { cmp -s b/.fudsv-tmp.cc/x b/x || { [ ! -d b/x ] || rm -rf b/x; mv -f b/.fudsv-tmp.cc/x b/x; }; } && rm -rf b/.fudsv-tmp.cc"
        );
    }
}
