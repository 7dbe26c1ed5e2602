//! An instance of a model: its life, what it says, its ports by index.
//! It does not know names of ports, nor where the model came from.

#![allow(unsafe_code)] // functions of C

use super::abi::{self, Api, Instance, StatusInfo};
use super::error::{Error, Kind};
use super::value::{self, Direction, Port, PortKind, Value};
use std::any::Any;
use std::ffi::{CStr, CString, c_char, c_void};
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::ptr;

/// Something that lives as long as an instance.
pub(super) struct InstanceData {
    pub(super) pointer: *mut c_void,
    pub(super) free: unsafe fn(*mut c_void),
}

impl Drop for InstanceData {
    fn drop(&mut self) {
        // SAFETY: the pointer comes from `keep`, and the design calls nothing any more.
        unsafe { (self.free)(self.pointer) };
    }
}

/// A running instance, used by one thread at a time.
pub(super) struct Running {
    pub(super) api: &'static Api,
    pub(super) instance: *mut Instance,
    /// Belongs to the instance until it is destroyed.
    sink: *mut Sink,
    finished: bool,
    /// What DPI functions are called with.
    pub(super) kept: Vec<InstanceData>,
}

// SAFETY: an instance belongs to one thread at a time and may move; so may the content of the sink.
unsafe impl Send for Running {}

/// Takes what a design prints.
pub(super) type Output = Box<dyn FnMut(&str) + Send>;

/// Where output goes, and the panic that came out of there.
struct Sink {
    output: Output,
    panic: Option<Box<dyn Any + Send>>,
}

/// How an instance is created.
pub(super) struct Settings {
    pub arguments: Vec<String>,
    pub seed: Option<u64>,
    pub random_reset: i32,
    pub scope: Option<String>,
    pub output: Output,
    pub bindings: Vec<Binding>,
}

/// Binds DPI functions of an instance that was created.
pub(super) type Binding = Box<dyn FnOnce(&mut Running) -> Result<(), Error> + Send>;

impl Default for Settings {
    fn default() -> Settings {
        let output: Output = Box::new(|text| print!("{text}"));
        Settings { arguments: vec![], seed: None, random_reset: 0, scope: None, output, bindings: vec![] }
    }
}

impl Settings {
    /// Adds an argument, with or without its `+`.
    pub fn plusarg(&mut self, argument: String) {
        self.arguments.push(if argument.starts_with('+') { argument } else { format!("+{argument}") });
    }
}

impl Running {
    /// Creates an instance.
    ///
    /// # Errors
    /// No memory, a zero byte in a text, or a design that fails where it begins.
    pub fn create(api: &'static Api, settings: Settings) -> Result<Running, Error> {
        let arguments = settings.arguments.into_iter().map(c_text).collect::<Result<Vec<_>, _>>()?;
        let argv: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
        let scope = settings.scope.map(c_text).transpose()?;
        let sink = Box::into_raw(Box::new(Sink { output: settings.output, panic: None }));
        let options = abi::Options {
            struct_size: std::mem::size_of::<abi::Options>() as u32,
            argc: argv.len() as u32,
            argv: argv.as_ptr(),
            scope: scope.as_ref().map_or(ptr::null(), |scope| scope.as_ptr()),
            seed: settings.seed.unwrap_or_default(),
            random_reset: settings.random_reset,
            is_seeded: settings.seed.is_some().into(),
            output: Some(print),
            user: sink.cast(),
        };
        let mut instance = ptr::null_mut();
        // SAFETY: everything in the options outlives the call; the sink outlives the instance.
        let status = unsafe { (api.create)(&options, &mut instance) };
        if status != 0 || instance.is_null() {
            let error = failure(api, ptr::null_mut(), status);
            // SAFETY: no instance has the sink.
            let sink = unsafe { Box::from_raw(sink) };
            return match sink.panic {
                Some(panic) => resume_unwind(panic),
                None => Err(error),
            };
        }
        let mut running = Running { api, instance, sink, finished: false, kept: vec![] };
        running.pass_panic_on();
        settings.bindings.into_iter().try_for_each(|bind| bind(&mut running))?;
        Ok(running)
    }

    /// Lets the design react to what was set.
    pub fn eval(&mut self) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        self.run(|api, instance| unsafe { (api.eval)(instance) })
    }

    /// So many cycles of a port, or of the one clock.
    pub fn ticks(&mut self, port: u32, cycles: u32) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        self.run(|api, instance| unsafe { (api.tick)(instance, port, cycles) })
    }

    /// Evaluates now and whenever a delay is over, until a time.
    pub fn run_until(&mut self, time: u64) -> Result<(), Error> {
        if time < self.time() {
            let message = format!("the time {time} is past: it is {}", self.time());
            return Err(Error::new(Kind::Time, message));
        }
        // SAFETY: the instance lives as long as `self`.
        self.run(|api, instance| unsafe { (api.run_until)(instance, time) })
    }

    /// The time for which a delay waits next.
    pub fn next_event(&self) -> Option<u64> {
        let mut time = u64::MAX;
        // SAFETY: the instance lives as long as `self`.
        unsafe { (self.api.next_event)(self.instance, &mut time) };
        Some(time).filter(|time| *time != u64::MAX)
    }

    /// So many cycles of every reset.
    #[allow(dead_code)] // not every design has one
    pub fn reset(&mut self, cycles: u32) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        self.run(|api, instance| unsafe { (api.reset)(instance, cycles) })
    }

    /// Runs the design, unless it has finished.
    pub(super) fn run(&mut self, call: impl FnOnce(&Api, *mut Instance) -> i32) -> Result<(), Error> {
        if self.finished {
            return Err(Error { kind: Kind::Finished, ..failure(self.api, self.instance, 1) });
        }
        let status = call(self.api, self.instance);
        self.pass_panic_on();
        self.judge(status)
    }

    /// Runs the `final` blocks.
    pub fn close(&mut self) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        let status = unsafe { (self.api.run_final)(self.instance) };
        self.pass_panic_on();
        self.judge(status)
    }

    fn judge(&mut self, status: i32) -> Result<(), Error> {
        match status {
            0 => Ok(()),
            1 => {
                self.finished = true;
                Ok(())
            }
            _ => Err(failure(self.api, self.instance, status)),
        }
    }

    /// Goes on with a panic that came out of the output.
    fn pass_panic_on(&mut self) {
        // SAFETY: the sink lives as long as `self`, and the instance does not run.
        if let Some(panic) = unsafe { (*self.sink).panic.take() } {
            resume_unwind(panic);
        }
    }

    pub fn finished(&self) -> bool {
        self.finished
    }

    pub fn time(&self) -> u64 {
        let mut time = 0;
        // SAFETY: the instance lives as long as `self`.
        unsafe { (self.api.get_time)(self.instance, &mut time) };
        time
    }

    pub fn set_time(&mut self, time: u64) {
        // SAFETY: the instance lives as long as `self`.
        unsafe { (self.api.set_time)(self.instance, time) };
    }

    /// How many errors and warnings there were.
    pub fn counts(&self) -> (u64, u64) {
        let mut info = no_status();
        // SAFETY: the instance lives as long as `self`; no buffers are given.
        unsafe { (self.api.status_info)(self.instance, &mut info) };
        (info.errors, info.warnings)
    }

    /// Opens a waveform file.
    pub fn start_trace(&mut self, path: &Path) -> Result<(), Error> {
        self.with_file(path, |api, instance, path| {
            // SAFETY: see `with_file`.
            unsafe { (api.trace_open)(instance, path, 0) }
        })
    }

    /// Writes what coverage counted.
    pub fn write_coverage(&mut self, path: &Path) -> Result<(), Error> {
        self.with_file(path, |api, instance, path| {
            // SAFETY: see `with_file`.
            unsafe { (api.coverage_write)(instance, path) }
        })
    }

    /// Forgets what coverage counted.
    pub fn clear_coverage(&mut self) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        self.accepted(unsafe { (self.api.coverage_zero)(self.instance) })
    }

    /// Goes on with the waveforms in another file.
    pub fn rotate_trace(&mut self, path: &Path) -> Result<(), Error> {
        self.with_file(path, |api, instance, path| {
            // SAFETY: see `with_file`.
            unsafe { (api.trace_rotate)(instance, path) }
        })
    }

    /// Writes the state.
    pub fn save(&mut self, path: &Path) -> Result<(), Error> {
        self.with_file(path, |api, instance, path| {
            // SAFETY: see `with_file`.
            unsafe { (api.save)(instance, path) }
        })
    }

    /// Goes back to a state.
    pub fn restore(&mut self, path: &Path) -> Result<(), Error> {
        self.with_file(path, |api, instance, path| {
            // SAFETY: see `with_file`.
            unsafe { (api.restore)(instance, path) }
        })?;
        // The next evaluation reports whether it has finished.
        self.finished = false;
        Ok(())
    }

    fn with_file(
        &mut self,
        path: &Path,
        call: impl FnOnce(&Api, *mut Instance, *const c_char) -> i32,
    ) -> Result<(), Error> {
        let zero = |_| Error::new(Kind::Type, "a path cannot contain a zero byte");
        let text = CString::new(path.as_os_str().as_bytes()).map_err(zero)?;
        // The instance lives as long as `self`, and the text ends with a zero.
        let status = call(self.api, self.instance, text.as_ptr());
        self.accepted(status)
    }

    /// Adds the values of now to the waveform file, at a time.
    pub fn dump(&mut self, time: u64) -> Result<(), Error> {
        self.set_time(time);
        // SAFETY: the instance lives as long as `self`.
        self.accepted(unsafe { (self.api.trace_dump)(self.instance) })
    }

    /// Writes out what was dumped.
    pub fn flush_trace(&mut self) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        self.accepted(unsafe { (self.api.trace_flush)(self.instance) })
    }

    /// Ends the waveform file.
    pub fn end_trace(&mut self) -> Result<(), Error> {
        // SAFETY: the instance lives as long as `self`.
        self.accepted(unsafe { (self.api.trace_close)(self.instance) })
    }

    /// An element of a port.
    pub fn value(&self, index: usize, element: usize, port: &Port) -> Result<Value, Error> {
        let place = (index as u32, element as u32);
        match port.kind {
            PortKind::Real => {
                let mut value = 0.0;
                // SAFETY: the instance lives as long as `self`.
                self.accepted(unsafe { (self.api.get_real)(self.instance, place.0, place.1, &mut value) })?;
                Ok(Value::Real(value))
            }
            PortKind::Text => Ok(Value::Text(self.text(index, element))),
            PortKind::Bits => {
                let mut words = vec![0; words_in(port)];
                let (buffer, count) = (words.as_mut_ptr(), words.len());
                // SAFETY: the instance lives, and the number of words is as given.
                self.accepted(unsafe {
                    (self.api.get_words)(self.instance, place.0, place.1, buffer, count)
                })?;
                Ok(Value::of_words(port, words))
            }
        }
    }

    /// Sets an element of a port.
    pub fn put(&mut self, index: usize, element: usize, port: &Port, value: &Value) -> Result<(), Error> {
        check_input(port)?;
        let place = (index as u32, element as u32);
        let status = match (port.kind, value, value.words(words_in(port))) {
            // SAFETY: the instance lives as long as `self`.
            (PortKind::Real, Value::Real(value), _) => unsafe {
                (self.api.set_real)(self.instance, place.0, place.1, *value)
            },
            (PortKind::Text, Value::Text(text), _) => return self.set_text(index, element, text),
            (PortKind::Bits, _, Some(mut words)) => {
                if !value.fits(port.width) {
                    return Err(value::too_wide(value, port.width, &format!("port `{}`", port.name)));
                }
                if let (Some(top), used @ 1..) = (words.last_mut(), port.width % 32) {
                    *top &= (1 << used) - 1;
                }
                // SAFETY: the instance lives, and the number of words is as given.
                unsafe { (self.api.set_words)(self.instance, place.0, place.1, words.as_ptr(), words.len()) }
            }
            _ => {
                let message = format!("the port `{}` cannot be set to {}", port.name, value.what());
                return Err(Error::new(Kind::Type, message));
            }
        };
        self.accepted(status)
    }

    /// Reads a text.
    pub fn text(&self, index: usize, element: usize) -> String {
        let mut length = 0;
        let place = (index as u32, element as u32);
        // SAFETY: the instance lives, and nothing is written to no buffer.
        unsafe { (self.api.get_string)(self.instance, place.0, place.1, ptr::null_mut(), 0, &mut length) };
        let mut text = vec![0_u8; length + 1];
        // SAFETY: the buffer has the given size.
        unsafe {
            let buffer = text.as_mut_ptr().cast();
            (self.api.get_string)(self.instance, place.0, place.1, buffer, text.len(), ptr::null_mut());
        }
        text.truncate(length);
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Writes a text.
    pub fn set_text(&mut self, index: usize, element: usize, text: &str) -> Result<(), Error> {
        let text = c_text(text.to_owned())?;
        // SAFETY: the instance lives, the text ends with a zero.
        let status =
            unsafe { (self.api.set_string)(self.instance, index as u32, element as u32, text.as_ptr()) };
        self.accepted(status)
    }

    fn accepted(&self, status: i32) -> Result<(), Error> {
        if status == 0 {
            return Ok(());
        }
        Err(failure(self.api, self.instance, status))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // SAFETY: the instance is not used again, and the sink only after it.
        unsafe {
            (self.api.destroy)(self.instance);
            drop(Box::from_raw(self.sink));
        }
    }
}

/// Words of one element.
#[allow(clippy::manual_div_ceil)] // `div_ceil` is younger than the oldest compiler of crates
fn words_in(port: &Port) -> usize {
    (port.width as usize + 31) / 32
}

/// Refuses a port that is not an input.
pub(super) fn check_input(port: &Port) -> Result<(), Error> {
    let what = match port.direction {
        Direction::In => return Ok(()),
        Direction::Out => "is an output",
        Direction::Inout => "is an inout, which can only be read",
        Direction::Probe => "is a signal inside of the design, which can only be read",
    };
    Err(Error::new(Kind::Direction, format!("the port `{}` {what}", port.name)))
}

/// Refuses a port that is an array.
pub(super) fn check_single(port: &Port) -> Result<(), Error> {
    if port.elements == 1 {
        return Ok(());
    }
    Err(Error::new(Kind::Type, format!("the port `{}` is an array: use `get_at` and `set_at`", port.name)))
}

/// Refuses what cannot be a clock.
pub(super) fn check_clock(port: &Port) -> Result<(), Error> {
    check_input(port)?;
    check_single(port)?;
    if port.kind == PortKind::Bits {
        return Ok(());
    }
    Err(Error::new(Kind::Type, format!("the port `{}` does not take bits", port.name)))
}

/// What the design prints comes here. Unwinding would cross the design, so that a panic is kept for later.
unsafe extern "C" fn print(user: *mut c_void, text: *const c_char, size: usize) {
    // SAFETY: `user` is the sink, which nobody else uses while the design runs; the text has the given number of bytes.
    let (sink, text) =
        unsafe { (&mut *user.cast::<Sink>(), std::slice::from_raw_parts(text.cast::<u8>(), size)) };
    let text = String::from_utf8_lossy(text);
    if sink.panic.is_none() {
        let output = &mut sink.output;
        sink.panic = catch_unwind(AssertUnwindSafe(|| output(&text))).err();
    }
}

fn c_text(text: String) -> Result<CString, Error> {
    let zero = |_| Error::new(Kind::Type, "a text for the model cannot contain a zero byte");
    CString::new(text).map_err(zero)
}

fn no_status() -> StatusInfo {
    StatusInfo {
        struct_size: std::mem::size_of::<StatusInfo>() as u32,
        status: 0,
        kind: 0,
        line: 0,
        errors: 0,
        warnings: 0,
        file: ptr::null_mut(),
        file_size: 0,
        message: ptr::null_mut(),
        message_size: 0,
    }
}

/// The error behind a status; without an instance, of the last creation in this thread.
fn failure(api: &Api, instance: *mut Instance, status: i32) -> Error {
    let (mut file, mut message) = ([0 as c_char; 1024], [0 as c_char; 4096]);
    let mut info = StatusInfo {
        file: file.as_mut_ptr(),
        file_size: file.len(),
        message: message.as_mut_ptr(),
        message_size: message.len(),
        ..no_status()
    };
    // SAFETY: the buffers have the given sizes, and contain texts that end with a zero.
    let (file, message) = unsafe {
        (api.status_info)(instance, &mut info);
        (CStr::from_ptr(file.as_ptr()), CStr::from_ptr(message.as_ptr()))
    };
    let (file, message) = (file.to_string_lossy().into_owned(), message.to_string_lossy().into_owned());
    let said = info.status == status && !message.is_empty();
    let refused = |kind, otherwise: &str| {
        Error::new(kind, if said { hinted(&message) } else { format!("{otherwise} (status {status})") })
    };
    let kind = match (status, info.kind) {
        (-7, _) => Kind::Poisoned,
        (-2, _) => return refused(Kind::NoPort, "there is no such port or element"),
        (-6, _) => return refused(Kind::NotSupported, "the model has no such thing"),
        (..=-1, _) => return refused(Kind::Machine, "the call was refused"),
        (_, 1) => Kind::Finished,
        (_, 2) => Kind::Stop,
        (_, 3) => Kind::Error,
        (_, 4) => Kind::Fatal,
        (_, 5) => Kind::NotConverged,
        (_, 6) => Kind::MemoryFile,
        (_, 9) => Kind::Dpi,
        _ => Kind::Runtime,
    };
    let file = (!file.is_empty()).then_some(file);
    Error { kind, line: u32::try_from(info.line).ok().filter(|_| file.is_some()), file, message }
}

/// The message, with the key that helps.
fn hinted(message: &str) -> String {
    match message {
        "the model was built without tracing" => {
            format!("{message}: set `verilator.trace` to `vcd` or `fst`")
        }
        "the model was built without coverage" => format!("{message}: set `verilator.coverage`"),
        _ => message.to_owned(),
    }
}
