//! A picture as a page that stands alone: the drawing, and below it what is known of each box.
//! It does not know the web: no script, no font, no file from elsewhere.

use super::picture::Kind;
use super::picture::Picture;
use crate::diag::Result;

const STYLE: &str = "body{font-family:Helvetica,Arial,sans-serif;margin:1.5em;color:#202124}\
figure{margin:0;overflow:auto}table{border-collapse:collapse;margin-top:1em}\
td{padding:.2em 1em .2em 0;vertical-align:top}th{text-align:left;padding-top:1em}";

impl Picture {
    /// The page.
    ///
    /// # Errors
    /// As [`Picture::svg`].
    pub fn html(&self, title: &str) -> Result<String> {
        let drawing = self.svg()?;
        let (things, ops) = (self.rows(|kind| kind != Kind::Op), self.rows(|kind| kind == Kind::Op));
        let title = escaped(title);
        Ok(format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n\
             <style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n<figure>{drawing}</figure>\n\
             <table><tr><th>Ops</th></tr>\n{ops}<tr><th>States and files</th></tr>\n{things}</table></body></html>\n"
        ))
    }

    fn rows(&self, which: impl Fn(Kind) -> bool) -> String {
        let row = |node: &super::picture::Node| {
            let about = node.about.as_deref().unwrap_or_default();
            format!("<tr><td>{}</td><td>{}</td></tr>\n", escaped(&node.label), escaped(about))
        };
        self.nodes.iter().filter(|node| which(node.kind)).map(row).collect()
    }
}

/// Text as it is written between tags.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
