//! Builds models with the real Verilators and compilers and drives them from Python and C.
//! It does not know Ninja or the command line: it calls the steps and runs the commands of `model::recipe` itself.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by panicking

use fudsv::digest::KeyHasher;
use fudsv::model::interface::Interface;
use fudsv::model::{recipe, resources, steps};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// A Verilator and a compiler.
#[derive(Clone, Debug)]
struct Toolchain {
    verilator: PathBuf,
    /// `VERILATOR_ROOT`, for a Verilator that does not know it itself.
    given_root: Option<PathBuf>,
    root: PathBuf,
    cxx: &'static str,
}

/// A model that was built.
struct Built {
    directory: tempfile::TempDir,
    library: PathBuf,
    interface: Interface,
}

/// Environment of the tests; the library itself must not read it.
#[allow(clippy::disallowed_methods)]
fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|cause| {
        panic!("can't run {:?}, which this test needs: {cause}", command.get_program())
    })
}

fn succeed(command: &mut Command) -> String {
    let output = run(command);
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}\n{}{}", shown(&output.stdout), shown(&output.stderr));
    shown(&output.stdout)
}

fn verilator(binary: &Path, root: Option<&Path>) -> Command {
    let mut command = Command::new(binary);
    command.env_remove("VERILATOR_ROOT");
    if let Some(root) = root {
        command.env("VERILATOR_ROOT", root);
    }
    command
}

/// The Verilator on PATH, and the one that `FUDSV_TEST_VERILATOR_548` names.
fn verilators() -> Vec<(PathBuf, Option<PathBuf>, PathBuf)> {
    let own = PathBuf::from("verilator_bin");
    let root = succeed(verilator(&own, None).args(["--getenv", "VERILATOR_ROOT"]));
    let mut all = vec![(own, None, PathBuf::from(root.trim()))];
    match variable("FUDSV_TEST_VERILATOR_548") {
        Some(root) => all.push((root.join("bin/verilator_bin"), Some(root.clone()), root)),
        None => println!("skipped for Verilator 5.48: FUDSV_TEST_VERILATOR_548 does not name its root"),
    }
    all
}

fn toolchains() -> Vec<Toolchain> {
    let mut compilers = vec!["g++"];
    match Command::new("clang++").arg("--version").output() {
        Ok(_) => compilers.push("clang++"),
        Err(cause) => println!("skipped for clang++: {cause}"),
    }
    let with = |(verilator, given_root, root): (PathBuf, Option<PathBuf>, PathBuf)| {
        let of = |cxx: &&'static str| Toolchain {
            verilator: verilator.clone(),
            given_root: given_root.clone(),
            root: root.clone(),
            cxx,
        };
        compilers.iter().map(of).collect::<Vec<_>>()
    };
    verilators().into_iter().flat_map(with).collect()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

impl Toolchain {
    fn compile(&self) -> Command {
        let mut command = Command::new(self.cxx);
        command.args(recipe::compile_flags(self.cxx == "g++"));
        for include in recipe::INCLUDES {
            command.arg("-isystem").arg(self.root.join(include));
        }
        command
    }

    /// The runtime objects of these sources, compiled once and kept between runs.
    fn runtime(&self, sources: &[String]) -> Vec<PathBuf> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock();
        let mut key = KeyHasher::new();
        key.field("cxx", run(Command::new(self.cxx).arg("--version")).stdout);
        key.field("flags", recipe::compile_flags(self.cxx == "g++").join(" "));
        key.field("root", self.root.as_os_str().as_encoded_bytes());
        key.field("verilated", std::fs::read(self.root.join("include/verilated.cpp")).unwrap());
        for (name, text) in resources::RUNTIME {
            key.field(name, text);
        }
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("runtime-{}", key.finish().short(16)));
        steps::write_runtime(&kept).unwrap();
        let own = kept.join("fudsv_runtime.cpp");
        let theirs = sources.iter().map(|name| self.root.join("include").join(format!("{name}.cpp")));
        theirs.chain([own]).map(|source| self.runtime_object(&kept, &source)).collect()
    }

    fn runtime_object(&self, kept: &Path, source: &Path) -> PathBuf {
        let object = kept.join(source.with_extension("o").file_name().unwrap());
        if !object.exists() {
            let unfinished = object.with_extension("unfinished");
            let mut compile = self.compile();
            if source.starts_with(&self.root) {
                compile.arg("-include").arg(kept.join("fudsv_hooks.h"));
            } else {
                compile.args(["-Wall", "-Wextra", "-Werror"]);
            }
            succeed(compile.arg("-c").arg(source).arg("-o").arg(&unfinished));
            std::fs::rename(unfinished, &object).unwrap();
        }
        object
    }

    /// Runs Verilator for the class and for the tree; gives the tree's path.
    fn verilate(&self, cwd: &Path, name: &str, arguments: &[&OsStr]) -> PathBuf {
        let command = |mode: &str, directory: &str| {
            let mut command = verilator(&self.verilator, self.given_root.as_deref());
            command.current_dir(cwd).args([mode, "--assert", "-Wno-fatal", "--Mdir", directory]);
            command.args(["--prefix", &format!("V{name}"), "--top-module", name]).args(arguments);
            command
        };
        succeed(command("--cc", "gen").arg("--no-skip-identical"));
        if run(&mut command("--xml-only", "tree")).status.success() {
            return cwd.join(format!("tree/V{name}.xml"));
        }
        succeed(&mut command("--json-only", "tree"));
        cwd.join(format!("tree/V{name}.tree.json"))
    }

    /// The interface of a design, verilated in this directory.
    fn ports(&self, cwd: &Path, name: &str, arguments: &[&OsStr]) -> Interface {
        let step = steps::PortsStep {
            tree: self.verilate(cwd, name, arguments),
            verilated: cwd.join("gen"),
            prefix: format!("V{name}"),
            output: cwd.join("w/ports.json"),
        };
        steps::write_ports(&step).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Builds `lib<name>.so` of a design and looks at what it exports.
    fn build(&self, name: &str, arguments: &[&OsStr]) -> Built {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        let interface = self.ports(at, name, arguments);
        let wrapped = steps::write_wrapper(&steps::WrapperStep {
            ports: at.join("w/ports.json"),
            verilated: at.join("gen"),
            prefix: format!("V{name}"),
            name: name.to_owned(),
            output: at.join("w"),
            root: at.to_owned(),
            verilator: "of a test".to_owned(),
            flags: String::new(),
            tools: vec![],
        });
        let wrapped = wrapped.unwrap_or_else(|error| panic!("{error}"));
        let object = at.join("all.o");
        let mut compile = self.compile();
        compile
            .current_dir(at)
            .args(recipe::QUOTED)
            .args(["-c", &format!("w/{name}_all.cpp"), "-o"])
            .arg(&object);
        succeed(&mut compile);
        let library = at.join(format!("lib{name}.so"));
        let mut link = Command::new(self.cxx);
        link.current_dir(at).arg("-shared").arg("-o").arg(&library).arg(&object);
        link.args(self.runtime(&wrapped.classes.runtime));
        succeed(link.args(recipe::link_flags(&format!("w/{name}.map"))));
        check_exports(&library, name);
        Built { directory, library, interface }
    }
}

/// Only the C interface is exported.
fn check_exports(library: &Path, name: &str) {
    let listed = succeed(Command::new("nm").args(["-D", "--defined-only"]).arg(library));
    let names: Vec<_> = listed.lines().filter_map(|line| line.split(' ').next_back()).collect();
    let ours = |symbol: &&str| *symbol == "fudsv_get_api" || symbol.starts_with(&format!("{name}_"));
    assert!(names.contains(&"fudsv_get_api") && names.iter().all(ours), "{names:?}");
}

/// Runs a Python script over a library, and expects it to say that all is well.
fn python(script: &str, library: &Path) {
    let output = succeed(
        Command::new("python3").arg("-B").arg(here(script)).arg(here("examples/counter")).arg(library),
    );
    assert!(output.trim_end().ends_with(": ok"), "{output}");
}

/// Builds a design with every toolchain and runs a Python script over it.
fn drive(name: &str, files: &[&str], more: &[&str], script: &str) {
    let paths: Vec<_> = files.iter().map(|file| here("tests/designs").join(file)).collect();
    let include = format!("-I{}", here("tests/designs").display());
    let mut arguments: Vec<&OsStr> = paths.iter().map(|path| path.as_os_str()).collect();
    arguments.extend(more.iter().map(OsStr::new));
    arguments.push(OsStr::new(&include));
    for toolchain in toolchains() {
        println!("{toolchain:?}");
        python(script, &toolchain.build(name, &arguments).library);
    }
}

#[test]
fn values_are_masked_on_write_and_extended_on_read() {
    drive("wide", &["wide_pkg.sv", "wide.sv"], &[], "tests/model/wide.py");
}

#[test]
fn every_end_of_a_design_is_a_status_and_the_host_lives_on() {
    drive("ends", &["ends.sv"], &[], "tests/model/ends.py");
}

#[test]
fn a_design_with_delays_is_left_from_inside_a_process() {
    drive("timed", &["timed.sv"], &["--timing"], "tests/model/timed.py");
}

#[test]
fn a_host_chooses_arguments_seeds_output_and_threads() {
    drive("hosted", &["hosted.sv"], &[], "tests/model/hosted.py");
}

#[test]
fn the_counter_example_is_driven_from_c_and_python() {
    let source = here("examples/counter/counter.sv");
    for toolchain in toolchains() {
        let built = toolchain.build("counter", &[source.as_os_str()]);
        let driver = built.directory.path().join("driver");
        for standard in ["-std=c99", "-std=c17"] {
            let mut compile = Command::new("gcc");
            compile.args([standard, "-Wall", "-Wextra", "-pedantic", "-Werror"]);
            compile.arg(here("examples/counter/driver.c")).arg("-I").arg(built.directory.path().join("w"));
            compile.arg(&built.library).arg("-Wl,-rpath,$ORIGIN").arg("-o").arg(&driver);
            succeed(&mut compile);
            assert!(succeed(&mut Command::new(&driver)).contains("counted to 20"));
        }
        let mut python = Command::new("python3");
        python.arg("-B").arg(here("examples/counter/driver.py")).arg(&built.library);
        assert!(succeed(&mut python).ends_with("counted to 255 twice: ok\n"));
    }
}

#[test]
fn ends_leave_no_memory_error_behind() {
    if let Err(cause) = Command::new("valgrind").arg("--version").output() {
        println!("skipped: valgrind: {cause}");
        return;
    }
    let source = here("tests/designs/ends.sv");
    for toolchain in toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++") {
        let built = toolchain.build("ends", &[source.as_os_str()]);
        let at = built.directory.path();
        let mut compile = Command::new("gcc");
        compile.arg(here("tests/model/ends.c")).arg("-I").arg(at.join("w")).arg(&built.library);
        succeed(compile.arg("-Wl,-rpath,$ORIGIN").arg("-o").arg(at.join("driver")));
        let mut checked = Command::new("valgrind");
        checked.args(["-q", "--leak-check=full", "--errors-for-leak-kinds=definite", "--error-exitcode=9"]);
        let output = succeed(checked.arg(at.join("driver")));
        assert!(output.contains("3: 2 2 $stop\n"), "{output}");
    }
}

#[test]
fn every_verilator_gives_the_same_interface() {
    let designs: [(&str, &[&str]); 4] = [
        ("counter", &["examples/counter/counter.sv"]),
        ("ends", &["tests/designs/ends.sv"]),
        ("shapes", &["tests/designs/captured/shapes.sv"]),
        ("wide", &["tests/designs/wide_pkg.sv", "tests/designs/wide.sv"]),
    ];
    let include = format!("-I{}", here("tests/designs").display());
    for (name, files) in designs {
        let paths: Vec<_> = files.iter().map(|file| here(file)).collect();
        let mut arguments: Vec<&OsStr> = paths.iter().map(|path| path.as_os_str()).collect();
        arguments.push(OsStr::new(&include));
        let toolchains = toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++");
        let interfaces: Vec<_> = toolchains
            .map(|toolchain| toolchain.ports(tempfile::tempdir().unwrap().path(), name, &arguments))
            .collect();
        assert!(interfaces.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {interfaces:#?}");
    }
}

#[test]
fn a_comment_changes_no_byte_of_the_ports() {
    let text = std::fs::read_to_string(here("examples/counter/counter.sv")).unwrap();
    for toolchain in toolchains() {
        let ports = |text: String| {
            let directory = tempfile::tempdir().unwrap();
            std::fs::write(directory.path().join("counter.sv"), text).unwrap();
            toolchain.ports(directory.path(), "counter", &[OsStr::new("counter.sv")]);
            std::fs::read(directory.path().join("w/ports.json")).unwrap()
        };
        assert_eq!(ports(text.clone()), ports(format!("// one more\n/* and\nanother */ {text}")));
    }
}

#[test]
fn a_parameter_changes_the_interface_and_the_build_id() {
    let source = here("examples/counter/counter.sv");
    let toolchain = &toolchains()[0];
    let narrow = toolchain.build("counter", &[source.as_os_str()]);
    let wide = toolchain.build("counter", &[source.as_os_str(), OsStr::new("-GWIDTH=70")]);
    assert_eq!((narrow.interface.ports[3].width, wide.interface.ports[3].width), (8, 70));
    let script = "import driver, sys; a, b = map(driver.Library, sys.argv[1:]); \
                  assert a.info.build_id != b.info.build_id; \
                  m, n = a.new(), b.new(); m.reset(), n.reset(); m['en'] = n['en'] = 1; m.tick(300); n.tick(300); \
                  assert (m['count'], n['count']) == (44, 300); print('two: ok')";
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", here("examples/counter")).arg("-B").arg("-c").arg(script);
    assert_eq!(succeed(python.arg(&narrow.library).arg(&wide.library)), "two: ok\n");
}
