//! Builds models with the real Verilators and compilers and drives them from Python and C.
//! It does not know how they are built: `fudsv exec` does that.

#![allow(clippy::unwrap_used, clippy::panic)] // a test says what is wrong by panicking

mod toolchain;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use toolchain::{Toolchain, here, run, succeed, toolchains};

/// A model that was built.
struct Built {
    workdir: PathBuf,
    library: PathBuf,
    name: String,
}

impl Toolchain {
    /// What is said of a library that cannot be built.
    fn refuse(&self, top: &str, files: &[&str], settings: &[&str]) -> String {
        let out = tempfile::tempdir().unwrap();
        let output = run(&mut self.command(out.path(), "shared-lib", top, files, settings));
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Builds `lib<top>.so` in a directory that is kept between runs, and looks at what it exports.
    fn build(&self, top: &str, files: &[&str], settings: &[&str]) -> Built {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _guard = ONE_AT_A_TIME.lock();
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
        let settings_id: String = settings.concat().chars().map(plain).collect();
        let id = format!("{top}-{}{settings_id}", self.name);
        let workdir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("models").join(id);
        let mut fudsv = self.command(&workdir, "shared-lib", top, files, settings);
        let library = here(succeed(&mut fudsv).trim());
        check_exports(&library, top);
        Built { workdir, library, name: top.to_owned() }
    }

    fn command(&self, workdir: &Path, state: &str, top: &str, files: &[&str], settings: &[&str]) -> Command {
        let mut fudsv = Command::new(env!("CARGO_BIN_EXE_fudsv"));
        fudsv.current_dir(here(".")).arg("exec").args(files).args(["--to", state, "--dir"]).arg(workdir);
        let exe = format!("verilator.exe={}", self.verilator);
        let (top_key, include) = (format!("verilator.top={top}"), "verilator.include-dirs=tests/designs");
        for setting in
            [exe.as_str(), &format!("cxx.exe={}", self.cxx), &top_key, include].iter().chain(settings)
        {
            fudsv.args(["--set", setting]);
        }
        fudsv
    }
}

impl Built {
    /// Compiles a driver in C against the headers and the library, into `out`.
    fn driver(&self, source: &str, out: &Path) -> PathBuf {
        driver(source, &[self], out)
    }

    /// The directory of the headers.
    fn headers(&self) -> PathBuf {
        self.workdir.join(format!("{}.interface", self.name))
    }

    fn ports(&self) -> String {
        std::fs::read_to_string(self.workdir.join(format!("{}.ports.json", self.name))).unwrap()
    }
}

/// Compiles a driver in C against the headers and the libraries of models, into `out`.
fn driver(source: &str, models: &[&Built], out: &Path) -> PathBuf {
    driver_with(&[], source, models, out)
}

/// As [`driver`], with further flags.
fn driver_with(flags: &[&str], source: &str, models: &[&Built], out: &Path) -> PathBuf {
    let driver = out.join("driver");
    let mut compile = Command::new("gcc");
    compile.args(flags).args(["-std=c99", "-g", "-Wall", "-Wextra", "-Werror", "-pthread"]).arg(here(source));
    for model in models {
        compile.arg("-I").arg(model.headers()).arg(&model.library);
        compile.arg(format!("-Wl,-rpath,{}", model.workdir.display()));
    }
    succeed(compile.arg("-o").arg(&driver));
    driver
}

/// Only the C interface is exported.
fn check_exports(library: &Path, name: &str) {
    let listed = succeed(Command::new("nm").args(["-D", "--defined-only"]).arg(library));
    let names: Vec<_> = listed.lines().filter_map(|line| line.split(' ').next_back()).collect();
    let ours = |symbol: &&str| *symbol == "fudsv_get_api" || symbol.starts_with(&format!("{name}_"));
    assert!(names.contains(&"fudsv_get_api") && names.iter().all(ours), "{names:?}");
}

/// Runs a Python script over a library, and expects it to say that all is well: before or after what the design
/// displays, since Python and C each have a buffer.
fn python(script: &str, library: &Path) {
    let output =
        succeed(Command::new("python3").arg("-B").arg(here(script)).arg(here("tests/model")).arg(library));
    assert!(output.lines().any(|line| line.ends_with(": ok")), "{output}");
}

/// Builds a design with every toolchain and runs a Python script over it.
fn drive(name: &str, files: &[&str], settings: &[&str], script: &str) {
    for toolchain in toolchains() {
        println!("{toolchain:?}");
        python(script, &toolchain.build(name, files, settings).library);
    }
}

const WIDE: &[&str] = &["tests/designs/wide_pkg.sv", "tests/designs/wide.sv"];
const COUNTER: &[&str] = &["examples/counter/counter.sv"];

/// The store gives results with what the compiler said.
#[test]
fn what_is_compiled_into_every_model_brings_no_warning() {
    for toolchain in toolchains() {
        let out = tempfile::tempdir().unwrap();
        let output =
            run(&mut toolchain.command(out.path(), "shared-lib", "saved", &["tests/designs/saved.sv"], &[]));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("warning"), "{toolchain:?}\n{said}");
    }
}

#[test]
fn values_are_masked_on_write_and_extended_on_read() {
    drive("wide", WIDE, &[], "tests/model/wide.py");
}

#[test]
fn every_end_of_a_design_is_a_status_and_the_host_lives_on() {
    drive("ends", &["tests/designs/ends.sv"], &[], "tests/model/ends.py");
}

#[test]
fn a_design_with_delays_is_left_from_inside_a_process() {
    drive("timed", &["tests/designs/timed.sv"], &["verilator.args=--timing"], "tests/model/timed.py");
}

#[test]
fn a_host_chooses_arguments_seeds_output_and_threads() {
    drive("hosted", &["tests/designs/hosted.sv"], &[], "tests/model/hosted.py");
}

#[test]
fn the_counter_example_is_driven_from_c_and_python() {
    for toolchain in toolchains() {
        let built = toolchain.build("counter", COUNTER, &[]);
        let out = tempfile::tempdir().unwrap();
        let driver = out.path().join("driver");
        for standard in ["-std=c99", "-std=c17"] {
            let mut compile = Command::new("gcc");
            compile.args([standard, "-Wall", "-Wextra", "-pedantic", "-Werror"]);
            compile.arg(here("examples/counter/driver.c")).arg("-I").arg(built.headers());
            compile.arg(&built.library).arg(format!("-Wl,-rpath,{}", built.workdir.display()));
            succeed(compile.arg("-o").arg(&driver));
            assert!(succeed(&mut Command::new(&driver)).contains("counted to 20"));
        }
        let mut python = Command::new("python3");
        python.env("PYTHONPATH", built.headers());
        python.arg("-B").arg(here("examples/counter/driver.py")).arg(&built.library);
        assert!(succeed(&mut python).ends_with("counted to 255 twice: ok\n"));
    }
}

/// Runs a program under a memory checker, if there is one; where a model with delays is left, its processes leak.
fn checked(driver: &Path, arguments: &[&str], leaks: bool) -> String {
    let mut command = match Command::new("valgrind").arg("--version").output() {
        Ok(_) => Command::new("valgrind"),
        Err(cause) => {
            println!("without a memory checker: valgrind: {cause}");
            return succeed(Command::new(driver).args(arguments));
        }
    };
    let leaks = if leaks { "--leak-check=full" } else { "--leak-check=no" };
    command.args(["-q", leaks, "--errors-for-leak-kinds=definite", "--error-exitcode=9"]);
    succeed(command.arg(driver).args(arguments))
}

#[test]
fn ends_leave_no_memory_error_behind() {
    for toolchain in toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++") {
        let built = toolchain.build("ends", &["tests/designs/ends.sv"], &[]);
        let out = tempfile::tempdir().unwrap();
        let output = checked(&built.driver("tests/model/ends.c", out.path()), &[], true);
        assert!(output.contains("3: 2 2 $stop\n"), "{output}");
    }
}

#[test]
fn a_saved_model_goes_on_where_it_was_and_no_other_file_harms_it() {
    for toolchain in toolchains() {
        let build = |setting: &str| {
            toolchain.build("saved", &["tests/designs/saved.sv"], &["verilator.savable=true", setting])
        };
        let (built, other) = (build("verilator.trace=vcd"), build("cxx.flags=-O2"));
        let out = tempfile::tempdir().unwrap();
        let other_out = tempfile::tempdir().unwrap();
        let other = other.driver("tests/model/saved.c", other_out.path());
        let state = other_out.path().join("state");
        succeed(Command::new(other).arg("save").arg(&state));
        let driver = built.driver("tests/model/saved.c", out.path());
        let arguments = [out.path().to_str().unwrap(), state.to_str().unwrap()];
        assert_eq!(checked(&driver, &arguments, true), "saved: ok\n", "{toolchain:?}");
    }
}

#[test]
fn a_static_library_takes_dpi_functions_from_its_build_and_from_its_host() {
    let out = tempfile::tempdir().unwrap();
    let (object, archive) = (out.path().join("linked.o"), out.path().join("liblinked.a"));
    succeed(
        Command::new("gcc").args(["-fPIC", "-c", "-o"]).arg(&object).arg(here("tests/designs/dpi_linked.c")),
    );
    succeed(Command::new("ar").arg("rcs").arg(&archive).arg(&object));
    let files = ["tests/designs/asks.sv", archive.to_str().unwrap()];
    for toolchain in toolchains() {
        let mut compile = Command::new("gcc");
        compile.args(["-Wall", "-Werror"]).arg(here("tests/model/asks.c"));
        for top in ["asks_one", "asks_two"] {
            let workdir = out.path().join(toolchain.name).join(top);
            let library = succeed(&mut toolchain.command(&workdir, "static-lib", top, &files, &[]));
            compile.arg(here(library.trim())).arg("-I").arg(workdir.join(format!("{top}.interface")));
        }
        let driver = out.path().join(toolchain.name).join("driver");
        compile.args(["-lstdc++", "-lm", "-pthread", "-latomic", "-o"]).arg(&driver);
        succeed(&mut compile);
        let said = succeed(&mut Command::new(&driver));
        assert_eq!(said, "1111 1242\n1031\nthe DPI function `bound` is not bound\n", "{toolchain:?}");
    }
}

#[test]
fn a_simulation_that_lacks_a_dpi_function_is_not_linked() {
    let toolchain = &toolchains()[0];
    let out = tempfile::tempdir().unwrap();
    let output = run(&mut toolchain.command(out.path(), "sim", "asks_one", &["tests/designs/asks.sv"], &[]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("`link asks_one.sim` failed"), "{said}");
    assert!(said.contains("linked_by_host"), "{said}");
}

#[test]
fn no_misuse_and_no_end_harms_the_host_or_other_models_in_other_threads() {
    for toolchain in toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++") {
        let ends = toolchain.build("ends", &["tests/designs/ends.sv"], &[]);
        for (mode, settings) in [("plain", &[][..]), ("timed", &["verilator.defines=TIMED"][..])] {
            let misused = toolchain.build("misused", &["tests/designs/misused.sv"], settings);
            let out = tempfile::tempdir().unwrap();
            let driver = driver("tests/model/misused.c", &[&misused, &ends], out.path());
            assert_eq!(checked(&driver, &[mode], mode == "plain"), "misused: ok\n", "{toolchain:?}");
        }
    }
}

#[test]
fn sanitizers_find_nothing_in_misuse() {
    const FLAGS: &str = "-fsanitize=address,undefined -fno-sanitize-recover=all";
    let (compiled, linked) = (format!("cxx.flags={FLAGS}"), format!("cxx.ldflags={FLAGS}"));
    for toolchain in toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++") {
        let build = |top: &str, more: &[&str]| {
            let settings = [&[compiled.as_str(), &linked], more].concat();
            toolchain.build(top, &[&format!("tests/designs/{top}.sv")], &settings)
        };
        let ends = build("ends", &[]);
        for (mode, settings) in [("plain", &[][..]), ("timed", &["verilator.defines=TIMED"][..])] {
            let misused = build("misused", settings);
            let out = tempfile::tempdir().unwrap();
            let flags: Vec<&str> = FLAGS.split(' ').collect();
            let driver = driver_with(&flags, "tests/model/misused.c", &[&misused, &ends], out.path());
            // Leaks are the business of the memory checker.
            let mut command = Command::new(driver);
            command.arg(mode).env("ASAN_OPTIONS", "detect_leaks=0");
            assert_eq!(succeed(&mut command), "misused: ok\n", "{toolchain:?}");
        }
    }
}

#[test]
fn objects_that_a_design_no_longer_refers_to_are_freed() {
    for toolchain in toolchains() {
        let built = toolchain.build("objects", &["tests/designs/objects.sv"], &[]);
        let out = tempfile::tempdir().unwrap();
        let said = succeed(&mut Command::new(built.driver("tests/model/objects.c", out.path())));
        assert_eq!(said, "objects: ok\n", "{toolchain:?}");
    }
}

#[test]
fn of_threads_that_use_one_model_each_call_is_done_whole_or_refused() {
    for toolchain in toolchains() {
        let built = toolchain.build("saved", &["tests/designs/saved.sv"], &[]);
        let out = tempfile::tempdir().unwrap();
        let said = succeed(&mut Command::new(built.driver("tests/model/shared.c", out.path())));
        assert_eq!(said, "shared: ok\n", "{toolchain:?}");
    }
}

const DPI: &[&str] = &["tests/designs/dpi_pkg.sv", "tests/designs/dpi.sv", "tests/designs/dpi_linked.c"];

#[test]
fn dpi_functions_are_bound_called_and_fail_without_harm() {
    for toolchain in toolchains() {
        let modes =
            [("plain", ""), ("timed", "verilator.defines=TIMED"), ("threaded", "verilator.threads=2")];
        for (mode, setting) in modes {
            let settings: Vec<&str> =
                Some(setting).filter(|setting| !setting.is_empty()).into_iter().collect();
            let built = toolchain.build("dpi", DPI, &settings);
            let out = tempfile::tempdir().unwrap();
            let driver = built.driver("tests/model/dpi.c", out.path());
            assert_eq!(checked(&driver, &[mode], mode == "plain"), "dpi: ok\n", "{toolchain:?}");
        }
    }
}

#[test]
fn dpi_functions_are_in_the_manifest_the_same_for_every_verilator() {
    let toolchains = toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++");
    let manifests = toolchains.map(|toolchain| {
        let built = toolchain.build("dpi", DPI, &[]);
        let text = std::fs::read_to_string(built.headers().join("fudsv.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        manifest["dpi"].clone()
    });
    let manifests: Vec<_> = manifests.collect();
    assert!(manifests.windows(2).all(|pair| pair[0] == pair[1]));
    let vectors = &manifests[0]["imports"][14];
    assert_eq!(vectors["name"], "vectors");
    assert_eq!(
        vectors["arguments"][1],
        serde_json::json!({
            "name": "b", "direction": "in", "c_type": "const svLogicVecVal*", "kind": "logic-vector",
            "width": 7, "signed": true, "elements": 1,
        })
    );
    assert_eq!(manifests[0]["imports"][1]["result"]["kind"], "void"); // the task
}

const PROBES: &str = "verilator.probes=u.pc u.state u.parts u.wide u.negative u.memory u.table_of u.packed_two \
                      u.half u.text u.odd.name u.unread v.pc gen[1].inner gen[0].f.far own";

#[test]
fn a_model_that_runs_in_threads_ends_like_others_and_stays_with_its_own() {
    for script in ["tests/model/ends.py", "tests/model/threaded.py"] {
        drive("ends", &["tests/designs/ends.sv"], &["verilator.threads=2"], script);
    }
}

#[test]
fn coverage_is_written_and_forgotten_for_each_model() {
    drive("ends", &["tests/designs/ends.sv"], &["verilator.coverage=[\"line\"]"], "tests/model/counted.py");
}

#[test]
fn ports_of_any_width_and_of_any_name_are_passed() {
    drive("broad", &["tests/designs/broad.sv"], &[], "tests/model/passed.py");
    drive("odd_names", &["tests/designs/odd_names.sv"], &[], "tests/model/passed.py");
}

#[test]
fn an_inout_is_read_or_with_its_enables_driven() {
    drive("pads", &["tests/designs/pads.sv"], &[], "tests/model/pads.py");
    let split = "verilator.pins-inout-enables=true";
    for toolchain in toolchains() {
        if toolchain.name.starts_with("548") {
            python(
                "tests/model/pads.py",
                &toolchain.build("pads", &["tests/designs/pads.sv"], &[split]).library,
            );
        }
    }
}

#[test]
fn signals_inside_of_a_design_are_read_by_their_paths() {
    drive("probed", &["tests/designs/probed.sv"], &[PROBES], "tests/model/probed.py");
}

#[test]
fn a_probe_that_names_nothing_is_told_with_the_nearest_signal() {
    let failures = [
        ("uu.pc", "the design has no signal `uu.pc` to probe\nhint: did you mean `u.pc`?"),
        ("gen.inner", "the design has no signal `gen.inner` to probe\nhint: did you mean `gen[0].inner`?"),
        ("v", "the design has no signal `v` to probe\nhint: `verilator.probes` names signals by their paths"),
    ];
    for toolchain in toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++") {
        for (probe, message) in failures {
            let said = toolchain.refuse(
                "probed",
                &["tests/designs/probed.sv"],
                &[&format!("verilator.probes={probe}")],
            );
            assert!(said.contains(message), "{said}");
        }
    }
}

#[test]
fn every_verilator_gives_the_same_interface() {
    let designs: [(&str, &[&str]); 8] = [
        ("broad", &["tests/designs/broad.sv"]),
        ("odd_names", &["tests/designs/odd_names.sv"]),
        ("pads", &["tests/designs/pads.sv"]),
        ("parameters", &["tests/designs/parameters_pkg.sv", "tests/designs/parameters.sv"]),
        ("counter", COUNTER),
        ("ends", &["tests/designs/ends.sv"]),
        ("shapes", &["tests/designs/captured/shapes.sv"]),
        ("wide", WIDE),
    ];
    for (name, files) in designs {
        let toolchains = toolchains().into_iter().filter(|toolchain| toolchain.cxx == "g++");
        let ports: Vec<_> = toolchains.map(|toolchain| toolchain.build(name, files, &[]).ports()).collect();
        assert!(ports.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {ports:#?}");
    }
}

#[test]
fn a_parameter_changes_the_interface_and_the_build_id() {
    let toolchain = &toolchains()[0];
    let narrow = toolchain.build("counter", COUNTER, &[]);
    let wide = toolchain.build("counter", COUNTER, &["verilator.parameters=WIDTH=70"]);
    assert!(narrow.ports().contains("\"width\": 8,") && wide.ports().contains("\"width\": 70,"));
    let script = "import driver, sys; a, b = map(driver.Library, sys.argv[1:]); \
                  assert a.info.build_id != b.info.build_id; \
                  m, n = a.new(), b.new(); m.reset(), n.reset(); m['en'] = n['en'] = 1; m.tick(300); n.tick(300); \
                  assert (m['count'], n['count']) == (44, 300); print('two: ok')";
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", here("tests/model")).arg("-B").arg("-c").arg(script);
    assert_eq!(succeed(python.arg(&narrow.library).arg(&wide.library)), "two: ok\n");
}
