//! Ninja statements of the uses of low-level ops, and what they define.
//! It does not know the functions that record them, or what they evaluate to.

use crate::diag::{Error, Place, Result};
use crate::lower::Resource;
use crate::paths::WorkPath;
use rhai::Dynamic;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// One Ninja statement.
#[derive(Clone, Debug)]
pub enum Statement {
    /// `name = value`.
    Var(String, String),
    /// `rule name`, with its bindings; the first is `command`.
    Rule(String, Vec<(String, String)>),
    /// `build …`.
    Build(Build),
}

/// A build statement.
#[derive(Clone, Debug)]
pub struct Build {
    /// What it makes.
    pub outputs: Vec<String>,
    /// Its rule.
    pub rule: String,
    /// What it takes.
    pub inputs: Vec<String>,
    /// What it takes beside `$in`.
    pub implicit: Vec<String>,
    /// Its own bindings.
    pub bindings: Vec<(String, String)>,
    /// Where it was asked for.
    pub place: Place,
    /// The script that asked, as its places show it.
    pub script: String,
}

/// What one use of an op said.
#[derive(Clone, Debug, Default)]
pub struct Emitter(pub Rc<RefCell<Statements>>);

/// Statements, and what they need beside.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    /// The statements, in order.
    pub statements: Vec<Statement>,
    /// Files laid into the build directory.
    pub resources: Vec<Resource>,
    /// Files of the user whose names Ninja text cannot carry, and the names they get: see [`super::staging`].
    pub staged: Vec<(WorkPath, WorkPath)>,
}

impl Emitter {
    /// One `build` of a rule, from all inputs to all outputs.
    pub fn build_all(&self, rule: &str, inputs: Vec<Dynamic>, outputs: Vec<Dynamic>, place: Place) {
        let texts = |list: Vec<Dynamic>| list.into_iter().map(|text| text.to_string()).collect();
        let (outputs, inputs, script) = (texts(outputs), texts(inputs), place.file.clone());
        let rule = rule.to_owned();
        let build = Build { outputs, rule, inputs, implicit: vec![], bindings: vec![], place, script };
        self.say(Statement::Build(build));
    }

    /// Notes a statement.
    pub fn say(&self, statement: Statement) {
        self.0.borrow_mut().statements.push(statement);
    }

    /// Binds a variable of the last statement.
    ///
    /// # Errors
    /// No statement has variables.
    pub fn bind(&self, name: &str, value: String) -> Result<()> {
        let said = &mut *self.0.borrow_mut();
        let bindings = match said.statements.last_mut() {
            Some(Statement::Rule(_, bindings)) => bindings,
            Some(Statement::Build(build)) => &mut build.bindings,
            Some(Statement::Var(..)) | None => {
                return Err(Error::request("`arg` must follow a `rule` or a `build`"));
            }
        };
        bindings.push((name.to_owned(), value));
        Ok(())
    }
}

/// Variables with their values, rules with their bindings unevaluated.
#[derive(Default)]
pub struct Definitions {
    /// By name.
    pub variables: BTreeMap<String, String>,
    /// By name; the first binding is `command`.
    pub rules: BTreeMap<String, Vec<(String, String)>>,
}
