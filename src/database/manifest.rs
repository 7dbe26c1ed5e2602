//! The manifest of a database: what is in it and what it was made of.
//! It does not know where the database is, nor whether the manifest still fits this machine.

use super::fault::Fault;
use crate::digest::Digest;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// The version of the format; it grows when a field changes its meaning.
pub const SCHEMA: u32 = 1;

/// `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// See [`SCHEMA`].
    pub schema: u32,
    /// What people call it.
    pub name: String,
    /// The version of fudsv that saved it.
    pub fudsv: String,
    /// The directory of the project from which it was saved.
    pub root: Utf8PathBuf,
    /// The requests that were saved.
    pub requests: Vec<SavedRequest>,
    /// The programs that made it.
    pub tools: Vec<Tool>,
    /// Headers of the system and of Verilator that were read. If one differs, the toolchain is another one.
    pub toolchain: Vec<SystemFile>,
    /// The files of the project that were read.
    pub sources: Vec<Source>,
    /// Directories of the project that planning looked into or at.
    pub directories: Vec<Directory>,
}

/// A request whose results are in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRequest {
    /// The command that asks for it.
    pub words: String,
    /// The design of `fud.toml`, if the request names one.
    pub design: Option<String>,
    /// Its steps.
    pub steps: Vec<SavedStep>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedStep {
    /// Its name.
    pub name: String,
    /// The digest of its words in the Ninja file.
    pub stated: Option<Digest>,
    /// Why its result is not in the database; `None` if it is.
    pub left_out: Option<String>,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// The configuration key that names it.
    pub key: String,
    /// The version that it reports, if known.
    pub version: Option<String>,
    /// The digest of its identity.
    pub digest: Digest,
}

/// A file that comes with a tool or the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemFile {
    /// Absolute.
    pub path: Utf8PathBuf,
    /// The digest of its content.
    pub sha256: Digest,
}

/// A file of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Seen from the directory of the project, or absolute.
    pub path: Utf8PathBuf,
    /// The digest of its content, as `md5sum` prints it. This one is compared.
    pub md5: String,
    /// The digest of its content, as keys contain it.
    pub sha256: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// Its outline: planning needs it to put packages before their users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outline: Option<String>,
    /// The whole text, if it is a filelist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A directory of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Seen from the directory of the project, or absolute.
    pub path: Utf8PathBuf,
    /// The names in it, if planning listed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Vec<Name>>,
}

/// A name in a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// The name.
    pub name: String,
    /// Whether it is a directory.
    pub is_directory: bool,
}

/// The one field that every version of the format has.
#[derive(Deserialize)]
struct Form {
    schema: u32,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// It is damaged, has another schema, or names paths that a database must not name.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, Fault> {
        let damaged = || Fault::new("its `manifest.json` is damaged");
        let form: Form = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        if form.schema != SCHEMA {
            let schema = form.schema;
            return Err(Fault::new(format!("it has schema {schema}, and this fudsv reads schema {SCHEMA}")));
        }
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        let paths = manifest.sources.iter().map(|source| &source.path);
        let mut paths = paths.chain(manifest.directories.iter().map(|directory| &directory.path));
        if let Some(path) = paths.find(|path| !is_plain(path)) {
            return Err(Fault::new(format!(
                "it contains the unsafe path `{}`",
                path.as_str().escape_debug()
            )));
        }
        let names = manifest.directories.iter().flat_map(|directory| directory.names.iter().flatten());
        match names
            .map(|name| &name.name)
            .find(|name| name.contains(['/', '\0']) || [".", ".."].contains(&name.as_str()))
        {
            Some(name) => {
                Err(Fault::new(format!("it contains the unsafe file name `{}`", name.escape_debug())))
            }
            None => Ok(manifest),
        }
    }
}

/// Whether a path only leads down. The empty path is the directory of the project.
pub fn is_plain(path: &Utf8Path) -> bool {
    let is_part = |part| matches!(part, Utf8Component::Normal(_) | Utf8Component::RootDir);
    path.components().all(is_part) && !path.as_str().contains('\0')
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn manifest() -> Manifest {
        let source = Source {
            path: "rtl/a.sv".into(),
            md5: "900150983cd24fb0d6963f7d28e17f72".into(),
            sha256: Digest::of_bytes(b"abc"),
            size: 3,
            outline: None,
            text: None,
        };
        Manifest {
            schema: SCHEMA,
            name: "ip".into(),
            fudsv: "0.1.0".into(),
            root: "/p".into(),
            requests: vec![],
            tools: vec![],
            toolchain: vec![],
            sources: vec![source],
            directories: vec![Directory { path: "rtl".into(), names: None }],
        }
    }

    fn fault(change: impl Fn(&mut Manifest)) -> Option<String> {
        let mut manifest = manifest();
        change(&mut manifest);
        Manifest::parse(&serde_json::to_vec(&manifest).unwrap()).err().map(|fault| fault.to_string())
    }

    #[test]
    fn a_manifest_of_another_schema_and_one_that_leads_out_are_refused() {
        assert_eq!(fault(|_| {}), None);
        let future = fault(|manifest| manifest.schema = 9);
        assert_eq!(future.as_deref(), Some("it has schema 9, and this fudsv reads schema 1"));
        for path in ["../a.sv", "rtl/../../a.sv", "/p/../etc/passwd", "a\0b"] {
            assert!(fault(|manifest| manifest.sources[0].path = path.into()).is_some(), "{path}");
            assert!(fault(|manifest| manifest.directories[0].path = path.into()).is_some(), "{path}");
        }
        assert_eq!(fault(|manifest| manifest.sources[0].path = "/ip/b c.sv".into()), None);
        assert_eq!(Manifest::parse(b"{").unwrap_err().to_string(), "its `manifest.json` is damaged");
        assert_eq!(
            Manifest::parse(b"{\"schema\":1}").unwrap_err().to_string(),
            "its `manifest.json` is damaged"
        );
    }
}
