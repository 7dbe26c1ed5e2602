//! The examples of docs/scripting.md are scripts: each loads, and each of its ops runs.
//! They do not know the command line.

use crate::script::harness::{Project, run_op};

const MANUAL: &str = include_str!("../../../docs/scripting.md");

/// The text of each example.
fn examples() -> Vec<&'static str> {
    MANUAL.split("```rhai\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn each_example_loads_and_each_of_its_ops_says_a_step() {
    let examples = examples();
    assert!(examples.len() > 6);
    for example in &examples {
        let named = |text: &&&str| text.starts_with("// file: ");
        let shared = examples.iter().filter(named).filter(|other| *other != example);
        let project = Project::script(example).builtin("rsrc/fudsv_python.py", "").file("fudsv/gen.py", "");
        let project = shared.fold(project, |project, text| {
            let name = text.lines().next().unwrap().trim_start_matches("// file: ");
            project.file(&format!("fudsv/{name}"), text)
        });
        let scripts = project.load().unwrap_or_else(|error| panic!("{error}\n\n{example}"));
        for (id, op) in scripts.graph().ops() {
            let said = run_op(&scripts, id);
            assert!(said.contains("\n  $ "), "{} says:\n{said}\n\n{example}", op.name);
        }
    }
}

#[test]
fn each_function_is_in_the_manual() {
    for name in crate::script::names::own_names() {
        let shown = [format!("{name}("), format!("`{name}"), format!(" {name} ")];
        assert!(shown.iter().any(|text| MANUAL.contains(text)), "{name}");
    }
}
