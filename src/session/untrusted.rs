//! Where an untrusted project is built: in the user's cache, so that fudsv does not use files that the project brings.
//! It does not know what such a project may contain; `design` does.

use crate::design::Bounds;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::facts::Facts;
use crate::options::RequestOptions;
use camino::{Utf8Path, Utf8PathBuf};

/// The directory of the build directories of an untrusted project.
///
/// # Errors
/// There is no cache, or it is in the project; PATH leads there; `--dir` leads into the project, or `-o` out of it by a link.
pub fn builds(facts: &Facts, options: &RequestOptions, root: &Utf8Path) -> Result<Utf8PathBuf> {
    let (env, bounds) = (facts.env(), Bounds::of(root));
    let base = of_project(facts, root).ok_or_else(|| {
        Error::machine("no directory is known for the build of an untrusted project")
            .hint("set XDG_CACHE_HOME or HOME")
    })?;
    if bounds.holds(&base) {
        return Err(Error::request(format!("the cache of builds, `{base}`, is inside of the project"))
            .hint("an untrusted project may have put something there: set XDG_CACHE_HOME, or change to the project's directory"));
    }
    if let Some(dir) = env.path_dirs().find(|dir| dir.is_dir() && bounds.holds(dir)) {
        return Err(Error::request(format!(
            "PATH leads into the project, to `{}`",
            crate::paths::normal(&dir)
        ))
        .hint("an untrusted project may have put programs there: leave it out of PATH"));
    }
    if let Some(dir) = options.dir.as_ref().filter(|dir| bounds.holds(&env.cwd.join(dir))) {
        return Err(Error::request(format!("`--dir {dir}` leads into the project"))
            .hint("an untrusted project may have put something there: name a directory elsewhere, or leave out `--dir`"));
    }
    let outputs = options.output.iter().filter(|output| *output != "-");
    outputs.map(|output| env.cwd.join(output)).try_for_each(|output| bounds.check_typed(&output))?;
    Ok(base)
}

/// That directory, whether or not it exists.
pub fn of_project(facts: &Facts, root: &Utf8Path) -> Option<Utf8PathBuf> {
    let cache = facts.env().xdg("XDG_CACHE_HOME", ".cache")?;
    let digest = Digest::of_bytes(root.as_str().as_bytes()).short(12);
    Some(cache.join("untrusted").join(format!("{}-{digest}", root.file_name().unwrap_or("root"))))
}
