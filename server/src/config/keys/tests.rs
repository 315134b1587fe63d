//! The list of keys and the keys that are read are the same.

use keeptab_core::rule::Platform;

use super::*;
use crate::config::{Surroundings, read};

/// A date and time, which is not valid for any key.
const WRONG: &str = "1979-05-27T07:32:00Z";

fn messages(text: &str) -> Vec<String> {
    let surroundings = Surroundings {
        platform: Platform {
            home: Some("/home/jane".into()),
            case_blind: false,
            backslash: false,
        },
        zone: chrono_tz::Europe::Vienna,
        is_folder: |_| false,
    };
    let (_, findings) = read(text, &surroundings);
    findings.into_iter().map(|finding| finding.message).collect()
}

/// Every table, and how a key in it is written.
const TABLES_WITH: [(Shape, &str); 9] = [
    (Shape::Business, "[business]\nKEY = VALUE\n"),
    (Shape::Tracking, "[tracking]\nKEY = VALUE\n"),
    (Shape::Client, "[client.a]\nKEY = VALUE\n"),
    (Shape::Project, "[project.a]\nKEY = VALUE\n"),
    (Shape::Tax, "[business]\ntax = { KEY = VALUE }\n"),
    (Shape::Rounding, "[project.a]\nrounding = { KEY = VALUE }\n"),
    (Shape::Contact, "[client.a]\nname = \"A\"\ncontact = { KEY = VALUE }\n"),
    (
        Shape::Electronic,
        "[client.a]\nname = \"A\"\nelectronic = { KEY = VALUE }\n",
    ),
    (Shape::Step, "[project.a]\nrate = [{ KEY = VALUE }]\n"),
];

#[test]
fn every_listed_key_is_read() {
    for (shape, text) in TABLES_WITH {
        for key in shape.keys() {
            let mut text = text.replace("KEY", key.name).replace("VALUE", WRONG);
            // A party's fields are read only if it has a name.
            if key.name != "name" && !matches!(shape, Shape::Contact | Shape::Electronic) {
                text = text.replace("[business]", "[business]\nname = \"A\"");
                text = text.replace("[client.a]", "[client.a]\nname = \"A\"");
            }
            let messages = messages(&text);
            let complains = messages
                .iter()
                .any(|message| message.starts_with(&format!("{} ", key.name)));
            assert!(complains, "{text}{messages:?}");
        }
    }
}

#[test]
fn every_key_that_is_read_is_listed() {
    // Asking for another key panics in tests: all tables are read here, whole.
    let text = TABLES_WITH.map(|(shape, text)| {
        let id = format!("{shape:?}").to_lowercase();
        text.replace("KEY", "unheard_of")
            .replace("VALUE", "1")
            .replace(".a]", &format!(".{id}]"))
    });
    let [
        business,
        tracking,
        client,
        project,
        _,
        rounding,
        contact,
        electronic,
        step,
    ] = text;
    let business = business.replace(
        "unheard_of = 1",
        "unheard_of = 1\nname = \"A\"\ntax = { unheard_of = 1 }",
    );
    let client = client.replace("unheard_of = 1", "unheard_of = 1\nname = \"A\"");
    let text = [business, tracking, client, project, rounding, contact, electronic, step].concat();
    let unknown = messages(&text);
    let unknown = unknown
        .iter()
        .filter(|message| message.starts_with("unknown key unheard_of"))
        .count();
    assert_eq!(unknown, TABLES_WITH.len(), "{text}");
}

#[test]
fn paths_lead_to_tables_and_keys() {
    assert_eq!(Shape::at(&["client", "acme", "tax"]), Some(Shape::Tax));
    assert_eq!(Shape::at(&["project", "a", "rate"]), Some(Shape::Step));
    assert_eq!(Shape::at(&["client"]), None);
    assert_eq!(Shape::at(&["business", "name"]), None);
    assert_eq!(
        Shape::key_at(&["business", "org"]).map(|key| key.need),
        Some(Need::Table)
    );
    assert_eq!(Shape::key_at::<&str>(&[]), None);
}
