//! A request: its operands, and its options, each of which is one entry of one table. The table yields the arguments of
//! commands, the words that repeat a request, and the options that distinguish two builds of one thing.
//! It does not know the command line's library, nor what an option does.

pub mod built;
mod operand;
mod request;
mod table;
mod value;

pub use operand::Operand;
pub use table::{OPTIONS, RequestOption, RequestOptions};
