//! The names in a database.
//! It does not know what is in these files.

/// The manifest.
pub const MANIFEST: &str = "manifest.json";

/// The list of its other files.
pub const SUMS: &str = "SHA256SUMS";

/// The directory of its results.
pub const STORE: &str = "store";
