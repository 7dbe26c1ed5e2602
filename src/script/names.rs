//! The names of all functions that scripts may call, and how each is called: for hints.
//! It does not know what they do.

/// The functions of fudsv, and how to call each.
const OURS: [(&str, &str); 44] = [
    ("config", "config(key)"),
    ("config_bool", "config_bool(key)` or `config_bool(key, default)"),
    ("config_int", "config_int(key)` or `config_int(key, default)"),
    ("config_or", "config_or(key, default)"),
    ("config_path", "config_path(key)` or `config_path(key, default)"),
    ("config_paths", "config_paths(key)"),
    ("debug", "debug(value)"),
    ("fail", "fail(message)"),
    ("files", "files(directory, pattern)"),
    ("get_setup", "get_setup(name)"),
    ("get_state", "get_state(name)"),
    ("optional", "optional(state)` or `optional([state])"),
    ("path", "path(name)"),
    ("print", "print(value)"),
    ("python", "python(script)` or `python(\"-m\", module)"),
    ("rsrc", "rsrc(name)"),
    ("shell", "shell(command)` or `shell(command, #{…})"),
    (
        "shell_deps",
        "shell_deps(command, [dep…], [target…])` or `shell_deps(command, [dep…], [target…], #{…})",
    ),
    ("state", "state(name, [extension…])` or `state(name, [extension…], #{…})"),
    ("temp", "temp(name)` or `temp(name, file)"),
    ("unhidden", "unhidden([file…], [dir…], [ending…])"),
    ("words", "words(text)"),
    ("word", "word(text)"),
    ("config_words", "config_words(key)"),
    ("prefixed", "list.prefixed(text)` or `[file].prefixed(text)"),
    ("identifier", "identifier(text)"),
    ("tool", "tool(name)` or `tool(name, #{…})"),
    ("op", "op(name, [setup…], from, to, |e, input, output| …)"),
    ("op_multi", "op_multi(name, [setup…], [from…], [to…], |e, inputs, outputs| …)"),
    ("rule", "rule([setup…], from, to, name)` or `e.rule(name, command)"),
    ("var_", "e.var_(name, value)"),
    ("config_var", "e.config_var(name, key)"),
    ("config_var_or", "e.config_var_or(name, key, default)"),
    ("config_val", "e.config_val(key)"),
    ("config_constrained_val", "e.config_constrained_val(key, [value…])"),
    ("config_constrained_or", "e.config_constrained_or(key, [value…], default)"),
    ("build", "e.build(rule, input, output)"),
    ("build_cmd", "e.build_cmd([output…], rule, [input…], [implicit…])"),
    ("arg", "e.arg(name, value)"),
    ("comment", "e.comment(text)"),
    ("external_path", "e.external_path(path)"),
    ("add_file", "e.add_file(name, text)"),
    ("import", "import \"name\" as name;"),
    ("defop", "defop name(a: s) >> b: t { … }"),
];

/// Functions of the language that scripts use often, for suggestions.
const LANGUAGE: [&str; 24] = [
    "all",
    "clear",
    "contains",
    "ends_with",
    "filter",
    "index_of",
    "insert",
    "is_empty",
    "keys",
    "len",
    "map",
    "pop",
    "push",
    "reduce",
    "remove",
    "replace",
    "reverse",
    "some",
    "sort",
    "split",
    "starts_with",
    "sub_string",
    "trim",
    "values",
];

/// All names that a misspelt function may have meant.
pub fn api_names() -> impl Iterator<Item = &'static str> {
    own_names().chain(LANGUAGE)
}

/// The names of the functions of fudsv.
pub fn own_names() -> impl Iterator<Item = &'static str> {
    OURS.into_iter().map(|(name, _)| name)
}

/// How to call a function of fudsv.
pub fn usage(name: &str) -> Option<String> {
    OURS.iter().find(|(known, _)| *known == name).map(|(_, usage)| format!("`{usage}`"))
}
