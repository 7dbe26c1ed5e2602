//! Functions of Rust that a design calls by DPI: their shapes, and whether they are those that the design declares.
//! It does not know what the functions do.

#![allow(unsafe_code)] // functions that C calls

use super::abi::{self, Api, DpiRecord, DpiValueRecord};
use super::callee;
use super::error::{Error, Kind};
use super::running::{Binding, Running};
use std::ffi::{CString, c_char, c_void};

/// A function of Rust for a design to call; [`dpi!`](crate::dpi) makes it.
pub struct DpiFunction {
    name: &'static str,
    arguments: Vec<Shape>,
    result: Shape,
    bind: Bind,
}

/// Binds the function as the import of this index.
type Bind = Box<dyn FnOnce(&mut Running, u32) -> Result<(), Error> + Send>;

/// What an argument or a result is in C.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
pub struct Shape {
    rust: &'static str,
    /// Kinds of values, as `fudsv_dpi_kind` has them.
    kinds: &'static [u32],
    width: u32,
    signed: bool,
    elements: u32,
    written: bool,
}

/// A type that a function may take from a design: `i8` to `u64`, `bool` or `u8` for `bit` and `logic`, `f64`, `&[u32; N]` (a bit
/// vector, words of 32 bits, lowest first), arrays of integers and real numbers, `*const c_char` (a string), `*mut c_void` (a
/// chandle); outputs as `&mut`.
pub trait DpiArgument {
    #[doc(hidden)]
    const SHAPE: Shape;
    /// What C passes.
    #[doc(hidden)]
    type Passed;
    /// # Safety
    /// The design passes it, and it lives during the call.
    #[doc(hidden)]
    unsafe fn taken(passed: Self::Passed) -> Self;
}

/// A type that a function may return to a design: nothing, `bool`, an integer, `f64`, a chandle.
pub trait DpiResult {
    #[doc(hidden)]
    const SHAPE: Shape;
    /// What C gets.
    #[doc(hidden)]
    type Passed;
    #[doc(hidden)]
    fn passed(self) -> Self::Passed;
    #[doc(hidden)]
    fn nothing() -> Self;
}

/// What C passes is the value itself.
macro_rules! as_it_is {
    () => {
        type Passed = Self;
        unsafe fn taken(passed: Self) -> Self {
            passed
        }
    };
}

const fn shape(rust: &'static str, kinds: &'static [u32], width: u32, signed: bool) -> Shape {
    Shape { rust, kinds, width, signed, elements: 1, written: false }
}

impl Shape {
    const fn written(self) -> Shape {
        Shape { written: true, ..self }
    }

    const fn array(self, elements: u32) -> Shape {
        Shape { elements, ..self }
    }

    /// Whether the design declares it so.
    fn is(&self, record: &DpiValueRecord) -> bool {
        let Shape { kinds, width, signed, elements, written, .. } = *self;
        let alike = match record.kind {
            // Words of 32 bits, and not an array of vectors.
            BIT_VECTOR => elements == record.width.div_ceil(32) && record.elements == 1,
            INTEGER => {
                width == record.width && signed == (record.is_signed != 0) && elements == record.elements
            }
            VOID => true,
            _ => elements == record.elements,
        };
        kinds.contains(&record.kind) && alike && written == (record.direction != 0)
    }
}

const VOID: u32 = 0;
const INTEGER: u32 = 1;
const BIT: u32 = 2;
const LOGIC: u32 = 3;
const BIT_VECTOR: u32 = 4;
const REAL: u32 = 6;
const STRING: u32 = 7;
const CHANDLE: u32 = 8;

macro_rules! passed {
    ($($type:ty, $name:literal, $kinds:expr, $width:literal, $signed:literal, $nothing:expr;)*) => {$(
        impl DpiArgument for $type {
            const SHAPE: Shape = shape($name, $kinds, $width, $signed);
            as_it_is!();
        }
        impl DpiArgument for &mut $type {
            const SHAPE: Shape = shape(concat!("&mut ", $name), $kinds, $width, $signed).written();
            as_it_is!();
        }
        impl<const N: usize> DpiArgument for &[$type; N] {
            const SHAPE: Shape = shape(concat!("&[", $name, "; N]"), ARRAY_KINDS[$width as usize / 32], $width, $signed).array(N as u32);
            as_it_is!();
        }
        impl<const N: usize> DpiArgument for &mut [$type; N] {
            const SHAPE: Shape =
                shape(concat!("&mut [", $name, "; N]"), ARRAY_KINDS[$width as usize / 32], $width, $signed).array(N as u32).written();
            as_it_is!();
        }
        impl DpiResult for $type {
            const SHAPE: Shape = shape($name, $kinds, $width, $signed).written();
            type Passed = $type;
            fn passed(self) -> $type {
                self
            }
            fn nothing() -> $type {
                $nothing
            }
        }
    )*};
}

/// What arrays may be, by words of an element.
const ARRAY_KINDS: [&[u32]; 3] = [&[INTEGER, BIT, LOGIC, REAL, CHANDLE], &[INTEGER, BIT_VECTOR], &[INTEGER]];

passed! {
    i8, "i8", &[INTEGER], 8, true, 0;
    u8, "u8", &[INTEGER, BIT, LOGIC], 8, false, 0;
    i16, "i16", &[INTEGER], 16, true, 0;
    u16, "u16", &[INTEGER], 16, false, 0;
    i32, "i32", &[INTEGER], 32, true, 0;
    u32, "u32", &[INTEGER], 32, false, 0;
    i64, "i64", &[INTEGER], 64, true, 0;
    u64, "u64", &[INTEGER], 64, false, 0;
    f64, "f64", &[REAL], 0, false, 0.0;
    *mut c_void, "*mut c_void", &[CHANDLE], 0, false, std::ptr::null_mut();
}

impl DpiArgument for *const c_char {
    const SHAPE: Shape = shape("*const c_char", &[STRING], 0, false);
    as_it_is!();
}

// One bit is a byte in C, of which Verilator leaves the bits above undefined in what a function only writes.
impl DpiArgument for bool {
    const SHAPE: Shape = shape("bool", &[BIT, LOGIC], 8, false);
    type Passed = u8;
    unsafe fn taken(passed: u8) -> bool {
        passed & 1 == 1
    }
}

impl DpiArgument for &mut bool {
    const SHAPE: Shape = shape("&mut bool", &[BIT, LOGIC], 8, false).written();
    type Passed = *mut u8;
    unsafe fn taken(passed: *mut u8) -> Self {
        // SAFETY: the caller's promise; a byte of 0 or 1 is a `bool`.
        unsafe {
            *passed &= 1;
            &mut *passed.cast::<bool>()
        }
    }
}

impl DpiResult for bool {
    const SHAPE: Shape = shape("bool", &[BIT, LOGIC], 8, false).written();
    type Passed = u8;
    fn passed(self) -> u8 {
        self.into()
    }
    fn nothing() -> bool {
        false
    }
}

impl DpiResult for () {
    const SHAPE: Shape = shape("()", &[VOID], 0, false).written();
    type Passed = ();
    fn passed(self) {}
    fn nothing() {}
}

impl DpiFunction {
    /// For [`dpi!`](crate::dpi).
    #[doc(hidden)]
    pub fn new<F: Send + 'static>(
        name: &'static str,
        call: *const (),
        function: F,
        arguments: &[Shape],
        result: Shape,
    ) -> DpiFunction {
        let call = call as usize;
        let bind = Box::new(move |running: &mut Running, index| {
            let user = running.keep(function);
            if running.bind(index, call as *const (), user)? {
                return Ok(());
            }
            let message = format!("the DPI function `{name}` is linked into the model");
            Err(Error::new(Kind::NotSupported, message))
        });
        DpiFunction { name, arguments: arguments.to_vec(), result, bind }
    }

    /// What binds it to an instance, if the design has such a function.
    pub(super) fn binding(self) -> Binding {
        Box::new(move |running| {
            let (index, record, stride) = self.declared(running.api)?;
            self.check(record, stride)?;
            (self.bind)(running, index)
        })
    }

    fn declared(&self, api: &'static Api) -> Result<(u32, &'static DpiRecord, usize), Error> {
        let name = CString::new(self.name).unwrap_or_default();
        // SAFETY: the name ends with a zero; the records are static, and their number and distance are as given.
        let found = unsafe {
            let info = &*api.info;
            let found = u32::try_from((api.find_dpi)(name.as_ptr()))
                .ok()
                .filter(|index| *index < info.dpi_import_count);
            let record = |index: u32| info.dpi_imports.byte_add(index as usize * info.dpi_stride as usize);
            found.map(|index| (index, &*record(index), info.dpi_value_stride as usize))
        };
        found.ok_or_else(|| {
            Error::new(Kind::NoPort, format!("the design imports no DPI function `{}`", self.name))
        })
    }

    fn check(&self, record: &DpiRecord, stride: usize) -> Result<(), Error> {
        let count = record.argument_count as usize;
        let refused = |what: String| {
            // SAFETY: the texts of a library are static.
            let prototype = unsafe { abi::text(record.prototype) };
            let message = format!("the DPI function `{}` is `{prototype}` in the design: {what}", self.name);
            Err(Error::new(Kind::Type, message))
        };
        if self.arguments.len() != count {
            return refused(format!("the number of arguments is {} here", self.arguments.len()));
        }
        for (index, shape) in self.arguments.iter().enumerate() {
            // SAFETY: the number and distance of the records are as given.
            let argument = unsafe { &*record.arguments.byte_add(index * stride) };
            if !shape.is(argument) {
                return refused(format!("argument {} is `{}` here", index + 1, shape.rust));
            }
        }
        if !self.result.is(&returned(&record.result)) {
            return refused(format!("the result is `{}` here", self.result.rust));
        }
        Ok(())
    }
}

/// A result as C has it: a task returns 0, a vector one word.
fn returned(record: &DpiValueRecord) -> DpiValueRecord {
    // SAFETY: the texts of a library are static.
    let is_task = record.kind == VOID && unsafe { abi::text(record.c_type) } == "int";
    match record.kind {
        VOID if is_task => DpiValueRecord { kind: INTEGER, width: 32, is_signed: 1, ..*record },
        BIT_VECTOR => DpiValueRecord { kind: INTEGER, width: 32, is_signed: 0, ..*record },
        _ => DpiValueRecord { ..*record },
    }
}

/// For [`dpi!`](crate::dpi): calls the function that was kept.
///
/// # Safety
/// The design calls this, with the user data of the function.
#[doc(hidden)]
pub unsafe fn call<F, R: DpiResult>(user: *mut c_void, name: &str, function: impl FnOnce(&mut F) -> R) -> R {
    // SAFETY: the caller's promise.
    unsafe { callee::call(user, name, R::nothing(), |kept: &mut F, _| function(kept)) }
}

/// A function for a design to call by DPI, in Rust's words; it may use, and takes, what is around it:
///
/// ```
/// use fudsv::dpi;
///
/// let step = 3;
/// let next = dpi!(fn next(a: i32) -> i32 { a + step });
/// let split = dpi!(fn split(word: u32, high: &mut u16, low: &mut u16) {
///     (*high, *low) = ((word >> 16) as u16, word as u16);
/// });
/// ```
///
/// What it may take and return is in [`DpiArgument`](crate::runtime::DpiArgument) and
/// [`DpiResult`](crate::runtime::DpiResult); that it is the function which the design declares is looked at when an instance
/// is created. If it panics, the evaluation that called it ends with an error.
#[macro_export]
macro_rules! dpi {
    (fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $crate::dpi!(fn $name($($argument: $type),*) -> () $body)
    };
    (fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $result:ty $body:block) => {{
        unsafe extern "C" fn call<F: FnMut($($type),*) -> $result>(
            user: *mut ::std::ffi::c_void,
            $($argument: <$type as $crate::runtime::DpiArgument>::Passed),*
        ) -> <$result as $crate::runtime::DpiResult>::Passed {
            use $crate::runtime::{DpiArgument, DpiResult};
            let name = stringify!($name);
            // SAFETY: the design calls this with the data of the function, and passes what lives during the call.
            let result = unsafe {
                $(let $argument = <$type as DpiArgument>::taken($argument);)*
                $crate::runtime::call::<F, $result>(user, name, |function| function($($argument),*))
            };
            <$result as DpiResult>::passed(result)
        }
        fn made<F: FnMut($($type),*) -> $result + Send + 'static>(function: F) -> $crate::runtime::DpiFunction {
            use $crate::runtime::{DpiArgument, DpiResult};
            let arguments = &[$(<$type as DpiArgument>::SHAPE),*];
            let result = <$result as DpiResult>::SHAPE;
            $crate::runtime::DpiFunction::new(stringify!($name), call::<F> as *const (), function, arguments, result)
        }
        made(move |$($argument: $type),*| -> $result { $body })
    }};
}
