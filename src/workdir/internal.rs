//! Where fudsv keeps its own files in a build directory; the library for users' programs looks there too.
//! It does not know what they are.

/// The directory in which fudsv keeps its own files; and the one beside `fud.toml` in which build directories stand.
pub const INTERNAL: &str = ".fudsv";

/// The lock of the build directory.
pub const LOCK: &str = ".fudsv/lock";

/// Where the step runner keeps its files.
pub const STEPS: &str = ".fudsv/steps";
