//! One source of a design.
//! It leaves to others where it was named and what becomes of it.

/// A source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As the user would type it: relative to where they stand, or absolute; `-` is standard input.
    pub path: String,
    /// Whether a filelist names it, so that its suffix alone says its state.
    pub is_listed: bool,
    /// Whether the user typed it as an operand.
    pub is_operand: bool,
    /// Whether a pattern found it, so that nobody gave its place in the order.
    pub is_matched: bool,
}
