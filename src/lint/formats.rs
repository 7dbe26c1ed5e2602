//! Findings in the forms in which teams read them: GitHub's annotations, SARIF, JSON.
//! It does not know where they come from, nor who reads them.

use super::diagnostic::{Diagnostic, Severity, count};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A workflow command of GitHub for each finding: an annotation at its line.
pub fn github(diagnostics: &[Diagnostic]) -> String {
    let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
    let line = |diagnostic: &Diagnostic| {
        let kind = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
        let mut properties = vec![];
        if let Some(file) = &diagnostic.file {
            properties.push(format!("file={}", property(file)));
        }
        properties.extend(diagnostic.line.map(|line| format!("line={line}")));
        properties.extend(diagnostic.column.map(|column| format!("col={column}")));
        properties.extend(diagnostic.code.as_ref().map(|code| format!("title={}", property(code))));
        let blank = if properties.is_empty() { "" } else { " " };
        format!("::{kind}{blank}{}::{}\n", properties.join(","), escaped(&diagnostic.message))
    };
    diagnostics.iter().map(line).collect()
}

/// What a workflow command cannot hold as it is.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// One object: how many errors and warnings there are, and all of them. It is the form of a baseline, too.
pub fn json(diagnostics: &[Diagnostic]) -> String {
    let (errors, warnings) = count(diagnostics);
    let value = json!({"errors": errors, "warnings": warnings, "diagnostics": diagnostics});
    pretty(&value)
}

/// SARIF 2.1.0, with the paths of the findings relative to where they were found.
pub fn sarif(diagnostics: &[Diagnostic]) -> String {
    let id = |diagnostic: &Diagnostic| diagnostic.code.clone().unwrap_or_else(|| "ERROR".to_owned());
    let rules: BTreeSet<String> = diagnostics.iter().map(id).collect();
    let rules: Vec<String> = rules.into_iter().collect();
    // Of the linters whose findings come here, only Verilator has such names.
    let is_verilators = |rule: &String| !rule.contains(|c: char| c.is_ascii_lowercase());
    let described = |rule: &String| {
        let link = format!("https://verilator.org/warn/{rule}");
        match is_verilators(rule) && rule != "ERROR" {
            true => json!({"id": rule, "helpUri": link}),
            false => json!({"id": rule}),
        }
    };
    let result = |diagnostic: &Diagnostic| {
        let level = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
        let rule = id(diagnostic);
        let index = rules.binary_search(&rule).unwrap_or_default();
        json!({
            "ruleId": rule,
            "ruleIndex": index,
            "level": level,
            "message": {"text": diagnostic.message},
            "locations": location(diagnostic).into_iter().collect::<Vec<_>>(),
        })
    };
    let described: Vec<Value> = rules.iter().map(described).collect();
    let driver = match rules.iter().all(is_verilators) {
        true => json!({"name": "Verilator", "informationUri": "https://verilator.org", "rules": described}),
        false => json!({"name": "fudsv lint", "rules": described}),
    };
    let results: Vec<Value> = diagnostics.iter().map(result).collect();
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }))
}

/// Where a finding is; none where Verilator named no file.
fn location(diagnostic: &Diagnostic) -> Option<Value> {
    let uri = utf8_percent_encode(diagnostic.file.as_deref()?, CODED).to_string();
    let line = diagnostic.line.unwrap_or(1).max(1);
    let region = match diagnostic.column.filter(|column| *column > 0) {
        Some(column) => json!({"startLine": line, "startColumn": column}),
        None => json!({"startLine": line}),
    };
    Some(json!({"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}))
}

/// What the path of a URI contains as a code: all but letters, digits and these.
const CODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b',')
    .remove(b'+')
    .remove(b'@');

fn pretty(value: &Value) -> String {
    // No value here can fail to be written.
    format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Vec<Diagnostic> {
        super::super::parse("%Warning-WIDTH: a b,c.sv:2:12: 5 bits, 100%\n%Error: syntax\n")
    }

    #[test]
    fn annotations_escape_what_a_command_of_github_cannot_hold() {
        let expected =
            "::warning file=a b%2Cc.sv,line=2,col=12,title=WIDTH::5 bits, 100%25\n::error::syntax\n";
        assert_eq!(github(&found()), expected);
    }

    #[test]
    fn sarif_names_rules_levels_and_places() {
        let log: Value = serde_json::from_str(&sarif(&found())).unwrap();
        let run = &log["runs"][0];
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "WIDTH");
        assert_eq!(run["results"][0]["ruleIndex"], 1);
        assert_eq!(run["results"][0]["level"], "warning");
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b,c.sv");
        assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 12}));
        assert_eq!(run["results"][1]["locations"], json!([]));
        assert_eq!(run["tool"]["driver"]["name"], "Verilator");
    }

    #[test]
    fn sarif_links_no_rule_of_another_linter_to_verilator() {
        let found =
            super::super::parse("%Warning-width-trunc: ü[0].sv:2:12: cut\n%Warning-WIDTH: a.sv:1:1: cut\n");
        let log: Value = serde_json::from_str(&sarif(&found)).unwrap();
        let driver = &log["runs"][0]["tool"]["driver"];
        assert_eq!(driver["name"], "fudsv lint");
        let rules =
            json!([{"id": "WIDTH", "helpUri": "https://verilator.org/warn/WIDTH"}, {"id": "width-trunc"}]);
        assert_eq!(driver["rules"], rules);
        let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "%C3%BC%5B0%5D.sv");
    }
}
