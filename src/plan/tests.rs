//! What the planner promises, as sentences.
//! The laws against a slow enumerator are in `law`.

use super::each::find_each;
use super::fixture::{bind, checked, error, graph, ops, plan, request};
use super::plan_data::{FileSource, Plan};
use super::saved::Saved;
use crate::graph::OpGraph;
use crate::paths::WorkPath;

const CALYX: &str = "
    pass: calyx -> calyx
    compile: calyx -> verilog
    icarus: verilog -> exe
    verilator: verilog -> sim
    trace: sim -> vcd
    run: sim -> log
";

/// The uses of a plan with the files of their inputs and outputs.
fn lines(graph: &OpGraph, plan: &Plan) -> String {
    plan.plain_text(graph)
}

#[test]
fn the_shortest_way_is_taken_and_files_are_called_after_the_request() {
    let graph = graph(CALYX);
    let plan = plan(&graph, "a.calyx", "vcd", "").unwrap();
    assert_eq!(
        lines(&graph, &plan),
        "compile: ../../a.calyx -> top.verilog\nverilator: top.verilog -> top.sim\ntrace: top.sim -> top.vcd\nresult: top.vcd (`vcd`)\n"
    );
    assert!(plan.proved && plan.tie.is_none());
}

#[test]
fn a_given_file_of_the_wanted_state_needs_no_op() {
    let graph = graph(CALYX);
    let plan = plan(&graph, "a.calyx", "calyx", "").unwrap();
    assert!(plan.uses.is_empty());
    assert_eq!(plan.file(plan.results[0]).source, FileSource::Given(0));
}

#[test]
fn going_through_an_op_applies_it_even_when_the_state_is_given_already() {
    let graph = graph(CALYX);
    let passed = plan(&graph, "a.calyx", "verilog", "pass").unwrap();
    assert_eq!(
        lines(&graph, &passed),
        "pass: ../../a.calyx -> top.calyx\ncompile: top.calyx -> top.verilog\nresult: top.verilog (`verilog`)\n"
    );
    let twice = plan(&graph, "a.calyx", "calyx", "pass pass").unwrap();
    assert_eq!(
        lines(&graph, &twice),
        "pass: ../../a.calyx -> top-pass.calyx\npass: top-pass.calyx -> top.calyx\nresult: top.calyx (`calyx`)\n"
    );
}

#[test]
fn an_op_that_cuts_the_way_is_named() {
    let graph = graph(CALYX);
    let text = error(&graph, "a.verilog", "vcd", "icarus");
    assert_eq!(
        text,
        "error: no way from `verilog` to `vcd` through `icarus`\n  given:  a.verilog (`verilog`, from its extension)\n  wanted: `vcd`\nhint: `vcd` is made by `trace` (from `sim`); no op makes `sim` once `icarus` is required"
    );
}

#[test]
fn the_order_of_through_matters() {
    let graph = graph(CALYX);
    assert!(plan(&graph, "a.calyx", "vcd", "compile trace").is_ok());
    let text = error(&graph, "a.calyx", "vcd", "trace compile");
    assert!(text.starts_with("error: no way from `calyx` to `vcd` through `trace` and `compile`"), "{text}");
}

#[test]
fn an_op_gone_through_is_on_the_way_to_a_result() {
    let graph = graph("front: fuse -> calyx\nwrap: calyx -> calyx\nback: calyx -> sv");
    assert_eq!(ops(&graph, &plan(&graph, "a.fuse", "sv", "wrap").unwrap()), "front wrap back");
}

#[test]
fn a_cycle_does_not_support_itself() {
    let graph = graph("selfop: e -> e\nmake: b -> c");
    let text = error(&graph, "a.b", "e", "");
    assert!(text.contains("no way from `b` to `e`"), "{text}");
    assert!(text.contains("reachable: `c`"), "{text}");
}

#[test]
fn uses_do_not_stand_in_the_order_of_declaration() {
    let graph = graph("second: b -> c\nfirst: a -> b");
    assert_eq!(ops(&graph, &plan(&graph, "f.a", "c", "").unwrap()), "first second");
}

#[test]
fn a_file_feeds_two_ops() {
    let graph = graph("p2q: p -> q\np2s: p -> s\nqs2t: q s -> t");
    let plan = plan(&graph, "f.p", "t", "").unwrap();
    assert_eq!(
        lines(&graph, &plan),
        "p2q: ../../f.p -> top.q\np2s: ../../f.p -> top.s\nqs2t: top.q top.s -> top.t\nresult: top.t (`t`)\n"
    );
}

#[test]
fn every_output_of_an_op_has_a_file() {
    let graph = graph("split: b -> c d");
    let plan = plan(&graph, "f.b", "d", "").unwrap();
    assert_eq!(lines(&graph, &plan), "split: ../../f.b -> top.c top.d\nresult: top.d (`d`)\n");
}

#[test]
fn a_shared_file_is_paid_once() {
    let graph = graph("big 5: a -> m\nl: m -> x\nr: m -> y\nl2 4: a -> x\nr2 4: a -> y\njoin: x y -> z");
    let plan = plan(&graph, "f.a", "z", "").unwrap();
    assert_eq!(ops(&graph, &plan), "big l r join");
    assert_eq!(plan.cost(&graph), 8);
}

#[test]
fn two_files_for_one_parameter_are_an_error_with_a_way_out() {
    let graph = graph("lint: sv -> report");
    let text = error(&graph, "a.sv b.sv", "report", "");
    assert_eq!(
        text,
        "error: `a.sv` and `b.sv` could both be `lint.a`, which takes one file\n  given: a.sv (`sv`)\n         b.sv (`sv`)\nhint: `--each` does this for each of them"
    );
}

#[test]
fn two_parameters_of_one_state_want_bindings() {
    let graph = graph("join: a a -> b");
    let text = error(&graph, "1.a 2.a", "b", "");
    assert!(
        text.starts_with(
            "error: it is not clear which of `1.a` and `2.a` belongs to which of `join.a` and `join.b`"
        ),
        "{text}"
    );
    assert!(text.contains("`--bind join.a=1.a --bind join.b=2.a`"), "{text}");
    let mut request = request(&graph, "1.a 2.a", "b", "");
    bind(&graph, &mut request, "join.b=0");
    let plan = checked(&graph, &request).unwrap();
    assert_eq!(lines(&graph, &plan), "join: ../../2.a ../../1.a -> top.b\nresult: top.b (`b`)\n");
}

#[test]
fn an_op_that_takes_all_files_is_preferred_to_an_unclear_one() {
    let graph = graph("one: sv -> report\nall 3: sv* -> report");
    let plan = plan(&graph, "a.sv b.sv", "report", "").unwrap();
    assert_eq!(
        lines(&graph, &plan),
        "all: ../../a.sv ../../b.sv -> top.report\nresult: top.report (`report`)\n"
    );
}

#[test]
fn a_list_takes_the_made_file_when_none_is_given() {
    let graph = graph("gen: json -> sv\nall: sv* -> report");
    assert_eq!(ops(&graph, &plan(&graph, "a.json", "report", "").unwrap()), "gen all");
    let text = error(&graph, "a.json b.sv", "report", "");
    assert!(text.contains("no op of the plan takes the given file `a.json`"), "{text}");
    assert!(text.contains("`--through gen` takes it"), "{text}");
    let both = plan(&graph, "a.json b.sv", "report", "gen").unwrap();
    assert!(
        lines(&graph, &both).contains("all: ../../b.sv top.sv -> top.report"),
        "{}",
        lines(&graph, &both)
    );
}

#[test]
fn a_list_does_not_take_what_its_made_file_was_made_of() {
    let graph = graph("pass: sv* -> sv\nall: sv* -> report");
    let plan = plan(&graph, "a.sv b.sv", "report", "pass").unwrap();
    assert!(lines(&graph, &plan).contains("all: top.sv -> top.report"), "{}", lines(&graph, &plan));
}

#[test]
fn an_optional_parameter_takes_what_is_given_and_plans_nothing() {
    let graph = graph("mk: sv -> cfg\nsim: sv cfg? -> vcd");
    let without = plan(&graph, "a.sv", "vcd", "").unwrap();
    assert_eq!(lines(&graph, &without), "sim: ../../a.sv -> top.vcd\nresult: top.vcd (`vcd`)\n");
    let with = plan(&graph, "a.sv b.cfg", "vcd", "").unwrap();
    assert!(lines(&graph, &with).starts_with("sim: ../../a.sv ../../b.cfg -> top.vcd"));
    let through = plan(&graph, "a.sv", "vcd", "mk").unwrap();
    assert!(lines(&graph, &through).contains("sim: ../../a.sv top.cfg -> top.vcd"));
}

#[test]
fn an_optional_list_takes_all_that_is_given_or_nothing() {
    let graph = graph("mk: sv -> vlt\nsim: vlt+ sv* -> vcd");
    let without = plan(&graph, "a.sv", "vcd", "").unwrap();
    assert_eq!(lines(&graph, &without), "sim: ../../a.sv -> top.vcd\nresult: top.vcd (`vcd`)\n");
    let with = plan(&graph, "a.sv x.vlt b.sv y.vlt", "vcd", "").unwrap();
    assert!(
        lines(&graph, &with).starts_with("sim: ../../x.vlt ../../y.vlt ../../a.sv ../../b.sv -> top.vcd")
    );
    let through = plan(&graph, "a.sv", "vcd", "mk").unwrap();
    assert!(lines(&graph, &through).contains("sim: top.vlt ../../a.sv -> top.vcd"));
}

#[test]
fn an_optional_parameter_beside_one_of_its_state_wants_a_binding() {
    let graph = graph("sim: sv sv? -> vcd");
    let alone = plan(&graph, "a.sv", "vcd", "").unwrap();
    assert!(lines(&graph, &alone).starts_with("sim: ../../a.sv -> top.vcd"));
    let mut request = request(&graph, "a.sv b.sv", "vcd", "");
    assert!(checked(&graph, &request).is_err());
    bind(&graph, &mut request, "sim.b=0");
    assert!(lines(&graph, &checked(&graph, &request).unwrap()).starts_with("sim: ../../b.sv ../../a.sv ->"));
    let lists = super::fixture::graph("sim: v sv? sv? -> vcd");
    let text = error(&lists, "a.v b.sv", "vcd", "");
    assert!(text.ends_with("hint: `--bind sim.b=b.sv` gives it to that parameter"), "{text}");
}

#[test]
fn one_file_for_two_parameters_is_said() {
    let graph = graph("join: a a -> b");
    let plan = plan(&graph, "1.a", "b", "").unwrap();
    assert_eq!(plan.notes, ["`join.a` and `join.b` are the same file"]);
}

#[test]
fn a_given_file_goes_before_a_made_one_and_the_plan_says_so() {
    let graph = graph("gen: json -> sv meta\nuse: sv meta -> out");
    let plan = plan(&graph, "a.sv b.json", "out", "").unwrap();
    assert!(lines(&graph, &plan).contains("use: ../../a.sv top.meta -> top.out"));
    assert_eq!(plan.notes, ["`use.a` is the given `a.sv`, not what `gen` makes"]);
}

#[test]
fn an_op_gone_through_that_cannot_run_says_what_it_needs() {
    let graph = graph("a2c: a -> c\nboth: a b -> c");
    let text = error(&graph, "f.a", "c", "both");
    assert!(text.contains("no way from `a` to `c` through `both`"), "{text}");
    assert!(
        text.ends_with("`both` takes `a` and `b` and makes `c`; no op makes `b` from the given files"),
        "{text}"
    );
}

#[test]
fn an_unknown_character_in_a_saved_path_is_refused() {
    let graph = graph("a2b: a -> b");
    let mut saved = plan(&graph, "f.a", "b", "").unwrap().to_saved(&graph, WorkPath::to_string);
    let json = serde_json::to_string(&saved).unwrap().replace("top.b", "top|b");
    saved = serde_json::from_str(&json).unwrap();
    assert!(
        Plan::from_saved(&graph, &saved, |path| WorkPath::new(path))
            .unwrap_err()
            .to_string()
            .contains("contains a `|`")
    );
}

#[test]
fn a_file_that_need_not_be_used_is_left_out_and_the_others_keep_their_numbers() {
    let graph = graph("lint: sv -> report\ncompile: cpp -> object");
    let mut request = request(&graph, "y.cpp x.sv", "report", "");
    let refused = super::find(&graph, &request).unwrap_err().to_string();
    assert!(refused.contains("no op of the plan takes the given file `y.cpp`"), "{refused}");
    request.given[0].required = false;
    let plan = super::find(&graph, &request).unwrap();
    assert_eq!(lines(&graph, &plan), "lint: ../../x.sv -> top.report\nresult: top.report (`report`)\n");
    let given = plan.files.iter().find(|file| file.path.to_string() == "../../x.sv").unwrap();
    assert_eq!(given.source, FileSource::Given(1));
}

#[test]
fn a_given_file_that_nothing_takes_is_named_with_an_op_that_would() {
    let graph = graph("plain: sv -> vcd\nfull 3: sv cfg -> vcd");
    let text = error(&graph, "a.sv b.cfg", "vcd", "");
    assert_eq!(
        text,
        "error: no op of the plan takes the given file `b.cfg`\n  plan: plain\nhint: `--through full` takes it"
    );
    assert!(plan(&graph, "a.sv b.cfg", "vcd", "full").is_ok());
}

#[test]
fn of_several_states_those_count_from_which_the_target_is_reached() {
    let graph = graph("old: noverify -> exe\nnew: sv -> exe\nonly: noverify -> odd");
    let odd = plan(&graph, "a.sv|noverify", "odd", "").unwrap();
    assert!(odd.notes.is_empty());
    let exe = plan(&graph, "a.sv|noverify", "exe", "").unwrap();
    assert_eq!(ops(&graph, &exe), "new");
    assert_eq!(exe.notes, ["`a.sv` is taken as `sv`; `--from` can say `noverify` instead"]);
    assert_eq!(ops(&graph, &plan(&graph, "a.sv|noverify", "exe", "old").unwrap()), "old");
}

#[test]
fn the_nearest_of_two_equal_plans_is_chosen_and_the_other_is_named() {
    let graph = graph("verilator: v -> sim\nicarus: v -> sim\nrun: sim -> log");
    let chosen = plan(&graph, "a.v", "log", "").unwrap();
    assert_eq!(ops(&graph, &chosen), "verilator run");
    let tie = chosen.tie.unwrap();
    assert_eq!((tie.instead, tie.through.as_str()), (vec!["icarus".to_owned()], "icarus"));
    let other = plan(&graph, "a.v", "log", "icarus").unwrap();
    assert_eq!(ops(&graph, &other), "icarus run");
    assert!(other.tie.is_none());
    let mut strict = request(&graph, "a.v", "log", "");
    strict.strict = true;
    let text = checked(&graph, &strict).unwrap_err().to_string();
    assert!(text.starts_with("error: two plans cost the same"), "{text}");
}

#[test]
fn an_op_with_more_inputs_does_not_hide_what_is_missing() {
    let graph = graph("annotate: calyx wavecfg -> dat\nother: yaml -> dat");
    let text = error(&graph, "a.calyx", "dat", "");
    assert!(text.ends_with("hint: `annotate` (which makes `dat`) also needs a `wavecfg` file"), "{text}");
}

#[test]
fn what_no_op_makes_is_said() {
    let graph = graph("a2b: a -> b\nc2d: c -> d");
    assert!(error(&graph, "f.a", "c", "").ends_with("hint: no op makes `c`"));
    let text = error(&graph, "f.a", "d", "");
    assert!(
        text.ends_with("`d` is made by `c2d` (from `c`); no op makes that from the given files"),
        "{text}"
    );
}

#[test]
fn a_binding_for_an_op_outside_the_plan_is_refused() {
    let graph = graph("one: sv -> report\nother: sv -> html");
    let mut request = request(&graph, "a.sv", "report", "");
    bind(&graph, &mut request, "other.a=0");
    let text = checked(&graph, &request).unwrap_err().to_string();
    assert!(text.contains("bound to `other.a`, but the plan does not use `other`"), "{text}");
    request.bind[0].param = "q".into();
    let text = checked(&graph, &request).unwrap_err().to_string();
    assert!(text.contains("`other` has no input `q`"), "{text}");
}

#[test]
fn a_binding_settles_the_state_of_its_file() {
    let graph = graph("new: sv -> exe\nold: noverify -> exe\njoin: exe noverify -> out");
    let mut request = request(&graph, "a.sv b.sv|noverify", "out", "");
    bind(&graph, &mut request, "join.b=1");
    let plan = checked(&graph, &request).unwrap();
    assert_eq!(ops(&graph, &plan), "new join");
}

#[test]
fn names_are_unique_and_the_result_has_the_plain_one() {
    let graph = graph("a: in -> t1\nb: t1 -> t2\nc: t2 -> t3");
    let mut data = OpGraph::new();
    for (_, state) in graph.states() {
        let mut state = state.clone();
        state.extensions = vec!["x".into()];
        data.add_state(state);
    }
    for (_, op) in graph.ops() {
        data.add_op(op.clone());
    }
    let mut request = request(&graph, "f.in", "t3", "");
    request.given[0].path = crate::paths::WorkPath::new("top-b.x").unwrap();
    let plan = checked(&data, &request).unwrap();
    assert_eq!(
        lines(&data, &plan),
        "a: top-b.x -> top-a.x\nb: top-a.x -> top-b-x.x\nc: top-b-x.x -> top.x\nresult: top.x (`t3`)\n"
    );
}

#[test]
fn several_wanted_files_share_their_way() {
    let graph = graph(CALYX);
    let plan = plan(&graph, "a.calyx", "vcd log", "").unwrap();
    assert_eq!(ops(&graph, &plan), "compile verilator trace run");
}

#[test]
fn a_saved_plan_comes_back_the_same() {
    let graph = graph(CALYX);
    let plan = plan(&graph, "a.calyx", "vcd log", "pass").unwrap();
    let saved = plan.to_saved(&graph, WorkPath::to_string);
    let json = serde_json::to_string_pretty(&saved).unwrap();
    let back: Saved = serde_json::from_str(&json).unwrap();
    let again = Plan::from_saved(&graph, &back, |path| WorkPath::new(path)).unwrap();
    assert_eq!(again.to_saved(&graph, WorkPath::to_string), saved);
    assert_eq!(lines(&graph, &again), lines(&graph, &plan));
}

#[test]
fn a_saved_plan_that_cannot_run_is_refused() {
    let graph = graph(CALYX);
    let good = plan(&graph, "a.calyx", "vcd", "").unwrap().to_saved(&graph, WorkPath::to_string);
    let refused = |change: &dyn Fn(&mut Saved)| {
        let mut saved = good.clone();
        change(&mut saved);
        Plan::from_saved(&graph, &saved, |path| WorkPath::new(path)).unwrap_err().to_string()
    };
    assert!(refused(&|saved| saved.uses.reverse()).contains("which no earlier use makes"));
    assert!(refused(&|saved| saved.uses[0].op = "compil".into()).contains("did you mean `compile`?"));
    assert!(refused(&|saved| saved.given[0].state = "calix".into()).contains("no state is called `calix`"));
    assert!(refused(&|saved| saved.uses[1].inputs.clear()).contains("takes one file, but 0 are listed"));
    assert!(refused(&|saved| saved.uses[1].outputs.clear()).contains("also makes `x`"));
    assert!(refused(&|saved| saved.given[0].state = "sim".into()).contains("is `sim`, but `compile.a`"));
    assert!(refused(&|saved| saved.uses[0].op = "no::one".into()).contains("no op is called `no::one`"));
}

#[test]
fn each_file_goes_its_way_and_what_they_share_is_made_once() {
    let graph = graph("conv: cfg -> bin\nrun: src bin -> out");
    let request = request(&graph, "a.src c.cfg sub/a.src b.src", "out", "");
    let plan = find_each(&graph, &request, &[0, 2, 3]).unwrap();
    plan.check(&graph).unwrap();
    assert_eq!(
        lines(&graph, &plan),
        "conv: ../../c.cfg -> a.bin
run: ../../a.src a.bin -> a.out
run: ../../sub/a.src a.bin -> a_2.out
run: ../../b.src a.bin -> b.out
result: a.out (`out`)
result: a_2.out (`out`)
result: b.out (`out`)
"
    );
}

#[test]
fn a_file_that_cannot_go_its_way_is_named() {
    let graph = graph("run: src -> out");
    let request = request(&graph, "a.src b.out", "out", "");
    let error = find_each(&graph, &request, &[0]).unwrap_err().to_string();
    assert!(error.contains("\n  for:  a.src"), "{error}");
}
