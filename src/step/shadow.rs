//! Files that a tool would read instead of those that it read elsewhere, if it ran here: a header of the same name in a
//! directory that is searched earlier. A dependency file names what was found, not what was looked for in vain.
//! It does not know what the files hold, nor all the ways in which tools search.

use crate::step::args::Step;
use camino::{Utf8Path, Utf8PathBuf};

/// Options that name a directory to search, in the next word or the rest of the same.
const OPTIONS: [&str; 5] = ["-iquote", "-isystem", "-idirafter", "-I", "-y"];

/// Verilator's option for several directories.
const INCDIR: &str = "+incdir+";

/// Verilator looks for modules under each of these.
const MODULES: [&str; 2] = ["v", "sv"];

/// The files that are there and hide one of `found`, seen from the build directory, in order and each once.
pub fn hiding(step: &Step, found: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
    let dirs = search_path(step);
    let mut hiding: Vec<Utf8PathBuf> = found.iter().flat_map(|path| candidates(&dirs, path)).collect();
    hiding.sort();
    hiding.dedup();
    hiding.retain(|path| !found.contains(path) && path.is_file());
    hiding
}

/// Where the file might have been found before it was, whichever of the directories above it was searched.
fn candidates(dirs: &[Utf8PathBuf], path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let above = dirs.iter().enumerate().filter_map(|(at, dir)| Some((at, path.strip_prefix(dir).ok()?)));
    let mut places: Vec<(usize, &Utf8Path)> = above.collect();
    if places.is_empty() {
        places.extend(path.file_name().map(|name| (dirs.len(), Utf8Path::new(name))));
    }
    let spelled = |name: &Utf8Path| -> Vec<Utf8PathBuf> {
        match name.extension() {
            Some(extension) if MODULES.contains(&extension) => {
                MODULES.iter().map(|extension| name.with_extension(extension)).collect()
            }
            _ => vec![name.to_owned()],
        }
    };
    let earlier = |(before, name): (usize, &Utf8Path)| -> Vec<Utf8PathBuf> {
        let names = spelled(name);
        dirs[..before].iter().flat_map(|dir| names.iter().map(|name| dir.join(name))).collect()
    };
    places.into_iter().flat_map(earlier).collect()
}

/// The directories that the commands search, seen from the build directory; first where they run.
fn search_path(step: &Step) -> Vec<Utf8PathBuf> {
    let mut named = vec![".".to_owned()];
    for command in &step.commands {
        let mut words = shlex::split(command).unwrap_or_default().into_iter();
        while let Some(word) = words.next() {
            if let Some(list) = word.strip_prefix(INCDIR) {
                named.extend(list.split('+').map(str::to_owned));
            } else if let Some(rest) = OPTIONS.iter().find_map(|option| word.strip_prefix(option)) {
                named.extend(if rest.is_empty() { words.next() } else { Some(rest.to_owned()) });
            }
        }
    }
    named.iter().map(|dir| crate::paths::normal(&step.cwd.join(dir))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_hidden_by_its_name_in_a_directory_that_is_searched_earlier() {
        let step = Step {
            cwd: "../..".into(),
            commands: vec!["v -Iinc +incdir+'a b'+more -y lib x.sv".into()],
            ..Step::default()
        };
        let dirs = search_path(&step);
        assert_eq!(dirs, ["../..", "../../inc", "../../a b", "../../more", "../../lib"]);
        let hiding = candidates(&dirs, Utf8Path::new("../../a b/sub/h.svh"));
        assert_eq!(hiding, ["../../sub/h.svh", "../../inc/sub/h.svh"]);
        let hiding = candidates(&dirs, Utf8Path::new("../../inc/m.sv"));
        assert_eq!(hiding, ["../../m.v", "../../m.sv"]);
        let hiding = candidates(&dirs[..2], Utf8Path::new("/usr/include/a.h"));
        assert_eq!(hiding, ["../../a.h", "../../inc/a.h"]);
    }
}
