//! Configuration: layers of TOML, environment and `--set`, merged by key, each value with its origin.
//! It does not know what scripts ask for; sections that are not fudsv's own are open to them.

mod edit;
mod layers;
mod measure;
mod precompiled;
mod remote;
mod setting;
mod settings;
mod trust;
mod typed;
mod value;

pub use edit::{with_key, with_plugin, without_key};
pub use layers::{FILE_NAME, Sources, check, find_root, load, user_file};
pub use measure::{parse_age, parse_size};
pub use precompiled::{LoadSettings, PrecompiledSettings};
pub use remote::RemoteSettings;
pub use setting::parse_value;
pub use settings::{KEYS, Settings, StoreSettings, concerns_store};
pub use trust::Trust;
pub use value::{Config, Found, Origin};
