//! What a request asks for: its operands, and its options, each of which is one entry of one table. From the table are
//! made the arguments of commands, the words that say a request again, and what tells two builds of one thing apart.
//! It does not know the command line's library, nor what an option does.

pub mod built;
mod operand;
mod request;
mod table;
mod value;

pub use operand::Operand;
pub use table::{OPTIONS, RequestOption, RequestOptions};
