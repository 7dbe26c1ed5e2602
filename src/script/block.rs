//! The block of a `defop`, kept as it was parsed, and run later with real files for its parameters.
//! It does not know what the block says.

use super::closure::{fresh, snapshot};
use super::thrown::Answer;
use rhai::{
    ASTNode, Caches, Dynamic, Engine, EvalAltResult, EvalContext, Expr, Expression, GlobalRuntimeState,
    ImmutableString, Scope, Stmt,
};
use std::collections::BTreeSet;

/// A kept block.
///
/// The parser has turned the variables around the block into distances from the top of the scope. So when the block
/// runs, its scope is as deep as at its declaration, and the variables that it uses are at the same places; the other places
/// are empty.
pub struct Block {
    code: Expr,
    params: Vec<String>,
    /// How many variables there were.
    depth: usize,
    /// Those that the block uses, from the bottom.
    used: Vec<CapturedVariable>,
    global: GlobalRuntimeState,
}

/// A variable around the block.
struct CapturedVariable {
    at: usize,
    name: String,
    is: Capture,
}

/// What a variable around the block is when it runs.
enum Capture {
    /// What it was when the op was declared.
    Value(Dynamic),
    /// A parameter of the same name hides it.
    Param(usize),
}

impl Block {
    /// Keeps a block, and what it uses of the variables around it as they are now.
    pub fn keep(code: &Expr, params: Vec<String>, context: &EvalContext) -> Block {
        let scope = context.scope();
        let depth = scope.len();
        let mut wanted = names_in(code);
        wanted.extend(params.iter().map(|name| name.as_str().into()));
        let mut used = vec![];
        // From the top: of two variables with one name the later is meant.
        for (from_top, (name, _, value)) in scope.iter_raw().enumerate() {
            if wanted.is_empty() {
                break;
            }
            if wanted.remove(name) {
                let is = match params.iter().position(|param| param == name) {
                    Some(number) => Capture::Param(number),
                    None => Capture::Value(snapshot(value.clone())),
                };
                used.push(CapturedVariable { at: depth - 1 - from_top, name: name.to_owned(), is });
            }
        }
        used.reverse();
        Block { code: code.clone(), params, depth, used, global: fresh(context.global_runtime_state()) }
    }

    /// Runs it with these values for its parameters.
    ///
    /// # Errors
    /// An error of the script.
    pub fn run(&self, engine: &Engine, values: &[Dynamic]) -> Answer<()> {
        let (mut scope, mut global, mut caches) = (self.scope(values), self.global.clone(), Caches::new());
        let mut context = EvalContext::new(engine, &mut global, &mut caches, &mut scope, None);
        match Expression::from(&self.code).eval_with_context(&mut context) {
            Ok(_) => Ok(()),
            Err(error) if matches!(*error, EvalAltResult::Return(..)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The parameters that it never mentions.
    pub fn unused(&self) -> Vec<&str> {
        let mentioned = names_in(&self.code);
        self.params.iter().map(String::as_str).filter(|name| !mentioned.contains(*name)).collect()
    }

    /// The script that contains it.
    pub fn source(&self) -> Option<&str> {
        self.global.source.as_deref()
    }

    /// The parameters below all, then the variables around the block.
    fn scope(&self, values: &[Dynamic]) -> Scope<'static> {
        let value = |number: usize| values.get(number).cloned().unwrap_or_default();
        let mut scope = Scope::new();
        for (number, name) in self.params.iter().enumerate() {
            scope.push_dynamic(name.as_str(), value(number));
        }
        let mut used = self.used.iter().peekable();
        for at in 0..self.depth {
            match used.next_if(|used| used.at == at) {
                None => scope.push_dynamic("", Dynamic::UNIT),
                Some(CapturedVariable { name, is: Capture::Value(value), .. }) => {
                    scope.push_dynamic(name.as_str(), value.clone())
                }
                Some(CapturedVariable { name, is: Capture::Param(number), .. }) => {
                    scope.push_dynamic(name.as_str(), value(*number))
                }
            };
        }
        scope
    }
}

/// All names of variables that the code mentions.
fn names_in(code: &Expr) -> BTreeSet<ImmutableString> {
    let mut names = BTreeSet::new();
    code.walk(&mut vec![], &mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Expr(Expr::Variable(variable, ..))) => drop(names.insert(variable.1.clone())),
            Some(ASTNode::Stmt(Stmt::Share(shared))) => {
                names.extend(shared.iter().map(|(variable, _)| variable.name.clone()));
            }
            _ => {}
        }
        true
    });
    names
}
