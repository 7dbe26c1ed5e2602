//! One instance of a model, driven by the names of its ports.
//! It does not know where its library came from.

use super::abi::THE_CLOCK;
use super::dpi::DpiFunction;
use super::error::{Error, Kind};
use super::library::{Library, LibraryInfo};
use super::running::{Running, Settings, check_clock, check_single};
use super::value::{self, Direction, Port, Role, Value, find};
use std::ops::{Deref, DerefMut};
use std::path::Path;

/// A running instance of a design. It is used by one thread at a time, and may move between threads.
///
/// `$finish` is not an error: [`finished`](Model::finished) returns true, and only calls that would run the design further fail.
pub struct Model {
    running: Running,
    about: &'static LibraryInfo,
}

/// How to create a [`Model`]: see [`Library::builder`].
pub struct Builder {
    library: Library,
    settings: Settings,
}

impl Library {
    /// Creates an instance; call [`Model::eval`] to let it settle.
    ///
    /// # Errors
    /// No memory, or a design that fails where it begins.
    pub fn create(&self) -> Result<Model, Error> {
        self.builder().build()
    }

    /// Creates an instance with plusargs, a seed, or an output of your own.
    pub fn builder(&self) -> Builder {
        Builder::new(*self)
    }
}

impl Builder {
    pub(super) fn new(library: Library) -> Builder {
        Builder { library, settings: Settings::default() }
    }

    /// Adds an argument for `$value$plusargs` and `$test$plusargs`, with or without its `+`.
    #[must_use]
    pub fn plusarg(mut self, argument: impl Into<String>) -> Builder {
        self.settings.plusarg(argument.into());
        self
    }

    /// Seeds `$random` and `$urandom`, with any number; without it the simulator chooses.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Builder {
        self.settings.seed = Some(seed);
        self
    }

    /// Starts variables that the design does not initialise with random bits.
    #[must_use]
    pub fn random_reset(mut self) -> Builder {
        self.settings.random_reset = 2;
        self
    }

    /// The name of the top scope, as `%m` prints it; by default the name in a program of the same Verilator: `TOP` before
    /// 5.030, nothing from then on.
    #[must_use]
    pub fn scope(mut self, name: impl Into<String>) -> Builder {
        self.settings.scope = Some(name.into());
        self
    }

    /// Takes what the design prints; else it is printed, so that `cargo test` captures it. A panic in `output` goes on
    /// when the design's evaluation has ended.
    #[must_use]
    pub fn output(mut self, output: impl FnMut(&str) + Send + 'static) -> Builder {
        self.settings.output = Box::new(output);
        self
    }

    /// Gives the design a function that it calls.
    #[must_use]
    pub fn dpi(mut self, function: DpiFunction) -> Builder {
        self.settings.bindings.push(function.binding());
        self
    }

    /// Creates the instance; call [`Model::eval`] to let it settle.
    ///
    /// # Errors
    /// No memory, a zero byte in a text, a DPI function that the design does not have or declares otherwise, or a design
    /// that fails where it begins.
    pub fn build(self) -> Result<Model, Error> {
        let Library { api, about } = self.library;
        Ok(Model { running: Running::create(api, self.settings)?, about })
    }
}

impl Model {
    /// All ports, in the order of the source.
    pub fn ports(&self) -> &'static [Port] {
        &self.about.signals[..self.about.port_count]
    }

    /// Sets an input.
    ///
    /// # Errors
    /// No such port ([`Kind::NoPort`]), an output ([`Kind::Direction`]), a value that does not fit ([`Kind::Width`]), a value
    /// of another kind or an array ([`Kind::Type`]).
    pub fn pin(&mut self, port: &str, value: impl Into<Value>) -> Result<(), Error> {
        let (index, port) = self.single(port)?;
        self.running.put(index, 0, port, &value.into())
    }

    /// Reads an output, an inout, or a signal inside of the design.
    ///
    /// # Errors
    /// No such port ([`Kind::NoPort`]), an input ([`Kind::Direction`]: [`get`](Model::get) reads it), an array
    /// ([`Kind::Type`]).
    pub fn read(&self, port: &str) -> Result<Value, Error> {
        let (index, port) = self.single(port)?;
        if port.direction == Direction::In {
            let message = format!("the port `{}` is an input: `get` reads it", port.name);
            return Err(Error::new(Kind::Direction, message));
        }
        self.running.value(index, 0, port)
    }

    /// The value of any port or signal.
    ///
    /// # Errors
    /// No such port, and an array: that needs [`get_at`](Model::get_at).
    pub fn get(&self, port: &str) -> Result<Value, Error> {
        let (index, port) = self.single(port)?;
        self.running.value(index, 0, port)
    }

    /// The value of an element of a port, counted through all unpacked dimensions from their lowest indices, the last
    /// dimension fastest.
    ///
    /// # Errors
    /// No such port or element.
    pub fn get_at(&self, port: &str, element: usize) -> Result<Value, Error> {
        let (index, port) = self.element(port, element)?;
        self.running.value(index, element, port)
    }

    /// The same as [`pin`](Model::pin).
    ///
    /// # Errors
    /// As [`pin`](Model::pin).
    pub fn set(&mut self, port: &str, value: impl Into<Value>) -> Result<(), Error> {
        let (index, port) = self.single(port)?;
        self.running.put(index, 0, port, &value.into())
    }

    /// Sets an element of an input, counted as by [`get_at`](Model::get_at).
    ///
    /// # Errors
    /// No such port or element, an output, a value of another kind.
    pub fn set_at(&mut self, port: &str, element: usize, value: impl Into<Value>) -> Result<(), Error> {
        let (index, port) = self.element(port, element)?;
        self.running.put(index, element, port, &value.into())
    }

    /// Lets the design react to what was set.
    ///
    /// # Errors
    /// What the design complains about, and a design that ended before.
    pub fn eval(&mut self) -> Result<(), Error> {
        self.running.eval()
    }

    /// One cycle of the clock: to 0, evaluate, to 1, evaluate. In a design without delays each half adds 1 to
    /// [`time`](Model::time).
    ///
    /// # Errors
    /// As [`eval`](Model::eval), and a design that has not exactly one clock by name.
    pub fn tick(&mut self) -> Result<(), Error> {
        self.ticks(1)
    }

    /// So many cycles, or as many as there are until the design complains or finishes.
    ///
    /// # Errors
    /// As [`tick`](Model::tick).
    pub fn ticks(&mut self, cycles: u32) -> Result<(), Error> {
        let clocks = self.ports().iter().filter(|port| port.role == Some(Role::Clock)).count();
        if clocks != 1 {
            let how_many = if clocks == 0 { "no port" } else { "more than one port" };
            let message =
                format!("{how_many} of `{}` is named like a clock: use `tick_port`", self.about.top);
            return Err(Error::new(Kind::NotSupported, message));
        }
        self.running.ticks(THE_CLOCK, cycles)
    }

    /// Like [`tick`](Model::tick), for an input.
    ///
    /// # Errors
    /// As [`eval`](Model::eval), and a port that is not an input of bits.
    pub fn tick_port(&mut self, port: &str) -> Result<(), Error> {
        let index = find(&self.about.signals, port)?;
        check_clock(&self.about.signals[index])?;
        self.running.ticks(index as u32, 1)
    }

    /// Keeps every reset active for so many cycles of all clocks (at least one; one evaluation if there is no clock), then
    /// releases the resets and evaluates.
    ///
    /// # Errors
    /// As [`eval`](Model::eval), and a design without a port that is named like a reset.
    pub fn apply_reset(&mut self, cycles: u32) -> Result<(), Error> {
        if !self.ports().iter().any(|port| matches!(port.role, Some(Role::ResetHigh | Role::ResetLow))) {
            let message = format!("no port of `{}` is named like a reset", self.about.top);
            return Err(Error::new(Kind::NotSupported, message));
        }
        self.running.reset(cycles)
    }

    /// Simulation time, in the unit of [`Library::time_scale`].
    pub fn time(&self) -> u64 {
        self.running.time()
    }

    /// Sets simulation time.
    pub fn set_time(&mut self, time: u64) {
        self.running.set_time(time);
    }

    /// Evaluates now and whenever a delay of the design is over, until `time`, which then is the time of the model; without
    /// delays it sets the time and evaluates. It stops early with what ends the design.
    ///
    /// # Errors
    /// As [`eval`](Model::eval), and a time that is past.
    pub fn run_until(&mut self, time: u64) -> Result<(), Error> {
        self.running.run_until(time)
    }

    /// The time for which a delay of the design waits next, if one does.
    pub fn next_event(&self) -> Option<u64> {
        self.running.next_event()
    }

    /// Whether `$finish` was reached.
    pub fn finished(&self) -> bool {
        self.running.finished()
    }

    /// How many errors, failed assertions and missing memory files there were.
    pub fn errors(&self) -> u64 {
        self.running.counts().0
    }

    /// How many warnings the simulator gave.
    pub fn warnings(&self) -> u64 {
        self.running.counts().1
    }

    /// Writes waveforms from now on, until what it returns is dropped; that is used like the model itself. Every
    /// evaluation adds to the file.
    ///
    /// # Errors
    /// A model that was built without [`Config::waves`](super::Config::waves), and a file that cannot be written.
    pub fn trace(&mut self, path: impl AsRef<Path>) -> Result<Trace<'_>, Error> {
        self.start_trace(path)?;
        Ok(Trace { model: self, failed: None })
    }

    /// Writes waveforms from now on, until [`end_trace`](Self::end_trace) or the end of the model. It is
    /// [`trace`](Self::trace) without a guard.
    ///
    /// # Errors
    /// As [`trace`](Self::trace).
    pub fn start_trace(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.running.start_trace(path.as_ref())
    }

    /// Ends the waveform file, if there is one.
    ///
    /// # Errors
    /// A file that cannot be written to its end, such as on a disk that is full.
    pub fn end_trace(&mut self) -> Result<(), Error> {
        self.running.end_trace()
    }

    /// Writes what coverage counted so far.
    ///
    /// # Errors
    /// A model that was built without `verilator.coverage`, and a file that cannot be written.
    pub fn write_coverage(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.running.write_coverage(path.as_ref())
    }

    /// Forgets what coverage counted so far.
    ///
    /// # Errors
    /// A model that was built without `verilator.coverage`.
    pub fn clear_coverage(&mut self) -> Result<(), Error> {
        self.running.clear_coverage()
    }

    /// Writes the state of the model.
    ///
    /// # Errors
    /// A model that was built without `verilator.savable`, and a file that cannot be written.
    pub fn save(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.running.save(path.as_ref())
    }

    /// Goes back to a state that was saved, also by another process.
    ///
    /// # Errors
    /// A model that was built without `verilator.savable`, a file that is damaged or of another build, and a trace that is
    /// open; nothing is changed then.
    pub fn restore(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.running.restore(path.as_ref())
    }

    /// Runs the `final` blocks and takes the model apart. Dropping does the same, without a word about errors.
    ///
    /// # Errors
    /// What a `final` block complains about, and a model that ended in the middle of an evaluation.
    pub fn close(mut self) -> Result<(), Error> {
        self.running.close()
    }

    fn single(&self, name: &str) -> Result<(usize, &'static Port), Error> {
        let index = find(&self.about.signals, name)?;
        let port = &self.about.signals[index];
        check_single(port)?;
        Ok((index, port))
    }

    fn element(&self, name: &str, element: usize) -> Result<(usize, &'static Port), Error> {
        let index = find(&self.about.signals, name)?;
        let port = &self.about.signals[index];
        value::element(name, [port.elements], [element])?;
        Ok((index, port))
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct(self.about.top);
        for port in self.ports().iter().filter(|port| port.elements == 1) {
            if let Ok(value) = self.get(port.name) {
                shown.field(port.name, &value);
            }
        }
        shown.finish()
    }
}

/// A model that writes waveforms, until this is dropped or closed.
#[derive(Debug)]
pub struct Trace<'a> {
    model: &'a mut Model,
    failed: Option<Error>,
}

impl Trace<'_> {
    /// Adds the current values to the file, and sets the time of the model: `Trace::dump(&mut dut, 7)`. Evaluations add their
    /// values automatically. `flush` and `close` report errors.
    pub fn dump(trace: &mut Self, time: u64) {
        let dumped = trace.model.running.dump(time);
        trace.failed = trace.failed.take().or(dumped.err());
    }

    /// Ends the file and goes on in another one: `Trace::rotate(&mut dut, "more.vcd")?`.
    ///
    /// # Errors
    /// A file that cannot be written: then nothing is written any more.
    pub fn rotate(trace: &mut Self, path: impl AsRef<Path>) -> Result<(), Error> {
        trace.model.running.rotate_trace(path.as_ref())
    }

    /// Writes to the file what there is so far, as far as its format allows: `Trace::flush(&mut dut)`.
    ///
    /// # Errors
    /// A file that cannot be written, such as on a disk that is full.
    pub fn flush(trace: &mut Self) -> Result<(), Error> {
        let flushed = trace.model.running.flush_trace();
        trace.failed.take().map_or(flushed, Err)
    }

    /// Ends the file, as dropping does, and reports errors: `Trace::close(dut)?`.
    ///
    /// # Errors
    /// A file that cannot be written to its end.
    pub fn close(mut trace: Self) -> Result<(), Error> {
        let ended = trace.model.end_trace();
        trace.failed.take().map_or(ended, Err)
    }
}

impl Deref for Trace<'_> {
    type Target = Model;

    fn deref(&self) -> &Model {
        self.model
    }
}

impl DerefMut for Trace<'_> {
    fn deref_mut(&mut self) -> &mut Model {
        self.model
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        self.model.end_trace().unwrap_or_default();
    }
}
