//! The first start lists, once, the time that unbilled entries lose because no instant counts twice.

use rusqlite::Connection;

use crate::harness::Home;

const LOST: &str = r#"[{"day":"2025-03-04","project":"acme/api","note":"call","before":7200000,"after":3600000}]"#;

/// A home whose database was migrated, and that has not listed the loss yet.
fn migrated() -> Home {
    let home = Home::jane();
    home.cli(["status"]).ok();
    let connection = Connection::open(home.database()).expect("a database");
    let sql = "INSERT INTO setting (key, value) VALUES ('spans.lost', ?1)";
    connection.execute(sql, [LOST]).expect("a setting");
    home
}

#[test]
fn every_command_of_the_shell_says_it_and_only_the_first() {
    let commands = [
        "status",
        "report --all --csv",
        "doctor",
        "dashboard --text",
        "import --list",
        "export FOLDER",
    ];
    for command in commands {
        let home = migrated();
        let folder = home.user().join("x").display().to_string();
        let words = || {
            command
                .split(' ')
                .map(|word| if word == "FOLDER" { &folder } else { word })
        };
        let said = || home.cli(words()).run().stderr;
        assert!(said().contains("2025-03-04 acme/api"), "{command}");
        assert!(!said().contains("2025-03-04"), "{command}");
    }
}

#[test]
fn an_editor_says_it_once() {
    let home = migrated();
    let mut host = home.plugin("test");
    let told = host.wait_for("window/showMessage", |message| message["type"] == 2);
    let text = told["message"].as_str().expect("a text");
    assert!(text.contains("2025-03-04 acme/api"), "{text}");
    assert!(!home.cli(["status"]).run().stderr.contains("2025-03-04"));
}
