//! Commands in texts for people, in the words of the editor's own command line.

use serde_json::Value;

use super::command::names;

/// The beginning of a command in a text.
const IN_SHELL: &str = "`keeptab ";

/// Returns a text in which the commands of the palette are the editor's own: `:Keeptab stop` for `keeptab stop`. An editor's
/// host has the database open, so damage is always mended from a shell.
pub(super) fn own(text: &str, line: &str) -> String {
    let mut parts = text.split(IN_SHELL);
    let mut own = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split(|letter: char| !letter.is_ascii_lowercase()).next();
        if name.is_some_and(|name| names().contains(&name) && name != "salvage") {
            own.push('`');
            own.push_str(line);
            own.push(' ');
        } else {
            own.push_str(IN_SHELL);
        }
        own.push_str(part);
    }
    own
}

/// Does so in the fields of an answer or of an error that are read by people.
pub(super) fn own_fields(answer: &mut Value, line: &str) {
    for field in ["text", "message", "hint"] {
        if let Some(Value::String(text)) = answer.get_mut(field) {
            *text = own(text, line);
        }
    }
    if let Some(told) = answer.get_mut("told") {
        own_fields(told, line);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn commands_of_the_palette_are_those_of_the_editor() {
        for (text, expected) in [
            (
                "timing api — `keeptab stop` counts it",
                "timing api — `:Keeptab stop` counts it",
            ),
            (
                "`keeptab invoice discard 1`, `keeptab away`",
                "`:Keeptab invoice discard 1`, `:Keeptab away`",
            ),
            // Those of the shell alone stay as they are.
            ("run `keeptab install nvim`", "run `keeptab install nvim`"),
            ("`keeptab salvage --to X`", "`keeptab salvage --to X`"),
            ("`keeptab ", "`keeptab "),
            ("keeptab stop", "keeptab stop"),
            ("", ""),
        ] {
            assert_eq!(own(text, ":Keeptab"), expected);
        }
        let mut answer = json!({ "text": "`keeptab stop`", "told": { "text": "`keeptab add`" }, "data": { "text": "`keeptab add`" } });
        own_fields(&mut answer, ":Keeptab");
        assert_eq!(
            answer,
            json!({ "text": "`:Keeptab stop`", "told": { "text": "`:Keeptab add`" }, "data": { "text": "`keeptab add`" } })
        );
    }
}
