//! The parts around the edges: the header, the rules, and the edge that regenerates the file.
//! It does not know the plan.

use super::lowered::{Lowered, phony};
use crate::diag::Result;
use crate::ninja::{Build, File, Name, PathText, Statement, Text};
use crate::paths::WorkPath;
use crate::workdir::names::NINJA_FILE;

/// What the frame says.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The command that made the file.
    pub made_by: String,
    /// Files whose change makes another file of it: scripts, configuration, directories of plugins.
    pub regenerate: Vec<WorkPath>,
}

impl Frame {
    /// The whole file.
    ///
    /// # Errors
    /// None that a user can cause: the names are fixed.
    pub fn around(&self, lowered: Lowered) -> Result<File> {
        let mut statements = vec![
            Statement::Comment(format!(
                "Written by fudsv {}; changes to this file are lost.",
                env!("CARGO_PKG_VERSION")
            )),
            Statement::Comment(format!("Made by: {}", self.made_by)),
            Statement::Comment(
                "Each step runs under `fudsv tool run`, found on PATH or through FUDSV.".into(),
            ),
            Statement::Blank,
            Statement::Variable(Name::new("ninja_required_version")?, Text::literal("1.5")),
            Statement::Blank,
        ];
        statements.extend(rules()?);
        statements.extend(lowered.statements);
        statements.extend(self.regeneration()?);
        Ok(File { statements })
    }

    /// The file is regenerated when one of its inputs changes; a deleted input is a change, not an error.
    fn regeneration(&self) -> Result<Vec<Statement>> {
        let inputs: Vec<PathText> = self.regenerate.iter().map(PathText::new).collect();
        let build = Build {
            outputs: vec![PathText::new(&WorkPath::new(NINJA_FILE)?)],
            rule: Name::new("regenerate")?,
            inputs: vec![],
            implicit: inputs,
            order_only: vec![],
            bindings: vec![],
        };
        let comment = Statement::Comment("this file, from scripts and configuration".into());
        let mut statements = vec![Statement::Blank, comment, Statement::Build(build)];
        for input in &self.regenerate {
            statements.push(phony(input, &[])?);
        }
        Ok(statements)
    }
}

/// `step`, the same through a response file, and `regenerate`.
fn rules() -> Result<Vec<Statement>> {
    // Some shells start even the last command in a process of its own, which costs half a millisecond a step. Without it,
    // Ninja is the parent of all runners.
    const RUNNER: &str = r#"exec "$${FUDSV:-fudsv}" tool"#;
    let step = [("command", format!("{RUNNER} run $args -- $cmd")), ("depfile", "$dep".into())];
    let long = [("command", format!("{RUNNER} run @$rsp")), ("depfile", "$dep".into())];
    let through_file = [("rspfile", "$rsp".to_owned()), ("rspfile_content", "$args -- $cmd".into())];
    let step_end = [("description", "$desc".to_owned()), ("restat", "1".into())];
    let again =
        [("command", format!("{RUNNER} regenerate")), ("description", "regenerate build.ninja".into())];
    let again_end = [("generator", "1".to_owned()), ("restat", "1".into())];
    let rules = [
        ("step", [step.as_slice(), &step_end].concat()),
        ("step_rsp", [long.as_slice(), &through_file, &step_end].concat()),
        ("regenerate", [again.as_slice(), &again_end].concat()),
    ];
    let mut statements = vec![];
    for (name, bindings) in rules {
        let bindings = bindings.iter().map(|(name, value)| Ok((Name::new(name)?, Text::parse(value)?)));
        statements.push(Statement::Rule(Name::new(name)?, bindings.collect::<Result<_>>()?));
        if name != "regenerate" {
            statements.push(Statement::Blank);
        }
    }
    Ok(statements)
}
