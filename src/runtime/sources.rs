//! Sources, and the directory in which models of them are built.
//! It does not know how a model is driven.

use super::config::Config;
use super::error::{Error, Kind};
use super::library::Library;
use super::model::Model;
use super::program::{self, BuildEvent, Level, tell};
use crate::options::built::LIBRARY;
use crate::workdir::internal::{INTERNAL, LOCK};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Builds models of some sources, in a directory that is kept: what is up to date is only loaded. It may be shared by
/// threads, and the directory by processes; one waits for the other.
///
/// Sources, included files, options, tools and their versions are looked at by content, as `fudsv exec` does, each time a
/// model is asked for. To create many instances of one model, keep its [`Library`].
#[derive(Clone, Debug)]
pub struct Runtime {
    dir: PathBuf,
    sources: Vec<PathBuf>,
    include_dirs: Vec<PathBuf>,
    program: Option<PathBuf>,
    verilator: Option<String>,
    force_rebuild: bool,
    log: bool,
}

/// Something that was built.
pub(super) struct Built {
    /// The build directory.
    pub dir: PathBuf,
    /// Where it is.
    pub result: PathBuf,
}

impl Runtime {
    /// For these sources: everything that `fudsv exec` takes, including C++ files with DPI functions, waivers, objects.
    /// Relative paths are relative to the current directory of the process, in tests the directory of the package. Each model
    /// has a separate directory in `dir`.
    ///
    /// # Errors
    /// A source that is not a file.
    pub fn new<P: AsRef<Path>>(
        dir: impl AsRef<Path>,
        sources: impl IntoIterator<Item = P>,
    ) -> Result<Runtime, Error> {
        let sources: Vec<PathBuf> = sources.into_iter().map(|source| plain(source.as_ref())).collect();
        if let Some(missing) = sources.iter().find(|source| !source.is_file()) {
            let from = if missing.is_absolute() {
                ""
            } else {
                ": a relative path is relative to the program's current directory"
            };
            let message = format!("the source `{}` is not a file{from}", missing.display());
            return Err(Error::new(Kind::Build, message));
        }
        let dir = plain(dir.as_ref());
        let (program, verilator) = (None, None);
        Ok(Runtime {
            dir,
            sources,
            include_dirs: vec![],
            program,
            verilator,
            force_rebuild: false,
            log: true,
        })
    }

    /// Adds directories of included files and of modules.
    #[must_use]
    pub fn include_dirs<P: AsRef<Path>>(mut self, dirs: impl IntoIterator<Item = P>) -> Runtime {
        self.include_dirs.extend(dirs.into_iter().map(|dir| dir.as_ref().to_owned()));
        self
    }

    /// The Verilator to use: a path, a name on PATH, or a command with arguments.
    #[must_use]
    pub fn verilator(mut self, command: impl Into<String>) -> Runtime {
        self.verilator = Some(command.into());
        self
    }

    /// Uses this program `fudsv`, instead of the one in the variable `FUDSV` or on PATH.
    #[must_use]
    pub fn program(mut self, path: impl Into<PathBuf>) -> Runtime {
        self.program = Some(path.into());
        self
    }

    /// Builds everything again, whatever is up to date.
    #[must_use]
    pub fn force_rebuild(mut self, force: bool) -> Runtime {
        self.force_rebuild = force;
        self
    }

    /// Whether to report each build on standard error: a line when it begins and when it ends, and Verilator's warnings as it
    /// prints them; `true` by default. Waiting for another build is always reported. With the feature `log` of this package,
    /// the lines go to the crate [`log`](https://docs.rs/log) instead, with the target `fudsv`.
    #[must_use]
    pub fn log(mut self, log: bool) -> Runtime {
        self.log = log;
        self
    }

    /// Builds the model of a module where that is needed, loads it, and creates an instance.
    ///
    /// # Errors
    /// As [`library`](Runtime::library), and a design that fails where it begins.
    pub fn create_model(&self, top: &str, config: &Config) -> Result<Model, Error> {
        self.library(top, config)?.create()
    }

    /// Builds the model of a module where that is needed, and loads it.
    ///
    /// # Errors
    /// What `fudsv` said of a build that failed ([`Kind::Build`], with the tool's own words), no `fudsv`, and a library
    /// that cannot be loaded.
    pub fn library(&self, top: &str, config: &Config) -> Result<Library, Error> {
        Library::load(self.build(top, config, LIBRARY)?.result)
    }

    /// Builds a state of a module.
    pub(super) fn build(&self, top: &str, config: &Config, state: &str) -> Result<Built, Error> {
        let ((name, digest), words) = self.request(top, config, state)?;
        let dir = self.dir.join(format!("{name}-{digest}"));
        if self.force_rebuild {
            empty(&dir).map_err(|cause| {
                Error::new(Kind::Machine, format!("cannot empty `{}`: {cause}", dir.display()))
            })?;
        }
        let mut all: Vec<OsString> = vec!["--dir".into(), dir.clone().into_os_string()];
        all.extend(words);
        let began = Instant::now();
        let mut is_building = false;
        let result = program::exec(&program::find(self.program.as_ref()), &all, |heard| match heard {
            BuildEvent::Warning(text) if self.log => tell(Level::Warning, &text),
            BuildEvent::Step if !is_building => {
                is_building = true;
                if self.log {
                    tell(Level::Info, &format!("   Compiling {name}#{digest} ({})", self.shown_sources()));
                }
            }
            _ => {}
        })?;
        if self.log && is_building {
            tell(Level::Info, &format!("    Finished `{top}` in {:.2}s", began.elapsed().as_secs_f64()));
        }
        Ok(Built { dir, result })
    }

    /// What is asked of `fudsv`, and the name and digest of the directory: two requests that differ never share one.
    fn request(
        &self,
        top: &str,
        config: &Config,
        state: &str,
    ) -> Result<((String, String), Vec<OsString>), Error> {
        let mut words: Vec<OsString> = config.words()?.into_iter().map(OsString::from).collect();
        let mut add = |option: &str, value: OsString| words.extend([option.into(), value]);
        if let Some(verilator) = &self.verilator {
            add("--set", format!("verilator.exe={verilator}").into());
        }
        add("--top", top.into());
        for dir in &self.include_dirs {
            add("-I", dir.into());
        }
        add("--to", state.into());
        words.extend(self.sources.iter().map(|source| source.clone().into_os_string()));
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
        let name = (top.chars().map(plain).collect(), format!("{:016x}", digest(&words)));
        if self.force_rebuild {
            words.extend(["--set".into(), "store=false".into()]);
        }
        Ok((name, words))
    }

    /// The sources, for files that depend on them.
    pub(super) fn sources(&self) -> &[PathBuf] {
        &self.sources
    }

    /// For [`Compiling`](Runtime::build).
    fn shown_sources(&self) -> String {
        let first = self.sources.first().map(|path| path.display().to_string()).unwrap_or_default();
        let more = self.sources.len().saturating_sub(1);
        if more == 0 { first } else { format!("{first} and {more} more") }
    }
}

/// A path that cannot be read as an option.
fn plain(path: &Path) -> PathBuf {
    let is_option = path.as_os_str().as_encoded_bytes().starts_with(b"-")
        || path.as_os_str().as_encoded_bytes().starts_with(b"+");
    if is_option { Path::new(".").join(path) } else { path.to_owned() }
}

/// FNV-1a: the same on every machine and with every compiler.
fn digest(words: &[OsString]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.as_encoded_bytes().iter().chain(&[0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Removes what was built, but not the lock, which is held while this is done.
fn empty(dir: &Path) -> std::io::Result<()> {
    let internal = dir.join(INTERNAL);
    fs::create_dir_all(&internal)?;
    let lock = dir.join(LOCK);
    let file = File::options().read(true).write(true).create(true).truncate(false).open(&lock)?;
    // Some file systems have no locks: there the last one wins.
    drop(file.lock());
    for entry in fs::read_dir(dir)?.chain(fs::read_dir(&internal)?) {
        let path = entry?.path();
        if path == internal || path == lock {
            continue;
        }
        if path.symlink_metadata()?.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}
