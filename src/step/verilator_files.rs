//! Reads Verilator's list of the files that it read, `V*__verFiles.dat`: its only list in which names with blanks survive.
//! It does not know which directory the names are relative to.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

/// The files on the `S` lines that existed and are not Verilator's binary.
///
/// A line is `S size inode ctime ns mtime ns ["hash"] "name"`; the hash is newer than version 5.006. Version 5.006
/// also lists words that it took for names, with inode 0. Nothing is escaped in a name.
pub fn parse(text: &str) -> Vec<String> {
    text.lines().filter_map(source).filter(|name| !is_binary(name)).collect()
}

fn source(line: &str) -> Option<String> {
    let line = line.strip_prefix("S ")?.strip_suffix('"')?;
    let (numbers, quoted) = line.split_once('"')?;
    let inode = numbers.split_whitespace().nth(1)?;
    let name = quoted.split_once("\" \"").map_or(quoted, |(_, name)| name);
    (inode != "0").then(|| name.to_owned())
}

fn is_binary(name: &str) -> bool {
    matches!(
        name.rsplit('/').next(),
        Some("verilator_bin" | "verilator_bin_dbg" | "verilator_coverage_bin_dbg")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_version_5_006_is_read() {
        let text = r#"# DESCRIPTION: Verilator output: Timestamp data for --skip-identical.  Delete at will.
C "--cc -MMD -Iinc dir --Mdir o5 a b.sv --top t"
S  12244816 10199064  1795255484   436440054  1680199511           0 "/usr/bin/verilator_bin"
S         0        0           0           0           1           0 "a"
S       106 10100852  1795256852   848549241  1795256852   848549241 "a b.sv"
S         0        0           0           0           1           0 "inc"
S        15 10100853  1795256852   848549241  1795256852   848549241 "inc dir/h.svh"
T      2865 10100858  1795256852   869067706  1795256852   869067706 "o5/Vt.cpp"
T         0        0  1795256852   869548803  1795256852   869548803 "o5/Vt__verFiles.dat"
"#;
        assert_eq!(parse(text), ["a b.sv", "inc dir/h.svh"]);
    }

    #[test]
    fn the_list_of_version_5_048_is_read() {
        let text = r#"# DESCRIPTION: Verilator output: Timestamp data for --skip-identical.  Delete at will.
C "--cc -MMD -Iinc dir --Mdir o48 a b.sv --top t"
S  15877232   778554  1795255497           0  1795255497           0 "unhashed" "/opt/v/bin/verilator_bin"
S      7542   778587  1795255497           0  1795255497           0 "czBlEFkcTVulpaEel4J0W5bCKNEsN5Xd0FA2B2DC" "/opt/v/include/verilated_std.sv"
S       106 10100852  1795256852           0  1795256852           0 "2zSBGpBBjBbzlrYOdE3ByQb7WpNNR1lTwEQ66psk" "a b.sv"
T      2927 10100872  1795256852           0  1795256852           0 "unhashed" "o48/Vt.cpp"
"#;
        assert_eq!(parse(text), ["/opt/v/include/verilated_std.sv", "a b.sv"]);
    }
}
