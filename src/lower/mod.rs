//! From a plan to a Ninja file: each op's body runs once, with the real file names, and emits its steps.
//! It does not know Rhai: the trait [`Bodies`] runs bodies; it does no I/O itself.

mod circle;
mod command;
mod edge;
mod emission;
mod frame;
mod lowered;
mod unseen;

pub use circle::no_circle;
pub use edge::Step;
pub use emission::{
    Bodies, Call, Dep, Depfile, Emission, EnvUse, Piece, Resource, RunIn, StepOptions, Target,
};
pub use frame::Frame;
pub use lowered::{Copy, Lowered, lower};
pub use unseen::{Unseen, unseen};
