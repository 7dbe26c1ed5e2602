//! The part of `eval_step` that a model needs: most of it is for models of several threads and for objects of
//! SystemVerilog classes, and takes two locks. It does not know the disk.

use crate::model::hosts::template::fill;
use crate::model::interface::{Interface, Port, Role};

/// Cycles of a clock as a loop.
const CYCLES: &str = include_str!("templates/cycles.cpp.in");

/// How a class may be evaluated once it has been evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Sets the flag that makes Verilator write changes to waveforms.
    pub activity: bool,
    /// Objects that nothing refers to any more are deleted: nothing to do in a design without classes.
    pub deletes: bool,
}

/// Reads `eval_step` in the text of `V….cpp`; nothing if there is a statement in it whose meaning is not known.
pub fn evaluation(class: &str, prefix: &str) -> Option<Evaluation> {
    let (_, body) = class.split_once(&format!("void {prefix}::eval_step() {{\n"))?;
    let (body, _) = body.split_once("\n}")?;
    let (before, debugged) = body.split_once("#ifdef VL_DEBUG\n")?;
    let (_, after) = debugged.split_once("#endif")?;
    let (before_first, first) = after.split_once("    if (VL_UNLIKELY(!vlSymsp->__Vm_didInit)) {\n")?;
    let (_, after_first) = first.split_once("\n    }\n")?;
    let mut found = Evaluation { activity: false, deletes: false };
    let mut evaluated = false;
    for line in [before, before_first, after_first].iter().flat_map(|part| part.lines()).map(str::trim) {
        match line {
            "vlSymsp->__Vm_activity = true;" => found.activity = true,
            "vlSymsp->__Vm_deleter.deleteAll();" => found.deletes = true,
            // One thread is task 0 from the beginning, and what it says in an evaluation has no need to wait for others.
            "Verilated::mtaskId(0);"
            | "Verilated::endOfThreadMTask(vlSymsp->__Vm_evalMsgQp);"
            | "Verilated::endOfEval(vlSymsp->__Vm_evalMsgQp);" => {}
            _ if line == format!("{prefix}___024root___eval(&(vlSymsp->TOP));") => evaluated = true,
            _ if line.is_empty() || line.starts_with("//") || line.starts_with("VL_DEBUG_IF(") => {}
            _ => return None,
        }
    }
    evaluated.then_some(found)
}

/// Whether a generated header declares a SystemVerilog class, or contains an object of one.
pub fn has_objects(header: &str) -> bool {
    header.contains("VlClass")
}

/// The C++ of `again` and `cycles`, and what they need declared. `known` is how the class may be evaluated again.
pub(super) fn code(
    interface: &Interface,
    prefix: &str,
    known: Option<Evaluation>,
    has_delays: bool,
) -> [(&'static str, String); 3] {
    let (declared, again) = match known {
        Some(evaluation) => again(evaluation, prefix),
        None => (String::new(), ALWAYS_EVAL.to_owned()),
    };
    [("EVAL_DECLARED", declared), ("AGAIN", again), ("CYCLES", cycles(interface, has_delays))]
}

const ALWAYS_EVAL: &str = "static void (*const again)(void*, bool) = eval;\n";

/// What is declared, and `again`, which leaves out of `eval_step` what has nothing to do.
fn again(evaluation: Evaluation, prefix: &str) -> (String, String) {
    let root = format!("{prefix}___024root");
    let include =
        if evaluation.activity { format!("#include \"{prefix}__Syms.h\"\n") } else { String::new() };
    let activity = if evaluation.activity { "    top.rootp->vlSymsp->__Vm_activity = true;\n" } else { "" };
    let again = format!(
        "static void again(void* untyped, bool dumps) {{\n    Top& top = *static_cast<Top*>(untyped);\n{activity}    \
         {root}___eval(top.rootp);\n    if (dumps) top.eval_end_step();\n}}\n"
    );
    (
        format!("{include}void {root}___eval({root}* vlSelf);\n"),
        format!("#ifdef VL_DEBUG\n{ALWAYS_EVAL}#else\n{again}#endif\n"),
    )
}

/// Cycles of the only clock of a design without delays.
fn cycles(interface: &Interface, has_delays: bool) -> String {
    let is_clock = |port: &&Port| port.role == Some(Role::Clock);
    let mut clocks = interface.ports.iter().filter(is_clock);
    match (clocks.next(), clocks.next()) {
        (Some(clock), None) if !has_delays => fill(CYCLES, &[("CLOCK", clock.cname.clone())]),
        _ => "static void (*const cycles)(void*, const int32_t&, uint32_t) = nullptr;\n".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "void Vx::eval_step() {
    VL_DEBUG_IF(VL_DBG_MSGF(\"+++++TOP Evaluate Vx::eval_step\\n\"); );
#ifdef VL_DEBUG
    // Debug assertions
    Vx___024root___eval_debug_assertions(&(vlSymsp->TOP));
#endif  // VL_DEBUG
    vlSymsp->__Vm_deleter.deleteAll();
    if (VL_UNLIKELY(!vlSymsp->__Vm_didInit)) {
        VL_DEBUG_IF(VL_DBG_MSGF(\"+ Initial\\n\"););
        Vx___024root___eval_static(&(vlSymsp->TOP));
        vlSymsp->__Vm_didInit = true;
    }
    VL_DEBUG_IF(VL_DBG_MSGF(\"+ Eval\\n\"););
    Vx___024root___eval(&(vlSymsp->TOP));
    // Evaluate cleanup
    Verilated::endOfEval(vlSymsp->__Vm_evalMsgQp);
}
";

    #[test]
    fn an_evaluation_is_known_by_all_of_its_statements() {
        assert_eq!(evaluation(NEW, "Vx"), Some(Evaluation { activity: false, deletes: true }));
        let traced = NEW.replace("__Vm_deleter.deleteAll()", "__Vm_activity = true");
        assert_eq!(evaluation(&traced, "Vx"), Some(Evaluation { activity: true, deletes: false }));
        let profiled =
            NEW.replace("    // Evaluate cleanup\n", "    vlSymsp->__Vm_executionProfilerp->end();\n");
        assert_eq!(evaluation(&profiled, "Vx"), None);
        assert_eq!(evaluation(&NEW.replace("Vx___024root___eval(&", "Vx___024root___other(&"), "Vx"), None);
        assert_eq!(evaluation(NEW, "Vy"), None);
    }

    #[test]
    fn objects_are_seen_in_the_generated_headers() {
        assert!(has_objects("class Vx_C : public VlClass {"));
        assert!(has_objects("VlClassRef<Vx_C> c;"));
        assert!(!has_objects("CData/*0:0*/ clk;"));
    }
}
