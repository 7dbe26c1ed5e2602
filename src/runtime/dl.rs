//! Loads shared libraries of models with the functions of every C library.
//! It does not know where they are looked for.

#![allow(unsafe_code)] // `dlopen` and `dlsym`

use super::abi::{Api, GetApi, table};
use super::error::{Error, Kind};
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

unsafe extern "C" {
    fn dlopen(file: *const c_char, mode: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *mut c_char;
}

const RTLD_NOW: c_int = 2;
/// The one function that is looked up in a library.
const EXPORTED: &[u8] = b"fudsv_get_api\0";

/// The files that were loaded from each path, by device and inode.
type Loaded = HashMap<PathBuf, Vec<(u64, u64)>>;

static LOADED: Mutex<Option<Loaded>> = Mutex::new(None);

/// Loads a library, which is never unloaded, and returns its table of functions.
///
/// # Errors
/// The file does not exist, fudsv did not build it, or it has another version.
pub(super) fn load(path: &Path) -> Result<&'static Api, Error> {
    let refused = |why: &str| Error::new(Kind::Machine, format!("cannot load `{}`: {why}", path.display()));
    let file = fs::canonicalize(path).map_err(|e| refused(&e.to_string()))?;
    let meta = fs::metadata(&file).map_err(|e| refused(&e.to_string()))?;
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let versions = loaded.get_or_insert_with(HashMap::new).entry(file.clone()).or_default();
    let identity = (meta.dev(), meta.ino());
    let version = versions.iter().position(|known| *known == identity).unwrap_or(versions.len());
    let name =
        CString::new(name(&file, version)).map_err(|_| refused("a path cannot contain a zero byte"))?;
    // SAFETY: the name ends with a zero. The errors are this thread's own.
    let library = unsafe { dlopen(name.as_ptr(), RTLD_NOW) };
    if library.is_null() {
        return Err(refused(&last_error()));
    }
    if version == versions.len() {
        versions.push(identity);
    }
    drop(loaded);
    // SAFETY: the library is loaded for good, and what it exports under this name is this function.
    let api = unsafe {
        let function = dlsym(library, EXPORTED.as_ptr().cast());
        let function = std::mem::transmute::<*mut c_void, Option<GetApi>>(function);
        let function = function.ok_or_else(|| refused("it is not a library that fudsv built"))?;
        table(function)
    };
    api.ok_or_else(|| refused("it was built by another version of fudsv: build it again"))
}

/// The loader remembers names, and would return the old library under the name of a file that was replaced. So each file
/// that one path has named gets a different name that leads to the same place.
fn name(file: &Path, version: usize) -> Vec<u8> {
    let directory = file.parent().unwrap_or(file).as_os_str().as_bytes();
    let name = file.file_name().unwrap_or_default().as_bytes();
    [directory, &b"/.".repeat(version), b"/", name].concat()
}

fn last_error() -> String {
    // SAFETY: a text that ends with a zero, or nothing.
    let text = unsafe { dlerror().as_ref().map(|text| CStr::from_ptr(text)) };
    text.map_or_else(|| "it is not a library".to_owned(), |text| text.to_string_lossy().into_owned())
}
