//! Rules that *assign* writes: the folders it proposes, and the way back.

use serde_json::{Value, json};

use crate::harness::{Home, Trace};

fn roots(home: &Home) -> Vec<(String, i64)> {
    let listed = home.cli(["assign"]).json();
    let root = |root: &Value| {
        (
            root["root"].as_str().expect("a folder").to_owned(),
            root["seconds"].as_i64().expect("seconds"),
        )
    };
    listed.as_array().expect("roots").iter().map(root).collect()
}

#[test]
fn undo_takes_back_the_rule_that_assign_wrote_and_no_letter_more() {
    let home = Home::jane();
    let config = home.config() + "# mine, at the end\n";
    home.write_config(&config);
    home.cli(["add", "acme/api", "0:30", "--day", "2025-03-03"]).json();
    let assigned = home.cli(["assign", "/src/scratch", "acme/api"]).json();
    assert_eq!(assigned["undo"]["command"], "keeptab.undo");
    assert_ne!(home.config(), config);
    let undone = home.cli(["undo"]).json();
    assert_eq!(undone["what"], "the rule /src/scratch/** of acme/api");
    assert_eq!(home.config(), config);
    // The change before it is next.
    assert_eq!(home.cli(["undo"]).json()["takenBackEntries"], 1);
    // A rule that the user changed since is the user's; one that was removed by hand is forgotten.
    home.cli(["assign", "/src/scratch", "acme/api"]).json();
    home.cli(["assign", "/src/other", "acme/api"]).json();
    let written = home.config();
    home.write_config(&written.replace("\"/src/other/**\"", "\"/src/other/**\", \"/src/mine/**\""));
    let error = home.cli(["undo"]).fails(1);
    assert!(
        error.contains("were changed since") && error.contains("hint: "),
        "{error}"
    );
    home.write_config(&written.replace(", \"/src/other/**\"", ""));
    assert_eq!(
        home.cli(["undo"]).json()["what"],
        "the rule /src/scratch/** of acme/api"
    );
    assert_eq!(home.config(), config);
    // What came after a rule is taken back before it.
    home.cli(["assign", "/src/scratch", "acme/api"]).json();
    home.cli(["add", "acme/api", "0:45", "--day", "2025-03-04"]).json();
    assert_eq!(home.cli(["undo"]).json()["takenBackEntries"], 1);
    assert_eq!(
        home.cli(["undo"]).json()["what"],
        "the rule /src/scratch/** of acme/api"
    );
}

#[test]
fn the_home_folder_is_never_proposed() {
    let home = Home::jane();
    let user = home.user().canonicalize().expect("a home");
    let user = user.to_str().expect("UTF-8");
    // Work of this week, in a window without a folder.
    let mut host = home.plugin("test");
    let now = crate::harness::now();
    let root = format!("file://{user}");
    let mut work = Trace::new();
    for (folder, from) in [("/notes/2026/a", 30), ("/notes/2026/b", 26), ("/scripts", 22), ("", 18)] {
        for minute in 0..=3 {
            let at = now - (from - minute) * 60_000;
            let uri = format!("{root}{folder}/a.md");
            work = work.event(json!({ "at": at, "kind": "edit", "uri": uri, "root": root }));
        }
    }
    host.record(&work);
    let roots = roots(&home);
    let names: Vec<&str> = roots.iter().map(|(root, _)| &**root).collect();
    assert!(
        names.contains(&"~/notes/2026") && names.contains(&"~/scripts"),
        "{roots:?}"
    );
    let told = home.cli(["assign"]).ok();
    assert!(
        told.contains("`keeptab assign '~/notes/2026' PROJECT`")
            || told.contains("`keeptab assign ~/notes/2026 PROJECT`"),
        "{told}"
    );
    host.execute("keeptab.assign", &[]).expect("a conversation");
    let asked = host.answer("keeptab/pick", |_| Value::Null);
    let offered: Vec<&Value> = asked["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| &item["value"])
        .collect();
    assert!(!offered.contains(&&json!("~")), "{asked}");
    host.expect_no_error();
}

#[test]
fn a_rate_without_a_client_is_said() {
    let home = Home::jane();
    let said = home.cli(["project", "add", "own/site", "--rate", "80"]).ok();
    assert!(
        said.contains("own/site has a rate and no client") && said.contains("hint: client = "),
        "{said}"
    );
    let said = home.cli(["project", "add", "own/blog"]).ok();
    assert!(!said.contains("client"), "{said}");
}
