//! Files whose names plain Ninja text cannot carry: such an op gets a copy under a safe name.
//! It does not know what the op does with it.

use crate::diag::Result;
use crate::digest::SourceSum;
use crate::lower::Piece;
use crate::paths::WorkPath;
use crate::script::marks::FileUse;
use crate::script::step::{FileOrName, MadeFile, Step, WaitKind, Waiting};

/// The directory of copies for an op, in the build directory.
pub const STAGED: &str = "staged";

/// Where an op makes what is copied to its real name then.
pub const MADE: &str = "made";

/// A name in `directory` for the same file that stands unquoted in Ninja text and in shell commands; the path itself when it does.
///
/// # Errors
/// None: the name is made of safe characters.
pub fn safe_name(path: &WorkPath, directory: &str) -> Result<WorkPath> {
    let safe = |c: char| c.is_alphanumeric() || "._-+/@%=,~^".contains(c);
    if path.as_str().chars().all(safe) && !path.as_str().starts_with('~') {
        return Ok(path.clone());
    }
    let sum = SourceSum::of_bytes(path.as_str().as_bytes()).to_string();
    let name = path.as_path().file_name().unwrap_or("file");
    let name: String = name.chars().map(|c| if safe(c) && c != '~' { c } else { '_' }).collect();
    WorkPath::new(format!("{directory}/{sum:.8}/{name}"))
}

/// The step that copies one file to another name.
pub fn copy(from: &WorkPath, to: &WorkPath) -> Step {
    let file = |path: &WorkPath| FileUse::needed(path.clone());
    let text = |text: &str| Piece::Text(text.to_owned());
    let mut step = Step {
        commands: vec![vec![text("cp "), Piece::File(from.clone()), text(" "), Piece::File(to.clone())]],
        waits: vec![Waiting { what: FileOrName::File(file(from)), how: WaitKind::Explicit }],
        targets: vec![MadeFile { what: FileOrName::File(file(to)), directory: false }],
        ..Step::default()
    };
    step.options.description = Some(format!("copy {from} to {to}"));
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_text_cannot_carry_is_changed() {
        let name = |text: &str| safe_name(&WorkPath::new(text).unwrap(), STAGED).unwrap().to_string();
        assert_eq!(name("../../a-b.sv"), "../../a-b.sv");
        let (one, other) = (name("../a b/c d.sv"), name("../a_b/c d.sv"));
        assert!(one.starts_with("staged/") && one.ends_with("/c_d.sv"), "{one}");
        assert_ne!(one, other);
    }
}
