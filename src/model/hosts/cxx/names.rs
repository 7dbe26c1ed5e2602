//! Names in C++: of the namespace, types, methods, members and names of enums.
//! It does not know their meaning, only which of them are taken.

use crate::model::interface::{Interface, Type};
use crate::model::names::{Scope, is_word, symbol};

/// Words of C++17 and later, and what usual headers define as macros.
const WORDS: &str = "alignas alignof and and_eq asm assert auto bitand bitor bool break case catch char char16_t \
    char32_t char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr constinit \
    continue decltype default delete do double dynamic_cast else enum errno explicit export extern false float for \
    friend goto if inline int linux long major minor mutable namespace new noexcept not not_eq nullptr operator or \
    or_eq private protected public register reinterpret_cast requires return short signed sizeof static \
    static_assert static_cast stderr stdin stdout struct switch template this thread_local throw true try typedef \
    typeid typename typeof union unix unsigned using virtual void volatile wchar_t while xor xor_eq BUFSIZ DOMAIN EOF \
    HUGE INFINITY NAN NULL OVERFLOW PLOSS RAND_MAX SING TLOSS UNDERFLOW";
/// Global names of the C library that modules may well have.
const GLOBAL: &str = "abort abs accept access acos alarm asin atan atexit atof atoi bind calloc cbrt ceil chdir clock \
    close connect copysign cos daemon div dup erf exit exp fabs ffs floor fma fmax fmin fmod fork frexp free fudsv \
    gamma getc gets hypot index ioctl isatty j0 j1 jn kill labs ldexp ldiv link listen log lrint lround lseek main \
    malloc memchr memcmp memcpy memset mktime modf nan nice open pause perror pipe pow printf putc puts qsort raise \
    rand random read realloc recv remove rename rewind rindex round scanf select send signal sin sleep socket sqrt \
    stat std stime strcmp strcpy strlen sync system tan time times tmpfile toupper trunc truncate ungetc unlink \
    utime wait write y0 y1 yn";
/// What the class of every model has: see `fudsv_model.hpp`.
const METHODS: &str = "Instance Model accept api check clear_coverage coverage core_ errors eval final finish finished handle info \
    model_ next_event noted reset restore run_until save set_time tick time trace";

/// The names of one header.
pub struct Names {
    /// The prefixes of the methods of every port, then those of every signal inside of the design.
    pub ports: Vec<String>,
    /// Of every type of the interface.
    pub types: Vec<String>,
}

impl Names {
    /// Gives every part its name.
    pub fn new(interface: &Interface) -> Names {
        let mut taken = scope("Model fudsv std size_t");
        let types = interface.types.iter().map(|of: &Type| {
            let short = of.name.rsplit("::").next().unwrap_or_default();
            taken.free(if taken.has(&symbol(short)) { &of.name } else { short })
        });
        let types: Vec<String> = types.collect();
        let mut methods = scope(METHODS);
        // A method with the name of a type would hide it.
        methods.claim(types.iter().cloned());
        let uses = |name: &str| {
            ["", "set_", "at", "set_at"].map(|kind| match kind {
                "at" => format!("{name}_at"),
                "set_at" => format!("set_{name}_at"),
                before => format!("{before}{name}"),
            })
        };
        let ports = interface
            .ports
            .iter()
            .chain(&interface.probes)
            .map(|port| methods.free_for(&port.name, |name| uses(name).into()));
        Names { ports: ports.collect(), types }
    }
}

/// A scope in which these names are in use.
pub fn scope(taken: &str) -> Scope {
    Scope::new(WORDS, taken)
}

/// The name of a model as a namespace.
pub fn namespace(name: &str) -> String {
    let name = symbol(name);
    if is_word(WORDS, &name) || is_word(GLOBAL, &name) { format!("{name}_model") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const FUDSV_MODEL_HPP: &str = include_str!("fudsv_model.hpp");

    #[test]
    fn no_port_takes_the_name_of_a_method_of_the_model() {
        let (_, class) = FUDSV_MODEL_HPP.split_once("\nclass Instance {").unwrap();
        let lines = class.lines().filter(|line| line.starts_with("    ") && !line.starts_with("     "));
        let names = lines.filter(|line| !line.contains("///")).filter_map(|line| {
            let before = line.split('(').next()?.split(" = ").next()?.trim_end_matches(';');
            before.rsplit([' ', '~']).next().map(str::to_owned)
        });
        let names: HashSet<String> = names.filter(|name| symbol(name) == *name && !name.is_empty()).collect();
        let mut unknown: Vec<_> =
            names.iter().filter(|name| !is_word(METHODS, name) && !is_word(WORDS, name)).collect();
        unknown.sort();
        assert!(names.contains("next_event") && names.contains("trace"), "{names:?}");
        assert_eq!(unknown, Vec::<&String>::new());
    }

    #[test]
    fn every_name_becomes_one_that_cxx_allows() {
        assert_eq!(
            ["alu", "div", "new", "my-top"].map(namespace),
            ["alu", "div_model", "new_model", "my_top"]
        );
    }
}
