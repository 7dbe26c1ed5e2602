//! An op: it turns files of some states into files of others.
//! It does not know its commands; its body does.

use super::ids::{BodyId, StateId};
use super::properties::OpProperties;
use super::state::Origin;
use serde::{Deserialize, Serialize};

/// How many files a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// Exactly one: `a: sv`.
    One,
    /// All files of the state, at least one: `srcs: [sv]`.
    Many,
    /// None or one: `cfg: optional(json)`.
    Optional,
    /// All files of the state, or no file: `waivers: optional([vlt])`.
    Any,
}

impl Count {
    /// Whether a use needs no file for it.
    pub fn may_be_empty(self) -> bool {
        matches!(self, Count::Optional | Count::Any)
    }

    /// Whether it takes more than one file.
    pub fn may_be_several(self) -> bool {
        matches!(self, Count::Many | Count::Any)
    }
}

/// A named input or output of an op.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name in the body.
    pub name: String,
    /// The state of its files.
    pub state: StateId,
    /// How many files it takes; always [`Count::One`] for an output.
    pub count: Count,
}

/// A transformation of files.
#[derive(Clone, Debug)]
pub struct Op {
    /// Its name; two ops may share one.
    pub name: String,
    /// What it takes.
    pub inputs: Vec<Param>,
    /// What it makes; all of it, wanted or not.
    pub outputs: Vec<Param>,
    /// What the planner pays for one use, at least 1.
    pub cost: u32,
    /// One line for `list` and for the Ninja file.
    pub description: Option<String>,
    /// Tools it declares to need, by name.
    pub needs: Vec<String>,
    /// What else it declares.
    pub properties: OpProperties,
    /// Where it was declared.
    pub origin: Origin,
    /// What it does.
    pub body: BodyId,
}
