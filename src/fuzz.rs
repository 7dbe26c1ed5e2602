//! Every parser of what somebody else wrote, as a function of bytes: what fuzzers feed (`fuzz/`), and tests/fuzz.rs.
//! It does not know where inputs come from. A target must neither panic nor hang; that it refuses an input is fine.

use crate::config::{self, Config, Sources};
use crate::describe::Describer;
use crate::design::{Design, in_order, odd_ports, outline};
use crate::diag::{Error, Place, Result};
use crate::env::Env;
use crate::facts::Facts;
use crate::graph::OpGraph;
use crate::model::ports;
use crate::options::{Operand, RequestOptions};
use crate::paths::{Places, WorkPath};
use crate::plan::{Plan, Saved};
use crate::script::{Builtin, FoundTool, Request, Scripts, Source, ToolAsked, Tools};
use crate::step::args::Step;
use crate::{lint, step, store};
use camino::Utf8Path;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Takes an input; the directory is for files that it needs.
pub type Feed = fn(&[u8], &Utf8Path);

/// The targets by name.
pub const TARGETS: [(&str, Feed); 10] = [
    ("script", script),
    ("filelist", filelist),
    ("source", source),
    ("fud-toml", fud_toml),
    ("plan", plan),
    ("ports", port_tree),
    ("depfile", depfile),
    ("manifest", manifest),
    ("index", index),
    ("tool-words", tool_words),
];

/// No tool is there.
struct NoTools;

impl Tools for NoTools {
    fn find(&self, asked: &ToolAsked, place: &Place) -> Result<FoundTool> {
        Err(Error::machine(format!("no `{}`", asked.name)).at(place.clone()))
    }
}

fn facts(dir: &Utf8Path) -> Facts {
    let vars = BTreeMap::from([("HOME".to_owned(), dir.to_string())]);
    Facts::new(Env { cwd: dir.to_owned(), exe: "/bin/fudsv".into(), args: vec![], vars })
}

fn configuration(facts: &Facts) -> Option<Config> {
    config::load(facts, None, &Sources::default()).ok().map(|(config, _)| config)
}

fn load(dir: &Utf8Path, sources: Vec<Source>) -> Option<Scripts> {
    let facts = Rc::new(facts(dir));
    let config = Rc::new(configuration(&facts)?);
    let places = Places { cwd: dir.to_owned(), root: dir.to_owned(), workdir: dir.join("b") };
    let (tools, say) = (Rc::new(NoTools), Rc::new(|_: &str, _: &str| {}));
    Scripts::load(Request { sources, builtin: Builtin::embedded(), facts, config, places, tools, say }).ok()
}

/// Nothing is run.
fn describer(dir: &Utf8Path) -> Describer {
    Describer { builds: dir.join(".fudsv"), may_run: false }
}

/// A plugin: it is parsed and run, and what it declares is put together.
fn script(bytes: &[u8], dir: &Utf8Path) {
    let file = dir.join("p.rhai");
    if std::fs::write(&file, bytes).is_ok() {
        drop(load(dir, vec![Source::File(file)]));
    }
}

/// A filelist, of a trusted and of an untrusted project.
fn filelist(bytes: &[u8], dir: &Utf8Path) {
    let facts = facts(dir);
    let Some(config) = configuration(&facts).filter(|_| std::fs::write(dir.join("l.f"), bytes).is_ok())
    else {
        return;
    };
    for untrusted in [false, true] {
        let operands = vec![Operand::List { path: "l.f".to_owned(), own_paths: untrusted }];
        let options = RequestOptions { operands, untrusted, ..RequestOptions::default() };
        drop(Design::of(&options, &facts, &config, dir, &describer(dir)));
    }
}

/// Sources, with lines of `---` between them: their order, and the ports of the top.
fn source(bytes: &[u8], _: &Utf8Path) {
    let text = String::from_utf8_lossy(bytes);
    let sources: Vec<&str> = text.split("\n---\n").collect();
    let outlines: Vec<String> = sources.iter().map(|source| outline(source)).collect();
    drop(in_order(&outlines, &[]));
    drop(odd_ports(&sources, None));
    drop(odd_ports(&sources, Some("top")));
}

/// A configuration file with all its profiles, and the design that it describes.
fn fud_toml(bytes: &[u8], dir: &Utf8Path) {
    let facts = facts(dir);
    let (Ok(text), file) = (std::str::from_utf8(bytes), dir.join(config::FILE_NAME)) else { return };
    drop(config::check(&facts, &file, text));
    if std::fs::write(&file, text).is_err() {
        return;
    }
    if let Ok((config, _)) = config::load(&facts, Some(dir), &Sources::default()) {
        for untrusted in [false, true] {
            let operands = vec![Operand::Word("d".to_owned())];
            let options = RequestOptions { operands, untrusted, ..RequestOptions::default() };
            drop(Design::of(&options, &facts, &config, dir, &describer(dir)));
        }
    }
    std::fs::remove_file(&file).unwrap_or_default();
}

/// A saved plan.
fn plan(bytes: &[u8], dir: &Utf8Path) {
    thread_local! {
        static SCRIPTS: std::cell::OnceCell<Option<Scripts>> = const { std::cell::OnceCell::new() };
    }
    let Ok(saved) = serde_json::from_slice::<Saved>(bytes) else { return };
    let read = |graph: &OpGraph| drop(Plan::from_saved(graph, &saved, |given| WorkPath::new(given)));
    SCRIPTS.with(|scripts| {
        let scripts = scripts.get_or_init(|| load(dir, vec![Source::Builtin]));
        scripts.as_ref().map(Scripts::graph).into_iter().for_each(read);
    });
}

/// Verilator's tree and header, with a line of `---` between them; and what it printed.
fn port_tree(bytes: &[u8], _: &Utf8Path) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split("\n---\n");
    let mut part = || parts.next().unwrap_or_default();
    let (tree, header, symbols, dpi, meta) = (part(), part(), part(), part(), part());
    drop(ports::parse(&ports::Given { tree, meta, header, symbols, dpi, probes: &[] }));
    let probes = ["u.x".to_owned()];
    drop(ports::parse(&ports::Given { tree, meta, header, symbols, dpi, probes: &probes }));
    drop(lint::parse(&text));
}

/// A dependency file, of Make's kind and of Verilator's.
fn depfile(bytes: &[u8], _: &Utf8Path) {
    let text = String::from_utf8_lossy(bytes);
    drop(step::depfile::parse(&text));
    drop(step::verilator_files::parse(&text));
}

/// The manifest of an entry of a store.
fn manifest(bytes: &[u8], _: &Utf8Path) {
    store::reads_as_manifest(bytes);
}

/// The index of what steps read and made.
fn index(bytes: &[u8], _: &Utf8Path) {
    drop(step::index_bytes::decode(bytes));
}

/// The words of `fudsv tool run`.
fn tool_words(bytes: &[u8], _: &Utf8Path) {
    let text = String::from_utf8_lossy(bytes);
    // The words of a response file name another file, which need not end.
    let words: Vec<String> =
        text.split('\n').map(str::to_owned).filter(|word| !word.starts_with('@')).collect();
    if let Ok(step) = Step::parse(&words) {
        drop(step::splice::commands(&step, "t"));
    }
}
