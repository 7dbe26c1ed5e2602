//! The C++ header of a model, `<name>.hpp`: a class with typed ports over the typed functions of C.
//! It does not know how models live: `fudsv_model.hpp` does that, the same for every design.

mod names;
mod ports;
mod records;
mod value;

use super::c::text::comment_text;
use super::template::fill;
use crate::model::interface::Interface;
use crate::model::names::symbol;
use names::Names;

/// What the headers of all models have in common.
pub const FUDSV_MODEL_HPP: &str = include_str!("fudsv_model.hpp");
/// The frame of the header of a model.
const HEADER: &str = include_str!("templates/wrapper.hpp.in");

/// The text of the header of a model that is called `name`.
pub fn generate(interface: &Interface, name: &str) -> String {
    let names = Names::new(interface);
    let values = [
        ("NAME", name.to_owned()),
        ("TOP", comment_text(&interface.top)),
        ("NAMESPACE", names::namespace(name)),
        ("GUARD", format!("FUDSV_CLASS_OF_{}", symbol(name))),
        ("SYMBOL", symbol(name)),
        ("TYPES", records::definitions(interface, &names)),
        ("PORTS", ports::methods(interface, &names, &symbol(name))),
    ];
    fill(HEADER, &values)
}
