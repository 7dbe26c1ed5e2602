//! A library that was built: loaded, and asked what it is.
//! It does not know who built it.

#![allow(unsafe_code)] // records of C

use super::abi::{self, Api, Info};
use super::dl;
use super::error::Error;
use super::value::{Direction, Port, PortKind, Role};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A loaded model, of which there may be any number of instances; it stays loaded until the program ends.
#[derive(Clone, Copy)]
pub struct Library {
    pub(super) api: &'static Api,
    pub(super) about: &'static LibraryInfo,
}

/// What a library says of itself.
pub(super) struct LibraryInfo {
    pub name: &'static str,
    pub top: &'static str,
    pub build_id: &'static str,
    pub verilator: &'static str,
    pub time_unit: i32,
    pub time_precision: i32,
    /// Ports, then probes.
    pub signals: Vec<Port>,
    pub port_count: usize,
    pub parameters: Vec<Parameter>,
}

/// A parameter of the top module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As in the source.
    pub name: &'static str,
    /// What it was built with: decimal to 64 bits, `0x…` beyond, `4'b1x0z` with unknown bits, or the text itself.
    pub value: &'static str,
}

/// What libraries said, by their tables.
static KNOWN: Mutex<Option<HashMap<usize, &'static LibraryInfo>>> = Mutex::new(None);

impl Library {
    /// Loads a shared library that fudsv built (`--to shared-lib`). If the file was replaced since it was loaded, the new one
    /// is loaded.
    ///
    /// # Errors
    /// The file does not exist, fudsv did not build it, or it has another version.
    pub fn load(path: impl AsRef<Path>) -> Result<Library, Error> {
        let api = dl::load(path.as_ref())?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_with(HashMap::new);
        let about = known.entry(std::ptr::from_ref(api) as usize).or_insert_with(|| {
            // SAFETY: the table and what it points to are static.
            let about = unsafe { LibraryInfo::of(&*api.info) };
            Box::leak(Box::new(about))
        });
        Ok(Library { api, about })
    }

    /// The name of the model.
    pub fn name(&self) -> &'static str {
        self.about.name
    }

    /// The top module.
    pub fn top(&self) -> &'static str {
        self.about.top
    }

    /// All ports, in the order of the source.
    pub fn ports(&self) -> &'static [Port] {
        &self.about.signals[..self.about.port_count]
    }

    /// The signals inside of the design that the model was built to show (`verilator.probes`), by their paths.
    pub fn probes(&self) -> &'static [Port] {
        &self.about.signals[self.about.port_count..]
    }

    /// The parameters of the top module.
    pub fn parameters(&self) -> &'static [Parameter] {
        &self.about.parameters
    }

    /// What changes with sources, flags and tools.
    pub fn build_id(&self) -> &'static str {
        self.about.build_id
    }

    /// The version of Verilator.
    pub fn verilator(&self) -> &'static str {
        self.about.verilator
    }

    /// Powers of ten of a second: what a delay of 1 means in the design, and what the time of a model counts.
    pub fn time_scale(&self) -> (i32, i32) {
        (self.about.time_unit, self.about.time_precision)
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Library({} {})", self.name(), self.build_id())
    }
}

impl LibraryInfo {
    /// # Safety
    /// The information of a library that is never unloaded.
    unsafe fn of(info: &Info) -> LibraryInfo {
        let records = |first: *const u8, stride: u32, count: u32| {
            // SAFETY: the caller's promise: so many records, each as far behind the other.
            (0..count as usize).map(move |index| unsafe { first.add(index * stride as usize) })
        };
        let ports = records(info.ports.cast(), info.port_stride, info.port_count);
        let probes = records(info.probes.cast(), info.port_stride, info.probe_count);
        let parameters = records(info.params.cast(), info.param_stride, info.param_count);
        // SAFETY: the caller's promise.
        unsafe {
            LibraryInfo {
                name: abi::text(info.name),
                top: abi::text(info.top),
                build_id: abi::text(info.build_id),
                verilator: abi::text(info.verilator),
                time_unit: info.time_unit,
                time_precision: info.time_precision,
                signals: ports.chain(probes).map(|record| port(&*record.cast())).collect(),
                port_count: info.port_count as usize,
                parameters: parameters.map(|record| parameter(&*record.cast())).collect(),
            }
        }
    }
}

/// # Safety
/// A record of a library that is never unloaded.
unsafe fn port(record: &abi::PortRecord) -> Port {
    Port {
        // SAFETY: the caller's promise.
        name: unsafe { abi::text(record.name) },
        direction: match record.direction {
            0 => Direction::In,
            1 => Direction::Out,
            2 => Direction::Inout,
            _ => Direction::Probe,
        },
        kind: PortKind::numbered(record.kind),
        width: record.width,
        signed: record.flags & 1 != 0,
        elements: record.elements as usize,
        role: match record.role {
            1 => Some(Role::Clock),
            2 => Some(Role::ResetHigh),
            3 => Some(Role::ResetLow),
            _ => None,
        },
    }
}

/// # Safety
/// As of [`port`].
unsafe fn parameter(record: &abi::ParamRecord) -> Parameter {
    // SAFETY: the caller's promise.
    unsafe { Parameter { name: abi::text(record.name), value: abi::text(record.value) } }
}
