//! What a bound DPI function runs in: a panic fails the evaluation, texts live until the design has copied them.
//! It does not know any function.

#![allow(unsafe_code)] // pointers of C
#![allow(dead_code)] // not every design has functions of every kind

use super::abi::{Api, DpiRecord, Function, Instance};
use super::error::{Error, Kind};
use super::running::{InstanceData, Running};
use std::any::Any;
use std::ffi::{CStr, CString, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

/// What a function gets as its user data.
struct Callee<T> {
    api: &'static Api,
    instance: *mut Instance,
    texts: Vec<CString>,
    host: T,
}

/// Four-state bits, 32 of them; Verilator knows two states and leaves `unknown` 0.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogicWord {
    /// The bits.
    pub value: u32,
    /// 1 for those that are z (0) or x (1).
    pub unknown: u32,
}

impl Running {
    /// Keeps what functions are to be called with; gives their user data.
    pub(super) fn keep<T: Send + 'static>(&mut self, host: T) -> *mut c_void {
        unsafe fn free<T>(pointer: *mut c_void) {
            // SAFETY: it came out of the box below.
            drop(unsafe { Box::from_raw(pointer.cast::<Callee<T>>()) });
        }
        let callee = Callee { api: self.api, instance: self.instance, texts: vec![], host };
        let pointer = Box::into_raw(Box::new(callee)).cast();
        self.kept.push(InstanceData { pointer, free: free::<T> });
        pointer
    }

    /// Binds a function; `false` if one is linked into the model, which stays.
    pub(super) fn bind(&mut self, index: u32, function: *const (), user: *mut c_void) -> Result<bool, Error> {
        // SAFETY: the design knows the type of the function, and the user data lives as long as the instance.
        let status = unsafe {
            let function = std::mem::transmute::<*const (), Function>(function);
            (self.api.dpi_bind)(self.instance, index, Some(function), user)
        };
        match status {
            0 => Ok(true),
            -6 => Ok(false),
            status => Err(Error::new(Kind::Machine, format!("a function was refused with status {status}"))),
        }
    }
}

impl Running {
    /// Calls the function of this index that the design exports, of which `call` knows the type.
    pub(super) fn export(
        &mut self,
        index: u32,
        call: impl FnOnce(Function, *mut Instance) -> i32,
    ) -> Result<(), Error> {
        // SAFETY: the records are static, and their number and distance are as given.
        let function = unsafe {
            let info = &*self.api.info;
            let offset = index as usize * info.dpi_stride as usize;
            let record = info.dpi_exports.cast::<u8>().add(offset).cast::<DpiRecord>();
            if index < info.dpi_export_count { (*record).call } else { None }
        };
        let missing = || Error::new(Kind::NotSupported, "the model has no such function".to_owned());
        let function = function.ok_or_else(missing)?;
        self.run(|_, instance| call(function, instance))
    }
}

/// A text for the design.
///
/// # Errors
/// A zero byte in it.
pub(super) fn c_text(text: &str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::new(Kind::Type, format!("there is a zero byte in {text:?}")))
}

/// Calls a function of the host. A panic does not reach the design, which ends with its message.
///
/// # Safety
/// The user data is the value of `keep` with this very type, and nobody else uses it.
pub(super) unsafe fn call<T, R>(
    user: *mut c_void,
    name: &str,
    nothing: R,
    function: impl FnOnce(&mut T, &mut Vec<CString>) -> R,
) -> R {
    // SAFETY: the caller's promise.
    let callee = unsafe { &mut *user.cast::<Callee<T>>() };
    callee.texts.clear();
    let (host, texts) = (&mut callee.host, &mut callee.texts);
    catch_unwind(AssertUnwindSafe(|| function(host, texts))).unwrap_or_else(|panic| {
        let message = CString::new(complaint(name, &*panic)).unwrap_or_default();
        // SAFETY: the instance lives, the text ends with a zero.
        unsafe { (callee.api.dpi_fail)(callee.instance, message.as_ptr()) };
        nothing
    })
}

fn complaint(name: &str, panic: &(dyn Any + Send)) -> String {
    if panic.is::<Missing>() {
        return format!("the DPI function `{name}` is not implemented");
    }
    let text = panic.downcast_ref::<&str>().copied();
    let text =
        text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word");
    format!("the DPI function `{name}` panicked: {}", text.replace('\0', ""))
}

/// The panic of a function that is not implemented.
struct Missing;

/// Ends the evaluation that calls a function that is not implemented.
pub(super) fn missing() -> ! {
    resume_unwind(Box::new(Missing))
}

/// A text of the design.
///
/// # Safety
/// It is null or ends with a zero, and lives during the call.
pub(super) unsafe fn text<'a>(text: *const c_char) -> std::borrow::Cow<'a, str> {
    if text.is_null() {
        return "".into();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_string_lossy()
}

/// A text for the design, which ends at a zero byte.
pub(super) fn lend(texts: &mut Vec<CString>, mut text: String) -> *const c_char {
    text.truncate(text.find('\0').unwrap_or(text.len()));
    texts.push(CString::new(text).unwrap_or_default());
    texts.last().map_or(ptr::null(), |text| text.as_ptr())
}

/// Words of two states.
///
/// # Safety
/// There are so many.
pub(super) unsafe fn bits<const N: usize>(words: *const u32) -> [u32; N] {
    // SAFETY: the caller's promise.
    unsafe { words.cast::<[u32; N]>().read() }
}

/// Words of four states; unknown bits are 0.
///
/// # Safety
/// There are so many.
pub(super) unsafe fn logic<const N: usize>(words: *const LogicWord) -> [u32; N] {
    // SAFETY: the caller's promise.
    unsafe { words.cast::<[LogicWord; N]>().read() }.map(|word| word.value & !word.unknown)
}

/// Writes words of two states.
///
/// # Safety
/// There is room for them.
pub(super) unsafe fn set_bits<const N: usize>(to: *mut u32, words: [u32; N]) {
    // SAFETY: the caller's promise.
    unsafe { to.cast::<[u32; N]>().write(words) };
}

/// Writes words of four states, all of them known.
///
/// # Safety
/// There is room for them.
pub(super) unsafe fn set_logic<const N: usize>(to: *mut LogicWord, words: [u32; N]) {
    let words = words.map(|value| LogicWord { value, unknown: 0 });
    // SAFETY: the caller's promise.
    unsafe { to.cast::<[LogicWord; N]>().write(words) };
}

/// The number in at most 128 bits.
pub(super) fn number<const N: usize>(words: [u32; N]) -> u128 {
    words.iter().rev().fold(0, |value, word| value << 32 | u128::from(*word))
}

/// The lowest words of a value.
pub(super) fn words<const N: usize>(from: &[u32]) -> [u32; N] {
    let mut words = [0; N];
    words.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    words
}
