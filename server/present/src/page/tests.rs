use serde_json::json;

use super::*;

/// Returns the text between two marks.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

#[test]
fn what_the_user_wrote_ends_no_element_and_comes_back_as_it_was() {
    let name = "</script><script>alert(1)</script> <!-- \u{2028}\u{2029} & \"quotes' {{data}} {{policy}}";
    let page = html(&json!({ "name": name })).unwrap();
    let data = between(&page, r#"<script type="application/json" id="document">"#, "</script>");
    assert!(!data.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    let read: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(read["name"], name);
    assert_eq!(page.matches("<script").count(), 2);
}

#[test]
fn the_policy_names_just_the_style_and_the_script_of_the_page() {
    let page = html(&json!({})).unwrap();
    let policy = between(&page, r#"Content-Security-Policy" content=""#, "\"");
    let script = between(&page, "<script>", "</script>");
    let style = between(&page, "<style>", "</style>");
    assert!(policy.starts_with("default-src 'none'; "));
    assert!(policy.contains(&format!("script-src '{}'", source(script))));
    assert!(policy.contains(&format!("style-src '{}'", source(style))));
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    assert!(!script.contains("innerHTML") && !script.contains("eval("));
}

#[test]
fn the_page_asks_nothing_of_any_network() {
    let page = html(&json!({})).unwrap();
    // The one address is the name of a kind of drawing.
    let addresses: Vec<&str> = page.split("http").skip(1).collect();
    assert!(
        addresses
            .iter()
            .all(|rest| rest.starts_with("://www.w3.org/2000/svg") || rest.starts_with("-equiv"))
    );
    assert!(!page.contains("url(") && !page.contains("@import") && !page.contains(" src="));
}

#[test]
fn the_page_without_data_leaves_room_for_a_year_of_it() {
    let page = html(&json!({})).unwrap();
    assert!(page.len() < 120_000, "{} bytes", page.len());
}

#[test]
fn comments_are_left_out_and_nothing_else() {
    let source = "/**\n * Says.\n */\nlet a = /** @type {A} */ (b); // c\n  /* d */\n  // e\n  f(\"http://g\", /** @type {H} */ (i));\n";
    assert_eq!(squeezed(source), "let a = (b); // c\nf(\"http://g\", (i));\n");
}

#[test]
fn a_style_keeps_the_spaces_that_mean_something() {
    let style = ".a :hover > b { left: calc(1px + 2px); color: rgb(0 0 0 / 22%); }\n@media (width: 1px) and (x) { p, q { top: 0; } }\n";
    assert_eq!(
        tight(style),
        ".a :hover > b{left:calc(1px + 2px);color:rgb(0 0 0 / 22%)}\n@media (width:1px) and (x){p,q{top:0}}\n"
    );
}
