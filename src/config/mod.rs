//! Configuration: layers of TOML, environment and `--set`, merged by key, each value with its origin.
//! It does not know what scripts ask for; sections that are not fudsv's own are open to them.

mod value;

pub use value::{Config, Found, Origin};
