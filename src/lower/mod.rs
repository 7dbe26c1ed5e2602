//! From a plan to a Ninja file: each op's body runs once, with the real file names, and says its steps.
//! It does not know Rhai: bodies are run through the trait [`Bodies`]; it does no I/O of its own.

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
