//! `doctor` reports a record that was changed in the database.

use rusqlite::Connection;
use serde_json::Value;

use crate::harness::Home;

fn chain(checks: &Value) -> (bool, String) {
    let checks = checks.as_array().expect("checks").iter();
    let chain = checks.filter(|check| check["what"] == "chain").collect::<Vec<_>>();
    assert_eq!(chain.len(), 1);
    let says = [&chain[0]["says"], &chain[0]["hint"]].map(|text| text.as_str().unwrap_or_default());
    (chain[0]["ok"].as_bool().expect("a verdict"), says.join("\n"))
}

#[test]
fn a_payment_that_somebody_changed_in_the_database_is_a_problem_of_the_chain() {
    let home = Home::jane();
    home.cli(["add", "acme/api", "1:00", "--day", "2025-03-04"]).ok();
    let issued = home.cli(["invoice", "issue", "acme", "--date", "2025-03-31"]).json();
    let number = issued["number"].as_str().expect("a number");
    home.cli(["invoice", "pay", number, "--amount", "20"]).ok();
    let checks = home.cli(["doctor", "--json"]).run().stdout;
    assert!(chain(&serde_json::from_str(&checks).expect("checks")).0, "{checks}");
    let connection = Connection::open(home.database()).expect("a database");
    let sql = "DROP TRIGGER payment_immutable; UPDATE payment SET amount = '2.00'";
    connection.execute_batch(sql).expect("a changed payment");
    let (ok, says) = chain(&home.cli(["doctor"]).fails_with_json(1));
    assert!(!ok && says.contains("invoice verify"), "{says}");
}
