//! Descriptions of designs that other tools write while fudsv plans: FuseSoC's EDAM, Bender's filelist. Its main type is
//! [`Describer`].
//! It does not know how a description becomes a design.

mod bender;
mod describer;
mod description;
mod fusesoc;

pub use bender::{Bender, MANIFEST};
pub use describer::{Describer, KEPT_IN};
pub use description::{DESCRIBERS, Description};
pub use fusesoc::FuseSoc;
