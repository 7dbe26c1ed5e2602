//! The fixed C, C++, Rust and Python text of models, built into the program from `scripts/rsrc/`.
//! It does not know any design.

/// The generic C interface, for users of a library.
pub const MODEL_H: &str = include_str!("../../scripts/rsrc/fudsv_model.h");
/// What generated wrappers and the runtime agree on.
pub const RUNTIME_H: &str = include_str!("../../scripts/rsrc/fudsv_runtime.h");
/// Included first when Verilator's runtime is compiled.
pub const HOOKS_H: &str = include_str!("../../scripts/rsrc/fudsv_hooks.h");
/// The generic part of the C++ headers, for users of a library.
pub const MODEL_HPP: &str = include_str!("../../scripts/rsrc/fudsv_model.hpp");
/// The Python module that drives any library.
pub const PYTHON: &str = include_str!("../../scripts/rsrc/python/fudsv.py");

/// The frame of a design's `<name>.cpp`.
pub(super) const WRAPPER_CPP: &str = include_str!("../../scripts/rsrc/wrapper.cpp.in");
/// The part of `<name>.cpp` that writes waveforms.
pub(super) const TRACE_CPP: &str = include_str!("../../scripts/rsrc/trace.cpp.in");
/// The part of `<name>.cpp` that runs cycles of a clock.
pub(super) const CYCLES_CPP: &str = include_str!("../../scripts/rsrc/cycles.cpp.in");
/// The part of `<name>.cpp` that saves and restores.
pub(super) const SAVE_CPP: &str = include_str!("../../scripts/rsrc/save.cpp.in");
/// What the stubs of DPI functions and the runtime agree on.
pub const DPI_H: &str = include_str!("../../scripts/rsrc/fudsv_dpi.h");
/// The frame of the stub of a DPI function.
pub(super) const STUB_CPP: &str = include_str!("../../scripts/rsrc/stub.cpp.in");
/// The frame of a design's `<name>.h`.
pub(super) const WRAPPER_H: &str = include_str!("../../scripts/rsrc/wrapper.h.in");

/// The frame of a design's `<name>.hpp`.
pub(super) const WRAPPER_HPP: &str = include_str!("../../scripts/rsrc/wrapper.hpp.in");

/// What is needed to compile the runtime of models: file names and texts.
pub const RUNTIME: [(&str, &str); 14] = [
    ("fudsv_dpi.h", DPI_H),
    ("fudsv_hooks.h", HOOKS_H),
    ("fudsv_model.h", MODEL_H),
    ("fudsv_runtime.cpp", include_str!("../../scripts/rsrc/fudsv_runtime.cpp")),
    ("fudsv_runtime.h", RUNTIME_H),
    ("runtime/context.h", include_str!("../../scripts/rsrc/runtime/context.h")),
    ("runtime/dpi.h", include_str!("../../scripts/rsrc/runtime/dpi.h")),
    ("runtime/ends.h", include_str!("../../scripts/rsrc/runtime/ends.h")),
    ("runtime/enter.h", include_str!("../../scripts/rsrc/runtime/enter.h")),
    ("runtime/gate.h", include_str!("../../scripts/rsrc/runtime/gate.h")),
    ("runtime/life.h", include_str!("../../scripts/rsrc/runtime/life.h")),
    ("runtime/ports.h", include_str!("../../scripts/rsrc/runtime/ports.h")),
    ("runtime/state.h", include_str!("../../scripts/rsrc/runtime/state.h")),
    ("runtime/trace.h", include_str!("../../scripts/rsrc/runtime/trace.h")),
];

/// The frames of a Python package.
pub(super) mod py_module {
    pub const PYPROJECT: &str = include_str!("../../scripts/rsrc/python/pyproject.toml.in");
    pub const BACKEND: &str = include_str!("../../scripts/rsrc/python/build_backend.py.in");
    pub const INIT: &str = include_str!("../../scripts/rsrc/python/init.py.in");
    pub const STUB: &str = include_str!("../../scripts/rsrc/python/init.pyi.in");
}

/// The frames of a Rust crate.
pub(super) mod rust_crate {
    /// What a crate has in common with fudsv's own library for programs that drive models, as it is.
    pub const IN_COMMON: [(&str, &str); 6] = [
        ("src/abi.rs", include_str!("../runtime/abi.rs")),
        ("src/callee.rs", include_str!("../runtime/callee.rs")),
        ("src/dl.rs", include_str!("../runtime/dl.rs")),
        ("src/error.rs", include_str!("../runtime/error.rs")),
        ("src/running.rs", include_str!("../runtime/running.rs")),
        ("src/value.rs", include_str!("../runtime/value.rs")),
    ];
    pub const EXPORTS: &str = include_str!("../../scripts/rsrc/crate/exports.rs.in");
    pub const DPI: &str = include_str!("../../scripts/rsrc/crate/dpi.rs.in");
    pub const ENTRY: &str = include_str!("../../scripts/rsrc/crate/entry.rs.in");
    pub const CARGO_TOML: &str = include_str!("../../scripts/rsrc/crate/Cargo.toml.in");
    pub const README: &str = include_str!("../../scripts/rsrc/crate/README.md.in");
    pub const BUILD: &str = include_str!("../../scripts/rsrc/crate/build.rs.in");
    pub const BITS: &str = include_str!("../../scripts/rsrc/crate/bits.rs.in");
    pub const LIB: &str = include_str!("../../scripts/rsrc/crate/lib.rs.in");
    pub const MODEL: &str = include_str!("../../scripts/rsrc/crate/model.rs.in");
    pub const CYCLES: &str = include_str!("../../scripts/rsrc/crate/cycles.rs.in");
    pub const RESET: &str = include_str!("../../scripts/rsrc/crate/reset.rs.in");
    pub const SMOKE: &str = include_str!("../../scripts/rsrc/crate/smoke.rs.in");
}
