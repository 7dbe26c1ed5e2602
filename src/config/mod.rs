//! Configuration: layers of TOML, environment and `--set`, merged by key, each value with its origin.
//! It does not know what scripts ask for; sections that are not fudsv's own are open to them.

mod layers;
mod setting;
mod settings;
mod trust;
mod value;

pub use layers::{Sources, find_root, load};
pub use settings::{KEYS, Settings, StoreSettings, parse_age, parse_size};
pub use trust::Trust;
pub use value::{Config, Found, Origin};
