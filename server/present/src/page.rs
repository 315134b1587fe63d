//! The dashboard as one page of HTML that needs nothing from anywhere: no network, no other file, no inline handler.
//!
//! The sources are in `page/`: markup, style and plain scripts, which a browser runs unchanged. The user's text
//! reaches them as data and is only ever shown as text.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

const MARKUP: &str = include_str!("page/page.html");
const STYLE: &str = concat!(
    include_str!("page/style/theme.css"),
    include_str!("page/style/page.css"),
    include_str!("page/style/week.css"),
    include_str!("page/style/month.css"),
    include_str!("page/style/filter.css"),
    include_str!("page/style/charts.css"),
    include_str!("page/style/print.css"),
);
const SCRIPT: &str = concat!(
    include_str!("page/document.js"),
    include_str!("page/element.js"),
    include_str!("page/words.js"),
    include_str!("page/editor.js"),
    include_str!("page/filter.js"),
    include_str!("page/axis.js"),
    include_str!("page/week.js"),
    include_str!("page/week_table.js"),
    include_str!("page/month.js"),
    include_str!("page/drag.js"),
    include_str!("page/commands.js"),
    include_str!("page/change.js"),
    include_str!("page/totals.js"),
    include_str!("page/budgets.js"),
    include_str!("page/pictures.js"),
    include_str!("page/trend.js"),
    include_str!("page/invoices.js"),
    include_str!("page/welcome.js"),
    include_str!("page/main.js"),
);

/// Makes the page that shows a document.
///
/// # Errors
///
/// If the document cannot be written as JSON.
pub fn html(document: &impl Serialize) -> Result<String> {
    let data = inert(&serde_json::to_string(document)?);
    let (style, script) = (tight(&squeezed(STYLE)), squeezed(SCRIPT));
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        source(&script),
        source(&style)
    );
    // Each mark comes once, and the data last: marks in it are not replaced.
    let page = MARKUP.replacen("{{policy}}", &policy, 1);
    let page = page.replacen("{{style}}", &style, 1).replacen("{{script}}", &script, 1);
    Ok(page.replacen("{{data}}", &data, 1))
}

/// Leaves out comments, and what lines are indented by.
fn squeezed(source: &str) -> String {
    let mut squeezed = String::with_capacity(source.len());
    let mut is_comment = false;
    for line in source.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        let ends = line.ends_with("*/");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            push_bare(&mut squeezed, line);
            squeezed.push('\n');
        }
        is_comment &= !ends;
    }
    squeezed
}

/// Leaves out the spaces around the signs of a style; `calc` and selectors keep theirs.
fn tight(style: &str) -> String {
    let signs = [": ", "; ", ", ", " {", "{ ", " }", ";}"];
    let kept = [":", ";", ",", "{", "{", "}", "}"];
    signs
        .iter()
        .zip(kept)
        .fold(style.to_owned(), |style, (sign, kept)| style.replace(sign, kept))
}

/// Adds a line without the comments in it, which name types. No text of the sources has their signs.
fn push_bare(squeezed: &mut String, line: &str) {
    let mut rest = line;
    while let Some((before, (_, after))) = rest
        .split_once("/**")
        .and_then(|(before, comment)| Some((before, comment.split_once("*/")?)))
    {
        squeezed.push_str(before);
        rest = after.trim_start();
    }
    squeezed.push_str(rest);
}

/// Writes JSON in such a way that it can neither end its element nor begin another.
fn inert(json: &str) -> String {
    let mut inert = String::with_capacity(json.len() + json.len() / 50);
    for letter in json.chars() {
        match letter {
            '<' => inert.push_str("\\u003c"),
            '>' => inert.push_str("\\u003e"),
            '&' => inert.push_str("\\u0026"),
            '\u{2028}' => inert.push_str("\\u2028"),
            '\u{2029}' => inert.push_str("\\u2029"),
            other => inert.push(other),
        }
    }
    inert
}

/// Returns the hash of a text for a content security policy.
fn source(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests;
