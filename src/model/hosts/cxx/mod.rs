//! The C++ header of a model, `<name>.hpp`: a class with typed ports over the typed functions of C.
//! It does not know how models live: `scripts/rsrc/fudsv_model.hpp` does that, the same for every design.

mod names;
mod ports;
mod records;
mod value;

use super::interface::Interface;
use super::resources;
use super::wrapper::symbol;
use super::wrapper::template::{comment_text, fill};
use names::Names;

/// The text of the header of a model that is called `name`.
pub fn generate(interface: &Interface, name: &str) -> String {
    let names = Names::new(interface);
    let values = [
        ("NAME", name.to_owned()),
        ("TOP", comment_text(&interface.top)),
        ("NAMESPACE", names::namespace(name)),
        ("GUARD", format!("FUDSV_{}_HPP", symbol(name).to_ascii_uppercase())),
        ("SYMBOL", symbol(name)),
        ("TYPES", records::definitions(interface, &names)),
        ("PORTS", ports::methods(interface, &names, &symbol(name))),
    ];
    fill(resources::WRAPPER_HPP, &values)
}
