//! The body of an op: what fudsv keeps of it until a plan uses the op.
//! It does not know how it runs.

use super::block::Block;
use super::low_level::body::LowBody;

/// The body of an op.
pub enum Body {
    /// The block of a `defop`.
    High(Block),
    /// The statements of an `op` or a `rule`.
    Low(LowBody),
}
