//! The enums, structs and unions of a design in Rust.
//! It does not know ports.

use super::names::{Names, has_type, plain, scope, written};
use super::value::{Value, bits_type, integer, masked};
use crate::model::interface::{Item, Member, Shape, Type};
use crate::model::manifest::Manifest;

/// Of a member that its integer is wider than.
const ERRORS: &str = "\n    ///\n    /// # Errors\n    /// The value has more bits than the member.";

/// The definitions of all types.
pub fn definitions(manifest: &Manifest, names: &Names) -> String {
    let types = manifest.types.iter().zip(&names.types);
    let types = types.filter(|(of, _)| has_type(&of.shape, of.width));
    let definition = |(of, name): (&Type, &String)| match &of.shape {
        Shape::Enum { signed, items } => enumeration(of, name, *signed, items),
        Shape::Struct { members } | Shape::Union { members } => {
            Record { of, name, members }.text(manifest, names)
        }
    };
    types.map(definition).collect()
}

/// `wide_pkg::item_t`: 15 bits.
fn title(of: &Type, what: &str) -> String {
    format!(
        "/// The {what} `{}`, {} bit{}.\n",
        plain(&of.name),
        of.width,
        if of.width == 1 { "" } else { "s" }
    )
}

/// Values with unknown bits cannot occur in a model, and are left out.
fn enumeration(of: &Type, name: &str, signed: bool, items: &[Item]) -> String {
    let number = format!("{}{}", if signed { 'i' } else { 'u' }, integer(of.width).unwrap_or(64));
    let mut taken = scope("");
    let (mut variants, mut arms) = (String::new(), String::new());
    for item in items.iter().filter(|item| item.value.parse::<i128>().is_ok()) {
        let variant = written(&taken.free(&item.name));
        variants += &format!("    /// `{}`.\n    {variant} = {},\n", plain(&item.name), item.value);
        arms += &format!("            {} => Ok({name}::{variant}),\n", item.value);
    }
    let title = title(of, "enum");
    let text =
        format!("{:?}", format!("the enum `{}` has no name for {{value}}", of.name.replace(['{', '}'], "")));
    format!(
        "{title}#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n#[repr({number})]\npub enum {name} {{\n{variants}}}\n\n\
         impl TryFrom<{number}> for {name} {{\n    type Error = Error;\n    \
         fn try_from(value: {number}) -> Result<{name}, Error> {{\n        match value {{\n{arms}            \
         _ => Err(Error::new(Kind::UnknownValue, format!({text}))),\n        }}\n    }}\n}}\n\n"
    )
}

/// A packed struct or union.
struct Record<'m> {
    of: &'m Type,
    name: &'m str,
    members: &'m [Member],
}

impl Record<'_> {
    fn text(&self, manifest: &Manifest, names: &Names) -> String {
        let what = if matches!(self.of.shape, Shape::Union { .. }) { "union" } else { "struct" };
        let (title, name, width) = (title(self.of, what), self.name, self.of.width);
        let bits = bits_type(width);
        let mut taken = scope("from_bits bits fmt");
        let (mut methods, mut fields) = (String::new(), String::new());
        for member in self.members.iter().filter(|member| member.width > 0) {
            let uses = |name: &str| vec![name.to_owned(), format!("set_{name}"), format!("with_{name}")];
            let field = taken.free_for(&member.name, uses);
            let value = Value::new(manifest, names, member.width, member.signed, member.type_index);
            methods += &self.methods(member, &field, &value);
            fields += &format!("            .field({:?}, &self.{}())\n", member.name, written(&field));
        }
        format!(
            "{title}#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]\npub struct {name}({bits});\n\n\
             impl {name} {{\n    /// The value of these bits; those beyond its width are dropped.\n    \
             pub fn from_bits(bits: {bits}) -> {name} {{\n        {name}({})\n    }}\n\n    /// Its bits.\n    \
             pub fn bits(self) -> {bits} {{\n        self.0\n    }}\n{methods}}}\n\n\
             impl std::fmt::Debug for {name} {{\n    \
             fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{\n        \
             f.debug_struct({name:?})\n{fields}            .finish()\n    }}\n}}\n\n",
            masked("bits", width),
        )
    }

    /// To read a member, to write it, and to write it in a chain.
    fn methods(&self, member: &Member, field: &str, value: &Value) -> String {
        let (get, original) = (written(field), plain(&member.name));
        let about = format!("`{original}`, {} bit{}", member.width, if member.width == 1 { "" } else { "s" });
        let (given, taken) = (value.given(), value.taken());
        let (read, write) =
            (value.of_bits(&self.bits_at(member)), self.write(member, &value.bits_of("value")));
        let check = value.check("value", &format!("member `{original}`"));
        let name = self.name;
        let errors = if check.is_empty() { "" } else { ERRORS };
        let (nothing, with, question, done, whole) = match check.is_empty() {
            true => (String::new(), name.to_owned(), "", "", "self"),
            false => (
                " -> Result<(), Error>".to_owned(),
                format!("Result<{name}, Error>"),
                "?",
                "\n        Ok(())",
                "Ok(self)",
            ),
        };
        format!(
            "\n    /// Member {about}.\n    pub fn {get}(self) -> {given} {{\n        {read}\n    }}\n\n    \
             /// Sets `{original}`.{errors}\n    \
             pub fn set_{field}(&mut self, value: {taken}){nothing} {{\n{check}        {write};{done}\n    }}\n\n    \
             /// The same with another `{original}`.{errors}\n    \
             pub fn with_{field}(mut self, value: {taken}) -> {with} {{\n        \
             self.set_{field}(value){question};\n        {whole}\n    }}\n"
        )
    }

    /// The bits of a member.
    fn bits_at(&self, member: &Member) -> String {
        let Member { lsb, width, .. } = member;
        match (integer(self.of.width), integer(*width)) {
            (Some(_), _) => {
                format!("(value::low_bits(self.0 as u128 >> {lsb}, {width}) as {})", bits_type(*width))
            }
            (None, Some(_)) => {
                format!("(self.0.slice::<{width}>({lsb}).low_u128() as {})", bits_type(*width))
            }
            (None, None) => format!("self.0.slice::<{width}>({lsb})"),
        }
    }

    /// Puts bits where the member is.
    fn write(&self, member: &Member, bits: &str) -> String {
        let Member { lsb, width, .. } = member;
        match (integer(self.of.width), integer(*width)) {
            (Some(_), _) => {
                let with = format!("bits::with_field(self.0 as u128, {lsb}, {width}, ({bits}) as u128)");
                format!("self.0 = {with} as {}", bits_type(self.of.width))
            }
            (None, Some(_)) => format!("self.0.set_slice::<{width}>({lsb}, Bits::from(({bits}) as u128))"),
            (None, None) => format!("self.0.set_slice::<{width}>({lsb}, {bits})"),
        }
    }
}
