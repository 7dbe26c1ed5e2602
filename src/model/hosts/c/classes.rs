//! What Verilator says about its output in `V…_classes.mk`: the C++ files and the runtime sources they need.
//! It does not know compilers; the file has the same words in every version, with tabs or blanks in front.

/// The lists and switches of one `V…_classes.mk`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// Stems of generated files that run often.
    pub fast: Vec<String>,
    /// Stems of generated files that run once or seldom.
    pub slow: Vec<String>,
    /// Stems of runtime sources to link (`verilated`, `verilated_threads`, `verilated_timing`, …).
    pub runtime: Vec<String>,
    /// Whether the model has delays, and so coroutines.
    pub timing: bool,
    /// The waveform files that the model writes.
    pub trace: Option<Trace>,
    /// Whether the model counts coverage.
    pub coverage: bool,
}

/// A format of waveform files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Value change dump.
    Vcd,
    /// GTKWave's compressed format.
    Fst,
}

impl Classes {
    /// Reads the file. `verilated` and `verilated_threads` are always among the runtime sources.
    pub fn parse(text: &str) -> Classes {
        let mut classes = Classes::default();
        let joined = text.replace("\\\n", " ");
        for line in joined.lines() {
            let Some((key, value)) = line.split_once('=') else { continue };
            let words = || value.split_whitespace().map(str::to_owned);
            match key.trim_end_matches(['+', ' ']) {
                "VM_CLASSES_FAST" | "VM_SUPPORT_FAST" => classes.fast.extend(words()),
                "VM_CLASSES_SLOW" | "VM_SUPPORT_SLOW" => classes.slow.extend(words()),
                "VM_GLOBAL_FAST" | "VM_GLOBAL_SLOW" => classes.runtime.extend(words()),
                "VM_TIMING" => classes.timing = value.trim() == "1",
                "VM_COVERAGE" => classes.coverage = value.trim() == "1",
                "VM_TRACE_VCD" if value.trim() == "1" => classes.trace = Some(Trace::Vcd),
                "VM_TRACE_FST" if value.trim() == "1" => classes.trace = Some(Trace::Fst),
                _ => {}
            }
        }
        classes.runtime.extend(["verilated".to_owned(), "verilated_threads".to_owned()]);
        let mut seen = std::collections::HashSet::new();
        classes.runtime.retain(|name| seen.insert(name.clone()));
        classes
    }

    /// Whether the model can be saved.
    pub fn savable(&self) -> bool {
        self.runtime.iter().any(|name| name == "verilated_save")
    }

    /// The names of what the model can do beside simulating: `timing`, `trace-vcd`, `trace-fst`, `coverage`, `savable`.
    pub fn features(&self) -> Vec<&'static str> {
        let trace = match self.trace {
            Some(Trace::Vcd) => Some("trace-vcd"),
            Some(Trace::Fst) => Some("trace-fst"),
            None => None,
        };
        let timing = self.timing.then_some("timing");
        let others = [self.coverage.then_some("coverage"), self.savable().then_some("savable")];
        timing.into_iter().chain(trace).chain(others.into_iter().flatten()).collect()
    }

    /// The generated C++ files, fast ones first.
    pub fn sources(&self) -> impl Iterator<Item = String> + '_ {
        self.fast.iter().chain(&self.slow).map(|stem| format!("{stem}.cpp"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_blanks_give_the_same_lists() {
        let old = "VM_TIMING = 1\nVM_COVERAGE = 0\nVM_TRACE_VCD = 1\nVM_TRACE_FST = 0\nVM_CLASSES_FAST += \\\n\tVx \\\n\tVx_a \\\n\nVM_SUPPORT_SLOW += \\\n\tVx__Syms \\\n\nVM_GLOBAL_FAST += \\\n\tverilated \\\n\tverilated_timing \\\n\tverilated_threads \\\n\n";
        let classes = Classes::parse(old);
        assert_eq!(classes, Classes::parse(&old.replace('\t', "  ")));
        assert_eq!(classes.features(), ["timing", "trace-vcd"]);
        assert_eq!(classes.sources().collect::<Vec<_>>(), ["Vx.cpp", "Vx_a.cpp", "Vx__Syms.cpp"]);
        assert_eq!(classes.runtime, ["verilated", "verilated_timing", "verilated_threads"]);
    }
}
