//! Places in whole texts and in broken ones; `|` is the cursor.

use proptest::prelude::*;

use super::*;

fn shown(marked: &str) -> String {
    let byte = marked.find('|').expect("a cursor");
    let text = marked.replacen('|', "", 1);
    match scan(&text).place(&text, byte) {
        Place::Header { header, name } => {
            let names: Vec<&str> = header.path.iter().map(|name| &*name.text).collect();
            format!("header {} {name:?} {:?}", names.join(" "), &text[header.range.clone()])
        }
        Place::Key {
            table, beside, name, ..
        } => {
            let beside: Vec<&str> = beside
                .iter()
                .flat_map(|entry| &entry.key)
                .map(|name| &*name.text)
                .collect();
            let name = name.map_or("-", |name| &*name.text);
            format!("key {} of {}, beside {}", name, table.join(" "), beside.join(" "))
        }
        Place::Value { path, node, in_list } => {
            let node = node.map_or("-", |node| &text[node.range.clone()]);
            format!(
                "value {node} of {}{}",
                path.join(" "),
                if in_list { ", in a list" } else { "" }
            )
        }
        Place::Nothing => "nothing".to_owned(),
    }
}

#[track_caller]
fn check(marked: &str, expected: &str) {
    assert_eq!(shown(marked), expected, "{marked}");
}

#[test]
fn headings() {
    check("[bus|iness]\n", "header business Some(0) \"[business]\"");
    check(
        "[project.\"acme/a|pi\"]",
        "header project acme/api Some(1) \"[project.\\\"acme/api\\\"]\"",
    );
    check("[|", "header  None \"[\"");
    check("[client.|\nname = \"x\"", "header client None \"[client.\"");
    check(
        "[project.\"acme|\n[client.a]",
        "header project acme Some(1) \"[project.\\\"acme\"",
    );
    check("[business]|", "nothing");
}

#[test]
fn keys() {
    check("[business]\n|", "key - of business, beside ");
    check(
        "[business]\nname = \"x\"\ncur|\norg = \"J\"",
        "key cur of business, beside name cur org",
    );
    check("[business]\ncur| = \"EUR\"", "key cur of business, beside cur");
    check("[business]\ntax = { | }", "key - of business tax, beside ");
    check(
        "[business]\ntax = { category = \"S\", ra|",
        "key ra of business tax, beside category ra",
    );
    check("[business]\ntax.ra| = 1", "key ra of business tax, beside tax ra");
    check("[client.a]\n\n|\n\n[client.b]", "key - of client a, beside ");
    check("|", "key - of , beside ");
}

#[test]
fn values() {
    check("[business]\ncurrency = |", "value - of business currency");
    check("[business]\ncurrency = \"E|\"\n", "value \"E\" of business currency");
    check(
        "[business]\ncurrency = \"E|\norg = \"J\"",
        "value \"E of business currency",
    );
    check("[business]\ncurrency =|\norg = \"J\"", "value - of business currency");
    check(
        "[business]\ntax = { category = \"|\" }",
        "value \"\" of business tax category",
    );
    check("[project.a]\nrate = 95|.50", "value 95.50 of project a rate");
    check(
        "[project.a]\npaths = [\"~/a\", |]",
        "value - of project a paths, in a list",
    );
    check(
        "[project.a]\npaths = [\n  \"~/a|\"\n]",
        "value \"~/a\" of project a paths, in a list",
    );
    check(
        "[project.a]\nrate = [{ from = 2026-01-01, rate = \"9|5\" }]",
        "value \"95\" of project a rate rate",
    );
    check("[project.a]\nname = \"x\" |", "nothing");
    check("[project.a] # see [|b]", "nothing");
}

#[test]
fn what_nobody_closed_ends_where_the_next_line_is_something_else() {
    check(
        "[project.a]\npaths = [\"~/a\nclient = \"|\"",
        "value \"\" of project a client",
    );
    check(
        "[project.a]\npaths = [\n[client.b]\nna|",
        "key na of client b, beside na",
    );
    check(
        "[business]\ntax = { category = \n[client.b]\nna|",
        "key na of client b, beside na",
    );
    check(
        "[business]\ntax = { category = \"S\"\norg = \"|\"",
        "value \"\" of business org",
    );
}

#[test]
fn ids_are_all_that_are_named() {
    let outline = scan("[client.a]\n[client.\"b c\".tax]\n[client]\nd = { name = \"D\" }\n[project.x]\n");
    assert_eq!(outline.ids("client"), ["a", "b c", "d"]);
    assert_eq!(outline.ids("project"), ["x"]);
}

proptest! {
    #[test]
    fn any_text_has_an_outline(text in "(\\[|\\]|\\{|\\}|\"|'|=|\\.|,|#|\n|\r\n|ä𝄞| |name|tax|client|[a-z]){0,60}") {
        let outline = scan(&text);
        for byte in 0..=text.len() + 1 {
            let _ = outline.place(&text, byte);
        }
        let mut at = 0;
        for block in &outline.blocks {
            prop_assert_eq!(block.range.start, at);
            prop_assert!(block.end() <= block.range.end.max(block.range.start));
            prop_assert!(text.get(block.range.clone()).is_some());
            at = block.range.end;
        }
        prop_assert_eq!(at, text.len());
    }
}

#[test]
fn depth_has_an_end() {
    let text = format!("a = {}", "[".repeat(100_000));
    assert_eq!(scan(&text).blocks.len(), 1);
}
