//! What ops and states declare beside their files, for code that treats such ops and states in a way of their own.
//! It does not know which ones do: code asks for a property, never for a name.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an op declares of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpProperties {
    /// The key of the configuration that names what it makes: where it is set, a plan uses the op once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_by: Option<String>,
    /// What it does with the ports of the top module of its sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_ports: Option<TopPorts>,
    /// Keys of the configuration that have these values in every plan that uses the op.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, String>,
    /// Whether what its steps print is what they make, so that it is shown once.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub report: bool,
    /// Tools that it uses with some settings only, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_need: Vec<String>,
}

/// What an op does with the ports of a top module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TopPorts {
    /// It compiles them, as Verilator does: its sources are where they are declared.
    Compiled,
    /// It passes them to hosts.
    Passed,
}

/// What a state declares of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StateProperties {
    /// Whether its files are SystemVerilog or Verilog: they have packages, modules and a top.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hdl: bool,
    /// Whether a file of a filelist that has one of its extensions is of this state.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
    /// Whether a file is a model that hosts use.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub model: bool,
    /// `KEY=VALUE` of the configuration: if it is set, a file of this state is made beside each model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside_models: Option<String>,
}
