//! The DPI functions of a wrapper: tables, typed functions that bind and call them, and a stub for each import.
//! It does not know which imports are linked; the linker takes the stubs of the others.

use super::tables::direction as direction_in_c;
use super::text::{c_text, comment_text};
use crate::model::dpi::{Argument, Dpi, Function, Kind, Value};
use crate::model::hosts::template::fill;
use crate::model::interface::Direction;
use crate::model::names::Scope;
use crate::model::ports::Prototype;

/// The definition of an imported function if nothing else defines it.
const STUB: &str = include_str!("templates/stub.cpp.in");

/// The texts about DPI functions; most of them are empty for a design without any.
#[derive(Default)]
pub struct Texts {
    /// For the header.
    pub declarations: String,
    /// For the source.
    pub definitions: String,
    /// Exported names.
    pub functions: Vec<String>,
    /// Values by the name of the gap they fill in the source and the header.
    pub gaps: Vec<(&'static str, String)>,
    /// Names of files and texts, one for each import.
    pub stubs: Vec<(String, String)>,
}

/// The texts about the DPI functions of a design; `places` are those of its header.
pub fn of(dpi: &Dpi, places: &[Prototype], symbol: &str) -> Texts {
    let mut texts = Texts::default();
    let mut tables = Tables::default();
    for (index, import) in dpi.imports.iter().enumerate() {
        let bind = bind(symbol, import, index);
        texts.add(bind);
        texts.stubs.push((format!("dpi-stubs/{}.cpp", import.name), stub(import, index)));
        tables.add(import, place_of(places, import, false), None);
    }
    tables.imports = std::mem::take(&mut tables.functions);
    // The function that binds `add` has the name that would call an export `add_bind`.
    let mut scope = Scope::new("", "");
    scope.claim(dpi.imports.iter().flat_map(|of| ["bind", "fn"].map(|end| format!("{}_{end}", of.name))));
    for export in &dpi.exports {
        let call = call(symbol, export, &scope.free(&export.name));
        tables.add(export, place_of(places, export, true), Some(&call.name));
        texts.add(call);
    }
    let include = if dpi.is_empty() { "" } else { "#include \"svdpi.h\"\n" };
    texts.gaps = vec![
        ("DPI_INCLUDE", include.to_owned()),
        ("DPI_VALUES", tables.values),
        ("DPI_IMPORTS", tables.imports),
        ("DPI_EXPORTS", tables.functions),
        ("DPI_IMPORT_COUNT", dpi.imports.len().to_string()),
        ("DPI_EXPORT_COUNT", dpi.exports.len().to_string()),
    ];
    texts
}

/// A function of the typed interface.
struct Typed {
    name: String,
    declaration: String,
    definition: String,
}

impl Texts {
    fn add(&mut self, typed: Typed) {
        self.declarations.push_str(&typed.declaration);
        self.definitions.push_str(&typed.definition);
        self.functions.push(typed.name);
    }
}

fn place_of<'p>(places: &'p [Prototype], function: &Function, exported: bool) -> Option<&'p Prototype> {
    places.iter().find(|place| place.exported == exported && place.name == function.name)
}

/// Names of arguments, different from those that fudsv's functions add.
fn names(function: &Function) -> Vec<String> {
    let ours = ["model", "user", "function", "result", "bound", "is_stub"];
    let name = |argument: &Argument| {
        let taken = ours.contains(&argument.name.as_str());
        if taken { format!("{}_", argument.name) } else { argument.name.clone() }
    };
    function.arguments.iter().map(name).collect()
}

/// `int a, svBitVecVal* b`.
fn parameters(function: &Function) -> Vec<String> {
    let named = function.arguments.iter().zip(names(function));
    named.map(|(argument, name)| format!("{} {name}", argument.value.c_type)).collect()
}

/// The type of a bound function, and the function that binds one.
fn bind(symbol: &str, import: &Function, index: usize) -> Typed {
    let (of, prototype) = (&import.name, comment_text(&import.prototype));
    let name = format!("{symbol}_dpi_{of}_bind");
    let parameters = [vec!["void* user".to_owned()], parameters(import)].concat().join(", ");
    let signature = format!(
        "int32_t {name}(fudsv_model* model, {symbol}_dpi_{of}_fn function, void* user) FUDSV_NOEXCEPT"
    );
    Typed {
        declaration: format!(
            "/** What the design calls as `{prototype}`. */\n\
             typedef {} (*{symbol}_dpi_{of}_fn)({parameters});\nFUDSV_API {signature};\n",
            import.result.c_type
        ),
        definition: format!(
            "{signature} {{\n    return fudsv_wrapper::api().dpi_bind(model, {index}, reinterpret_cast<void (*)()>(function), user);\n}}\n\n"
        ),
        name,
    }
}

/// The function that calls an export, after `symbol_dpi_` called `name`.
fn call(symbol: &str, export: &Function, name: &str) -> Typed {
    let name = format!("{symbol}_dpi_{name}");
    let void = export.result.c_type == "void";
    let mut all = vec!["fudsv_model* model".to_owned()];
    all.extend(parameters(export));
    if !void {
        all.push(format!("{}* result", export.result.c_type));
    }
    let signature = format!("int32_t {name}({}) FUDSV_NOEXCEPT", all.join(", "));
    let called = format!("fudsv_wrapper::Top::{}({})", export.name, names(export).join(", "));
    let body = if void {
        format!("{called};")
    } else {
        format!("const auto returned = {called};\n        if (result) *result = returned;")
    };
    Typed {
        declaration: format!(
            "/** Calls `{}` of the design. */\nFUDSV_API {signature};\n",
            comment_text(&export.prototype)
        ),
        definition: format!(
            "{signature} {{\n    return fudsv::call_export(model, {}, [&] {{\n        {body}\n    }});\n}}\n\n",
            c_text(&export.name)
        ),
        name,
    }
}

/// The C++ of a function that the design calls, for links in which nothing else defines it.
fn stub(import: &Function, index: usize) -> String {
    let (arguments, parameters) = (names(import), parameters(import).join(", "));
    let types: Vec<&str> = import.arguments.iter().map(|argument| argument.value.c_type.as_str()).collect();
    let before = |first: &str, rest: &[&str]| [&[first], rest].concat().join(", ");
    let listed: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = &import.result.c_type;
    let or_void = |text: String| if result == "void" { String::new() } else { text };
    let values = [
        ("FUNCTION", import.name.clone()),
        ("INDEX", index.to_string()),
        ("RESULT", result.clone()),
        ("PARAMETERS", parameters),
        ("TYPES", types.join(", ")),
        ("ARGUMENTS", listed.join(", ")),
        ("BOUND_TYPES", before("void*", &types)),
        ("BOUND_ARGUMENTS", before("bound.user", &listed)),
        ("DECLARE", or_void(format!("    {result} result{{}};\n"))),
        ("ASSIGN", or_void("result = ".to_owned())),
        ("RETURN", or_void("    return result;\n".to_owned())),
    ];
    fill(STUB, &values)
}

/// Records of functions and of what they pass.
#[derive(Default)]
struct Tables {
    values: String,
    value_count: usize,
    functions: String,
    imports: String,
}

impl Tables {
    fn add(&mut self, function: &Function, place: Option<&Prototype>, call: Option<&str>) {
        let first = self.value_count;
        for Argument { name, direction, value } in &function.arguments {
            self.values.push_str(&format!("    {},\n", record(Some(name), *direction, value)));
            self.value_count += 1;
        }
        let fields = [
            c_text(&function.name),
            c_text(&function.prototype),
            place.map_or("\"\"".to_owned(), |place| c_text(&place.file)),
            place.map_or(0, |place| place.line).to_string(),
            record(None, Direction::Out, &function.result),
            function.arguments.len().to_string(),
            format!("&dpi_values[{first}]"),
            call.map_or("nullptr".to_owned(), |name| format!("reinterpret_cast<void (*)()>({name})")),
        ];
        self.functions.push_str(&format!("    {{{}}},\n", fields.join(", ")));
    }
}

fn record(name: Option<&str>, direction: Direction, value: &Value) -> String {
    let fields = [
        name.map_or("nullptr".to_owned(), c_text),
        c_text(&value.c_type),
        direction_in_c(direction).to_owned(),
        kind(value.kind).to_owned(),
        value.width.to_string(),
        u8::from(value.signed).to_string(),
        value.elements.to_string(),
    ];
    format!("{{{}}}", fields.join(", "))
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Void => "FUDSV_DPI_VOID",
        Kind::Integer => "FUDSV_DPI_INTEGER",
        Kind::Bit => "FUDSV_DPI_BIT",
        Kind::Logic => "FUDSV_DPI_LOGIC",
        Kind::BitVector => "FUDSV_DPI_BIT_VECTOR",
        Kind::LogicVector => "FUDSV_DPI_LOGIC_VECTOR",
        Kind::Real => "FUDSV_DPI_REAL",
        Kind::String => "FUDSV_DPI_STRING",
        Kind::Chandle => "FUDSV_DPI_CHANDLE",
        Kind::OpenArray => "FUDSV_DPI_OPEN_ARRAY",
    }
}
