//! One more glob for a project that is there.

use anyhow::{Context as _, Result, bail};
use keeptab_core::rule::{ProjectId, Subject};
use toml_edit::{Array, DocumentMut, Item, RawString, Value, value};

/// Adds a glob to a project's paths, or to its URLs if it is a URL's.
pub(super) fn add(document: &mut DocumentMut, project: &ProjectId, glob: &str) -> Result<()> {
    let key = match Subject::of(glob) {
        Subject::Path => "paths",
        Subject::Url => "urls",
    };
    let projects = document.get_mut("project").and_then(Item::as_table_like_mut);
    let ids = projects.iter().flat_map(|projects| projects.iter());
    let ids: Vec<String> = ids.map(|(id, _)| id.to_owned()).collect();
    let projects = document.get_mut("project").and_then(Item::as_table_like_mut);
    let table = projects
        .and_then(|projects| projects.get_mut(project.as_str()))
        .and_then(Item::as_table_like_mut)
        .with_context(|| {
            let hint = match &*ids {
                [] => "add it with `keeptab project add`".to_owned(),
                ids => format!("projects are {}; `keeptab project add` adds another", ids.join(", ")),
            };
            format!("there is no project `{project}`\nhint: {hint}")
        })?;
    let item = table.entry(key).or_insert_with(|| value(Array::new()));
    let globs = item
        .as_array_mut()
        .with_context(|| format!("{key} of {project} is no list\nhint: write it as [\"~/work/acme/**\"]"))?;
    if globs.iter().any(|known| known.as_str() == Some(glob)) {
        bail!("{project} has {glob} already\nhint: `keeptab explain` says which rule wins, and why");
    }
    push(globs, glob);
    Ok(())
}

/// Adds a text at the end of a list. If the list has one line per text, so has the new one, and comments stay beside
/// their text.
fn push(array: &mut Array, text: &str) {
    let raw = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let last = array.len().checked_sub(1).and_then(|last| array.get_mut(last));
    let Some(last) = last else {
        array.push(text);
        return;
    };
    let decor = last.decor_mut();
    let indent = raw(decor.prefix());
    let beside = raw(decor.suffix());
    decor.set_suffix("");
    // The text after the last value, and after its comma if it has one.
    let after = beside + array.trailing().as_str().unwrap_or_default();
    let mut value = Value::from(text);
    let Some((_, indent)) = indent.rsplit_once('\n').filter(|_| after.contains('\n')) else {
        // All on one line.
        value.decor_mut().set_prefix(" ");
        array.set_trailing_comma(false);
        array.push_formatted(value);
        return;
    };
    let comments = after.trim_end();
    value.decor_mut().set_prefix(format!("{comments}\n{indent}"));
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    array.push_formatted(value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(paths: &str, expected: &Expect) {
        let text = format!("# mine\n[project.\"acme/api\"] # here\nname = \"API\"\n{paths}\n[project.b]\n");
        let mut document: DocumentMut = text.parse().unwrap();
        add(&mut document, &ProjectId::new("acme/api"), "~/new/**").unwrap();
        let changed = document.to_string();
        let read: DocumentMut = changed.parse().unwrap();
        let globs = read["project"]["acme/api"]["paths"].as_array().unwrap();
        assert_eq!(
            globs.iter().last().and_then(Value::as_str),
            Some("~/new/**"),
            "{changed}"
        );
        let (begin, end) = (
            "# mine\n[project.\"acme/api\"] # here\nname = \"API\"\n",
            "\n[project.b]\n",
        );
        let rest = changed.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
        expected.assert_eq(rest.unwrap_or_else(|| panic!("{changed}")));
    }

    #[test]
    fn a_list_stays_as_it_is_written() {
        check(
            "",
            &expect![[r#"paths = ["~/new/**"]
"#]],
        );
        check("paths = []", &expect![[r#"paths = ["~/new/**"]"#]]);
        check(
            r#"paths = ["~/a/**"] # both"#,
            &expect![[r#"paths = ["~/a/**", "~/new/**"] # both"#]],
        );
        check(
            r#"paths = [ "~/a/**", ]"#,
            &expect![[r#"paths = [ "~/a/**", "~/new/**" ]"#]],
        );
        check(
            "paths = [\n    \"~/a/**\", # first\n    \"~/b/**\", # second\n]",
            &expect![[r#"
                paths = [
                    "~/a/**", # first
                    "~/b/**", # second
                    "~/new/**",
                ]"#]],
        );
        check(
            "paths = [\n  \"~/a/**\" # only\n]",
            &expect![[r#"
                paths = [
                  "~/a/**", # only
                  "~/new/**",
                ]"#]],
        );
    }

    #[test]
    fn what_is_there_or_nowhere_is_refused() {
        let mut document: DocumentMut = "[project.a]\npaths = [\"/x/**\"]\nurls = 7\n".parse().unwrap();
        let mut refuse = |project, glob| {
            let error = add(&mut document, &ProjectId::new(project), glob).unwrap_err();
            error.to_string()
        };
        assert!(refuse("b", "/x/**").starts_with("there is no project `b`\nhint: projects are a;"));
        assert!(refuse("a", "/x/**").starts_with("a has /x/** already"));
        assert!(refuse("a", "https://x/**").starts_with("urls of a is no list"));
    }

    #[test]
    fn a_host_of_files_is_no_page() {
        let mut document: DocumentMut = "[project.a]\n".parse().unwrap();
        for glob in ["ssh://beta/srv/**", "//server/share/**", "https://x.example/**"] {
            add(&mut document, &ProjectId::new("a"), glob).unwrap();
        }
        expect![[r#"
            [project.a]
            paths = ["ssh://beta/srv/**", "//server/share/**"]
            urls = ["https://x.example/**"]
        "#]]
        .assert_eq(&document.to_string());
    }
}
