//! A long script is parsed in parts: the parser looks for each name among all functions that it met so far, so that the
//! time would grow with the square of their number.
//! It does not know what a script says.

use super::scan::Scan;
use rhai::{AST, Engine, ParseError};

/// A script of fewer bytes is parsed as a whole.
const LONG: usize = 128 << 10;

/// About so many bytes are parsed at once.
const PART: usize = 32 << 10;

/// Each part is told the names of the functions before it; with more of them than this, parts save nothing.
const MOST_FUNCTIONS: usize = 200;

/// Parses a script.
///
/// # Errors
/// It does not parse.
pub fn parse(engine: &Engine, text: &str) -> Result<AST, ParseError> {
    let in_parts = if text.len() < LONG { None } else { in_parts(engine, text, PART) };
    in_parts.map_or_else(|| engine.compile(text), Ok)
}

/// What the parts say together; none when one of them does not parse, or not by itself.
fn in_parts(engine: &Engine, text: &str, size: usize) -> Option<AST> {
    let mut whole = AST::empty();
    let mut known: Vec<(String, usize)> = vec![];
    let mut line = 0;
    for part in cut(text, size) {
        // Functions of the parts before, for the name of one may be used as a value; then the part, in its own lines.
        let heads: String = known.iter().map(head).collect();
        let parsed = engine.compile(format!("{heads}{}{part}", "\n".repeat(line))).ok()?;
        line += part.matches('\n').count();
        let is_known = |name: &str, params: usize| known.iter().any(|(n, p)| n == name && *p == params);
        let named = parsed.iter_functions().filter(|f| !f.name.starts_with("anon$"));
        let new: Vec<(String, usize)> = named
            .filter(|f| !is_known(f.name, f.params.len()))
            .map(|f| f.this_type.is_none().then(|| (f.name.to_owned(), f.params.len())))
            .collect::<Option<_>>()?;
        whole.combine_filtered(parsed, |_, _, _, name, params| !is_known(name, params));
        known.extend(new);
        if known.len() > MOST_FUNCTIONS {
            return None;
        }
    }
    Some(whole)
}

/// A function of this name and so many parameters that does nothing.
fn head((name, params): &(String, usize)) -> String {
    let params: Vec<String> = (0..*params).map(|number| format!("p{number}")).collect();
    format!("fn {name}({}) {{}} ", params.join(","))
}

/// Parts of about this size; each ends with a line that ends a statement.
fn cut(text: &str, size: usize) -> Vec<&str> {
    let (mut parts, mut from) = (vec![], 0);
    let mut scan = Scan::new(text);
    while scan.step() {
        let at = scan.offset;
        if at - from >= size && scan.ends_statement() && text.as_bytes()[at - 1] == b'\n' {
            parts.push(&text[from..at]);
            from = at;
        }
    }
    parts.push(&text[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhai::{Dynamic, Module, Scope};

    #[test]
    fn a_part_ends_after_a_line_that_ends_a_statement() {
        let text = "let a = [\n1;2\n];\nfn f() {\n  1;\n}\n// b;\nlet b = `;\n`; // c\nlet c = 1;";
        let parts = ["let a = [\n1;2\n];\n", "fn f() {\n  1;\n}\n// b;\nlet b = `;\n`; // c\n", "let c = 1;"];
        assert_eq!(cut(text, 1), parts);
    }

    /// The exported variables of a script, and what its functions return.
    fn said(engine: &Engine, ast: &AST) -> Vec<String> {
        let module = Module::eval_ast_as_new(Scope::new(), ast, engine).unwrap();
        let mut said: Vec<String> =
            module.iter_var().map(|(name, value)| format!("{name} = {value:?}")).collect();
        let functions = ast.iter_functions().filter(|f| f.params.is_empty());
        said.extend(functions.map(|f| {
            let value = engine.call_fn::<Dynamic>(&mut Scope::new(), ast, f.name, ());
            format!("{}() = {value:?}", f.name)
        }));
        said.sort();
        said
    }

    #[test]
    fn a_script_in_parts_says_what_it_says_as_a_whole() {
        let text = r#"
const K = 7;
let x = 1;
fn twice(a) { a * 2 }
fn later() { after(3) + global::K }
let f = |a| twice.call(a) + x;
x += 1;
let list = [twice, f];
for n in 0..3 { let x = n; list.push(|a| a + n + x); let x = 9; list.push(|| x); }
let x = x + 10;
fn after(a) { [a].map(twice)[0] }
export let called = list.map(|g| if g.is_anonymous { try { g.call(5) } catch { g.call() } } else { g.call(4) });
export let inner = { let x = 2; let y = |z| { let w = x; |v| v + w + z }; y.call(1).call(1) };
switch x { 12 => { x = 13; } _ => { x = 0; } }
export const last = later() + x;
let s = `${x}; ${
  f.call(1)}`;
export let s2 = s + "é;";
"#;
        let engine = Engine::new();
        let whole = engine.compile(text).unwrap();
        let parts = in_parts(&engine, text, 1).unwrap();
        assert!(cut(text, 1).len() > 10);
        assert_eq!(said(&engine, &parts), said(&engine, &whole));
        let places =
            |ast: &AST| ast.statements().iter().map(|s| s.position().to_string()).collect::<Vec<_>>();
        assert_eq!(places(&parts), places(&whole));
    }

    #[test]
    fn what_is_wrong_is_found_in_the_whole_script() {
        let engine = Engine::new();
        for text in [
            "let a = 1;\nlet b = ;\n",
            "fn f() { 1 }\nlet a = 1;\nfn f() { 2 }\n",
            "let a = (1;\nlet b = 2;\n",
        ] {
            assert!(in_parts(&engine, text, 1).is_none(), "{text}");
            assert!(parse(&engine, text).is_err(), "{text}");
        }
    }
}
