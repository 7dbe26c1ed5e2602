//! What a tool that describes designs is.
//! It does not know when the tool runs.

use crate::diag::Result;
use crate::facts::Facts;
use camino::{Utf8Path, Utf8PathBuf};

/// The tools that describe designs, and what each is for.
pub const DESCRIBERS: [(&str, &str); 2] =
    [("bender", "designs of Bender: `Bender.yml`"), ("fusesoc", "designs of FuseSoC: `NAME.core`")];

/// What describes a design.
pub trait Description {
    /// The tool that is run; `NAME.exe` may name another program.
    const TOOL: &'static str;
    /// What of it fudsv needs, with a version.
    const VERSION: &'static str;

    /// What distinguishes it from every other description, as seen from `base`.
    fn identity(&self, base: &Utf8Path) -> Vec<String>;

    /// The files that the tool reads, as far as they can be known before it runs, and the directories whose entries decide.
    fn inputs(&self, facts: &Facts) -> Vec<Utf8PathBuf>;

    /// Where it is started, with which words, to write into an empty directory.
    fn command(&self, dir: &Utf8Path) -> (Utf8PathBuf, Vec<String>);

    /// What the tool wrote, or said, becomes the description: its name in the directory, and further inputs.
    ///
    /// # Errors
    /// It cannot be read or written.
    fn finish(&self, dir: &Utf8Path, said: &str) -> Result<(String, Vec<Utf8PathBuf>)>;
}
