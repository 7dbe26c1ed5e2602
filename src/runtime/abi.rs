//! The C interface of a model, as far as Rust uses it: see `fudsv_model.h`.
//! It does not know any design.

#![allow(unsafe_code)] // functions of C

use std::ffi::{CStr, c_char, c_void};

/// The version of the interface that is spoken here.
pub(super) const VERSION: u32 = 1;
/// For `tick`: the one clock of the design.
#[allow(dead_code)] // not every design has one
pub(super) const THE_CLOCK: u32 = u32::MAX;

/// A running instance.
#[repr(C)]
pub(super) struct Instance {
    _private: [u8; 0],
}

/// Gets what the design prints.
pub(super) type OutputFn = unsafe extern "C" fn(user: *mut c_void, text: *const c_char, size: usize);
/// The function that a library exports.
pub(super) type GetApi = unsafe extern "C" fn(abi: u32) -> *const Api;

#[repr(C)]
pub(super) struct Options {
    pub struct_size: u32,
    pub argc: u32,
    pub argv: *const *const c_char,
    pub scope: *const c_char,
    pub seed: u64,
    pub random_reset: i32,
    pub is_seeded: u32,
    pub output: Option<OutputFn>,
    pub user: *mut c_void,
}

#[repr(C)]
pub(super) struct StatusInfo {
    pub struct_size: u32,
    pub status: i32,
    pub kind: u32,
    pub line: i32,
    pub errors: u64,
    pub warnings: u64,
    pub file: *mut c_char,
    pub file_size: usize,
    pub message: *mut c_char,
    pub message_size: usize,
}

/// What a library says of itself.
#[repr(C)]
#[allow(dead_code)] // members keep the places of those behind them
pub(super) struct Info {
    pub magic: u64,
    pub struct_size: u32,
    pub schema: u32,
    pub name: *const c_char,
    pub top: *const c_char,
    pub class_name: *const c_char,
    pub verilator: *const c_char,
    pub fudsv: *const c_char,
    pub build_id: *const c_char,
    pub features: u64,
    pub time_unit: i32,
    pub time_precision: i32,
    pub port_count: u32,
    pub port_stride: u32,
    pub ports: *const PortRecord,
    pub param_count: u32,
    pub param_stride: u32,
    pub params: *const ParamRecord,
    pub type_count: u32,
    pub type_stride: u32,
    pub types: *const c_void,
    pub item_stride: u32,
    pub member_stride: u32,
    pub dpi_stride: u32,
    pub dpi_value_stride: u32,
    pub dpi_import_count: u32,
    pub dpi_export_count: u32,
    pub dpi_imports: *const DpiRecord,
    pub dpi_exports: *const DpiRecord,
    pub probe_count: u32,
    pub threads: u32,
    pub probes: *const PortRecord,
}

#[repr(C)]
#[allow(dead_code)] // as above
pub(super) struct PortRecord {
    pub name: *const c_char,
    pub cname: *const c_char,
    pub direction: u32,
    pub kind: u32,
    pub width: u32,
    pub msb: i32,
    pub lsb: i32,
    pub flags: u32,
    pub role: u32,
    pub storage: u32,
    pub words: u32,
    pub elements: u32,
}

#[repr(C)]
#[allow(dead_code)] // only a host that knows no design asks
pub(super) struct ParamRecord {
    pub name: *const c_char,
    pub value: *const c_char,
}

#[repr(C)]
#[allow(dead_code)] // as above
pub(super) struct DpiValueRecord {
    pub name: *const c_char,
    pub c_type: *const c_char,
    pub direction: u32,
    pub kind: u32,
    pub width: u32,
    pub is_signed: u32,
    pub elements: u32,
}

#[repr(C)]
#[allow(dead_code)] // as above
pub(super) struct DpiRecord {
    pub name: *const c_char,
    pub prototype: *const c_char,
    pub file: *const c_char,
    pub line: i32,
    pub result: DpiValueRecord,
    pub argument_count: u32,
    pub arguments: *const DpiValueRecord,
    /// Of an export: takes the model, the arguments, and where the result goes.
    pub call: Option<Function>,
}

/// Any function; who calls it knows its type.
pub(super) type Function = unsafe extern "C" fn();
type Of = unsafe extern "C" fn(*mut Instance) -> i32;
type Get<T> = unsafe extern "C" fn(*mut Instance, u32, u32, *mut T) -> i32;
type Set<T> = unsafe extern "C" fn(*mut Instance, u32, u32, T) -> i32;

/// What a model can do; later versions have more at the end.
#[repr(C)]
#[allow(dead_code)] // members keep the places of those behind them
pub(super) struct Api {
    pub abi_version: u32,
    pub struct_size: u32,
    pub info: *const Info,
    pub create: unsafe extern "C" fn(*const Options, *mut *mut Instance) -> i32,
    pub destroy: Of,
    pub eval: Of,
    pub run_final: Of,
    pub get_time: unsafe extern "C" fn(*mut Instance, *mut u64) -> i32,
    pub set_time: unsafe extern "C" fn(*mut Instance, u64) -> i32,
    pub tick: unsafe extern "C" fn(*mut Instance, u32, u32) -> i32,
    pub reset: unsafe extern "C" fn(*mut Instance, u32) -> i32,
    pub find_port: unsafe extern "C" fn(*const c_char) -> i32,
    pub get_u64: Get<u64>,
    pub set_u64: Set<u64>,
    pub get_i64: Get<i64>,
    pub set_i64: Set<i64>,
    pub get_words: unsafe extern "C" fn(*mut Instance, u32, u32, *mut u32, usize) -> i32,
    pub set_words: unsafe extern "C" fn(*mut Instance, u32, u32, *const u32, usize) -> i32,
    pub get_real: Get<f64>,
    pub set_real: Set<f64>,
    pub get_string: unsafe extern "C" fn(*mut Instance, u32, u32, *mut c_char, usize, *mut usize) -> i32,
    pub set_string: Set<*const c_char>,
    pub port_ptr: unsafe extern "C" fn(*mut Instance, u32, *mut *mut c_void) -> i32,
    pub status_info: unsafe extern "C" fn(*mut Instance, *mut StatusInfo) -> i32,
    pub next_event: unsafe extern "C" fn(*mut Instance, *mut u64) -> i32,
    pub trace_open: unsafe extern "C" fn(*mut Instance, *const c_char, u32) -> i32,
    pub trace_dump: Of,
    pub trace_flush: Of,
    pub trace_close: Of,
    pub coverage_write: unsafe extern "C" fn(*mut Instance, *const c_char) -> i32,
    pub find_dpi: unsafe extern "C" fn(*const c_char) -> i32,
    pub dpi_bind: unsafe extern "C" fn(*mut Instance, u32, Option<Function>, *mut c_void) -> i32,
    pub dpi_fail: unsafe extern "C" fn(*mut Instance, *const c_char) -> i32,
    pub run_until: unsafe extern "C" fn(*mut Instance, u64) -> i32,
    pub save: unsafe extern "C" fn(*mut Instance, *const c_char) -> i32,
    pub restore: unsafe extern "C" fn(*mut Instance, *const c_char) -> i32,
    pub find_probe: unsafe extern "C" fn(*const c_char) -> i32,
    pub coverage_zero: Of,
    pub trace_rotate: unsafe extern "C" fn(*mut Instance, *const c_char) -> i32,
}

// SAFETY: a table and what it leads to never change.
unsafe impl Sync for Api {}
// SAFETY: as above.
unsafe impl Send for Api {}

/// The table of a library, if it uses this version of the interface.
///
/// # Safety
/// The function belongs to a library that is never unloaded.
pub(super) unsafe fn table(get_api: GetApi) -> Option<&'static Api> {
    // SAFETY: the caller's promise; the table is static.
    let api = unsafe { get_api(VERSION).as_ref() }?;
    (api.struct_size as usize >= std::mem::size_of::<Api>()).then_some(api)
}

/// A text of the library.
///
/// # Safety
/// It is null or ends with a zero, and lives as long as the program.
#[allow(dead_code)] // only those who load a library ask
pub(super) unsafe fn text(text: *const c_char) -> &'static str {
    if text.is_null() {
        return "";
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or_default()
}
