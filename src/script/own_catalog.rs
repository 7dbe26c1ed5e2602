//! What the user's scripts declare, saved for the user by an earlier process with all that they asked. While the answers are
//! the same, a plan runs no script: they run when the body of one of their ops does.
//! It does not know the language. If a script asks for more than facts, or prints, nothing is saved.

use super::catalog::{OpEntry, StateEntry};
use super::declared::OpDeclared;
use super::session::Session;
use crate::diag::{Place, Result};
use crate::digest::KeyHasher;
use crate::facts::{Answer, Facts, Query, Stat, all_still};
use crate::graph::Origin;
use crate::workdir::replace;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The directory of the catalogs in the cache of the user.
const DIR: &str = "plugins";

/// The longest catalog, in bytes.
const LONGEST: usize = 4 << 20;

/// How many catalogs are kept; beyond that, the oldest are removed.
const MOST: usize = 64;

/// How exact the times of files are, generously. A file that was as young when it was read may have another content and the
/// same times.
const TICK: Duration = Duration::from_millis(20);

/// Where the catalog of some scripts is. Another program, another directory and another search path have another.
pub struct CatalogPlace {
    file: Utf8PathBuf,
}

/// A catalog of the user's scripts.
#[derive(Serialize, Deserialize)]
pub struct OwnCatalog {
    #[serde(skip)]
    file: Utf8PathBuf,
    /// What the scripts asked.
    seen: Vec<(Query, Answer)>,
    scripts: Vec<ScriptEntry>,
    states: Vec<(StateEntry, Line)>,
    ops: Vec<(OpEntry, Line, BuiltinStates)>,
}

/// A script that declares something.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ScriptEntry {
    rank: u32,
    name: String,
    /// The file, as the user would name it.
    file: String,
}

/// The number of a script, and of its line what an error shows: line, column, text and width.
#[derive(Serialize, Deserialize)]
struct Line(usize, usize, usize, Option<String>, usize);

/// For each parameter, inputs first, whether it is a built-in state.
type BuiltinStates = Vec<bool>;

impl CatalogPlace {
    /// The place for the scripts of a load; `None` if nothing is to be saved of them.
    pub fn of(session: &Session) -> Option<CatalogPlace> {
        let (facts, library) = (&session.facts, &session.library);
        if facts.has_stand_ins() {
            return None;
        }
        let (env, places) = (facts.env(), library.places());
        let mut key = KeyHasher::new();
        key.field("fudsv", format!("{} {:?}", env!("CARGO_PKG_VERSION"), Stat::of(&env.exe)));
        key.field("built-in", library.builtin().sum());
        key.field("cwd", places.cwd.as_str()).field("root", places.root.as_str());
        key.field("sources", format!("{:?}", library.sources()));
        let file = env.xdg("XDG_CACHE_HOME", ".cache")?.join(DIR).join(format!("{}.json", key.finish()));
        Some(CatalogPlace { file })
    }

    /// The catalog, if all that its scripts asked has the same answers. The answers become facts.
    pub fn load(&self, facts: &Facts) -> Option<OwnCatalog> {
        let text = std::fs::read(&self.file).ok()?;
        let mut catalog: OwnCatalog = serde_json::from_slice(&text).ok()?;
        if !all_still(facts.env(), &catalog.seen, str::to_owned) {
            return None;
        }
        facts.remember_all(std::mem::take(&mut catalog.seen));
        Some(catalog)
    }

    /// A catalog of what the scripts declared; `None` if it would not say all.
    pub fn catalog(self, session: &Session, asked: BTreeMap<Query, Answer>) -> Option<OwnCatalog> {
        let declared = session.declared.borrow();
        let mut places = HashSet::new();
        let is_known = |op: &OpDeclared| {
            let Place { file, line, column, .. } = &op.origin.place;
            places.insert((file.clone(), *line, *column, op.name.clone()))
        };
        if session.did_more.get() || !declared.own_ops().all(is_known) {
            return None;
        }
        let mut catalog =
            OwnCatalog { file: self.file, seen: seen(asked), scripts: vec![], states: vec![], ops: vec![] };
        for state in declared.own_states() {
            let line = catalog.line(&state.origin);
            catalog.states.push((StateEntry::of(state), line));
        }
        for op in declared.own_ops() {
            let line = catalog.line(&op.origin);
            let are_builtin = op.inputs.iter().chain(&op.outputs).map(|param| param.state.builtin).collect();
            catalog.ops.push((OpEntry::of(op), line, are_builtin));
        }
        Some(catalog)
    }
}

/// The answers as they are saved: by the times of a file only if it was old enough when it was read.
fn seen(asked: BTreeMap<Query, Answer>) -> Vec<(Query, Answer)> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(TICK);
    let is_old = |stat: &Stat| u128::try_from(stat.ctime).is_ok_and(|ctime| ctime < now.as_nanos());
    let sure = |(query, answer): (Query, Answer)| {
        let stat = answer.stat.filter(is_old);
        (query, Answer { stat, ..answer })
    };
    asked.into_iter().map(sure).collect()
}

impl OwnCatalog {
    /// Saves it. What cannot be written is made again.
    pub fn save(&self) {
        let Ok(text) = serde_json::to_vec(self) else { return };
        if text.len() <= LONGEST && replace(&self.file, &text).is_ok() {
            self.file.parent().into_iter().for_each(sweep);
        }
    }

    /// Declares it all, as if the scripts had run.
    ///
    /// # Errors
    /// Scripts declare too much.
    pub fn declare(self, session: &Session) -> Result<()> {
        let origin = |line: Line| {
            let Line(script, line, column, source, width) = line;
            let ScriptEntry { rank, name, file } = self.scripts.get(script).cloned()?;
            let place = Place { file, line, column, source, width };
            Some(Origin { rank, script: name, builtin: false, place })
        };
        for (state, line) in self.states {
            origin(line).map(|origin| session.add_state(state.declared(origin))).transpose()?;
        }
        for (op, line, are_builtin) in self.ops {
            let Some(origin) = origin(line) else { continue };
            let mut op = op.declared(origin);
            let params = op.inputs.iter_mut().chain(&mut op.outputs);
            params.zip(are_builtin).for_each(|(param, is)| param.state.builtin = is);
            session.add_op(op)?;
        }
        Ok(())
    }

    /// Where something stands, and its script noted.
    fn line(&mut self, origin: &Origin) -> Line {
        let Origin { rank, script, place, .. } = origin;
        let entry = ScriptEntry { rank: *rank, name: script.clone(), file: place.file.clone() };
        let known = self.scripts.iter().position(|other| *other == entry);
        let number = known.unwrap_or_else(|| {
            self.scripts.push(entry);
            self.scripts.len() - 1
        });
        Line(number, place.line, place.column, place.source.clone(), place.width)
    }
}

/// Removes the oldest catalogs if there are too many.
fn sweep(dir: &Utf8Path) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let dated = entries.flatten().filter_map(|entry| {
        let written = entry.metadata().and_then(|meta| meta.modified()).ok()?;
        Some((written, entry.path()))
    });
    let mut all: Vec<_> = dated.collect();
    all.sort();
    let many = all.len().saturating_sub(MOST);
    // Another process may have removed it.
    all.iter().take(many).for_each(|(_, file)| drop(std::fs::remove_file(file)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Scripts;
    use crate::script::harness::{Project, graph, run_op};

    const BASE: &str = r#"
export const src = state("src", ["src"]);
export const obj = state("obj", ["obj"]);
fn base_setup(e) { e.rule("compile", "cc $in > $out"); }
op("compile", [base_setup], src, obj, |e, input, output| e.build_cmd([output], "compile", [input], []));
"#;

    const LINK: &str = r#"
import "base" as b;
let exe = state("exe", ["exe"]);
fn link_setup(e) { e.rule("link", "ld $in > $out"); }
op("link", [get_setup("base_setup"), link_setup], b::obj, exe, |e, input, output| {
    e.build_cmd(["mid"], "compile", [input], []);
    e.build_cmd([output], "link", ["mid"], []);
});
for level in 0..3 {
    let made = state(`made${level}`, []);
    op(`level${level}`, [link_setup], exe, made, |e, input, output| {
        e.rule("optimize", `opt -O${level} $in > $out`);
        e.build_cmd([output], "optimize", [input], []);
    });
}
/// Packs it.
defop pack(all: [exe], more: optional("obj")) >> packed: "exe" { shell(`tar ${packed} ${all}`); }
"#;

    fn project() -> Project {
        Project::new([("base.rhai", BASE), ("link.rhai", LINK)]).var("XDG_CACHE_HOME", "/p/cache")
    }

    /// What is declared and what each body says, and how many scripts had run before a body did.
    fn loaded(project: &Project) -> (String, usize) {
        let scripts: Scripts = project.load().unwrap();
        let ran = scripts.session.modules.borrow().len();
        let bodies = scripts.graph().ops().map(|(id, op)| format!("{}\n{}\n", op.name, run_op(&scripts, id)));
        (format!("{}\n{}", graph(&scripts), bodies.collect::<String>()), ran)
    }

    /// The names that are declared.
    fn names(project: &Project) -> String {
        let scripts = project.load().unwrap();
        let names: Vec<&str> = scripts.graph().ops().map(|(_, op)| op.name.as_str()).collect();
        names.join(" ")
    }

    /// The files of the catalogs.
    fn catalogs(project: &Project) -> Vec<Utf8PathBuf> {
        let Ok(dir) = project.root().join("cache/fudsv").join(DIR).read_dir_utf8() else { return vec![] };
        dir.map(|entry| entry.unwrap().into_path()).collect()
    }

    #[test]
    fn with_the_catalog_all_is_as_without_it_and_no_script_runs_before_a_body_does() {
        let project = project();
        let (first, ran) = loaded(&project);
        assert!(ran == 2 && first.contains("-O2") && first.contains("Packs it"), "{first}");
        assert_eq!(loaded(&project), (first, 0));
    }

    #[test]
    fn what_scripts_asked_is_asked_with_the_catalog_too() {
        let project = project();
        let seen = |scripts: Scripts| scripts.session.facts.seen().into_keys().collect::<Vec<_>>();
        let first = seen(project.load().unwrap());
        assert!(
            first.contains(&Query::File(project.root().join("fudsv/base.rhai").into_string())),
            "{first:?}"
        );
        assert_eq!(seen(project.load().unwrap()), first);
    }

    #[test]
    fn an_edited_an_imported_a_new_and_a_removed_script_are_seen() {
        let project = Project::new([("a.rhai", "import \"lib\" as l;\nl::make(\"one\");")])
            .file(
                "lib/lib.rhai",
                "fn make(name) { let s = state(\"s\", []); op(name, [], s, s, |e, i, o| ()); }",
            )
            .var("XDG_CACHE_HOME", "/p/cache");
        let dir = project.root().join("lib");
        let project = project.first(crate::script::Source::Searched(dir));
        assert_eq!((names(&project).as_str(), names(&project).as_str()), ("one", "one"));
        let project = project.file("fudsv/a.rhai", "import \"lib\" as l;\nl::make(\"two\");");
        assert_eq!(names(&project), "two");
        let lib = "fn make(name) { let s = state(\"s\", []); op(name + \"!\", [], s, s, |e, i, o| ()); }";
        let project = project.file("lib/lib.rhai", lib);
        assert_eq!(names(&project), "two!");
        let nearer = lib.replace('!', "?");
        let project = project.file("fudsv/lib.rhai", &nearer);
        assert_eq!(names(&project), "two?");
        std::fs::remove_file(project.root().join("fudsv/lib.rhai")).unwrap();
        assert_eq!(names(&project), "two!");
        std::fs::remove_file(project.root().join("fudsv/a.rhai")).unwrap();
        assert_eq!(names(&project), "");
    }

    #[test]
    fn a_script_with_an_error_is_reported_each_time_and_after_the_edit_that_broke_it() {
        let project = project();
        names(&project);
        let project = project.file("fudsv/link.rhai", "import \"base\" as b;\nlet x = b::nothing;");
        let error = project.error();
        assert!(
            error.contains("does not export `nothing`") && error.contains("fudsv/link.rhai:2"),
            "{error}"
        );
        assert_eq!(project.error(), error);
        let project = project
            .file("fudsv/link.rhai", "let s = state(\"s\", []);\nop(\"o\", [], s, \"no\", |e, i, o| ());");
        let error = project.error();
        assert!(error.contains("`no`"), "{error}");
        assert_eq!(project.error(), error);
    }

    #[test]
    fn a_script_that_asks_for_settings_or_tools_or_prints_runs_each_time() {
        let op = |name: &str| format!("let s = state(\"s\", []);\nop({name}, [], s, s, |e, i, o| ());");
        let project = Project::script(&op("config_or(\"name\", \"none\")")).var("XDG_CACHE_HOME", "/p/cache");
        assert_eq!((names(&project), names(&project.config("name = 'set'"))), ("none".into(), "set".into()));
        let project =
            Project::script(&format!("print(\"hello\");\n{}", op("\"o\""))).var("XDG_CACHE_HOME", "/p/cache");
        assert_eq!((names(&project), names(&project)), ("o".into(), "o".into()));
        assert_eq!(*project.said.borrow(), ["fudsv/p.rhai: hello", "fudsv/p.rhai: hello"]);
        assert_eq!(catalogs(&project), [""; 0]);
    }

    #[test]
    fn two_ops_of_one_name_that_one_line_declares_keep_their_bodies() {
        let text = "let s = state(\"s\", []);\nfor n in 0..2 { op(\"o\", [], s, s, |e, i, o| { e.rule(\"r\", `x${n}`); e.build_cmd([o], \"r\", [i], []); }); }";
        let project = Project::script(text).var("XDG_CACHE_HOME", "/p/cache");
        let (first, _) = loaded(&project);
        assert!(first.contains("x0") && first.contains("x1"), "{first}");
        assert_eq!(loaded(&project).0, first);
    }

    #[test]
    fn a_damaged_catalog_is_made_again() {
        let project = project();
        let whole = loaded(&project).0;
        let [file] = catalogs(&project).try_into().unwrap();
        let kept = std::fs::read_to_string(&file).unwrap();
        for text in ["", "[", "{}", &kept.replace("\"ops\"", "\"opt\"")] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(loaded(&project), (whole.clone(), 2));
            assert_eq!(loaded(&project), (whole.clone(), 0));
        }
    }

    #[test]
    fn the_oldest_catalogs_are_removed() {
        let project = project();
        let dir = project.root().join("cache/fudsv").join(DIR);
        std::fs::create_dir_all(&dir).unwrap();
        for number in 0..MOST {
            std::fs::write(dir.join(format!("{number}.json")), "").unwrap();
        }
        names(&project);
        assert_eq!(catalogs(&project).len(), MOST);
        assert_eq!(loaded(&project).1, 0);
    }
}
