//! What scripts can do and which errors they get, from their text to emissions and reports.
//! These tests do not know how the engine works inside.

mod authors;
mod bodies;
mod declarations;
mod low_level;
mod manual;
mod reports;
mod settings;
mod syntax;
