//! What is built and how: the sources of a request in their order, and the settings that options, filelists and the
//! section `[design.NAME]` stand for. Its main type is [`Design`].
//! It does not know states, ops or how Verilator is called.

mod list;
mod order;
mod outline;
mod resolve;
mod section;
mod settings;
mod text;
mod top;
mod trust;
mod variables;
mod vocabulary;

pub use order::in_order;
pub use outline::outline;
pub use resolve::{Design, Source};
pub use settings::KEYS;
pub use top::{OddPort, Oddity, odd_ports};
