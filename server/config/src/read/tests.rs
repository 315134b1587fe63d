//! Every mistake has its line and a hint.

use expect_test::{Expect, expect};
use rust_decimal::Decimal;

use super::*;

fn surroundings() -> Surroundings {
    Surroundings {
        platform: Platform {
            home: Some("/home/jane".into()),
            case_blind: false,
            backslash: false,
        },
        zone: chrono_tz::Europe::Vienna,
        is_folder: |_| false,
    }
}

const BUSINESS: &str = r#"[business]
name = "Jane Doe Software"
org = "JDS"
currency = "EUR"
time_zone = "Europe/Berlin"
"#;

fn check(text: &str, expected: &Expect) {
    let (config, findings) = read(text, &surroundings());
    let broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(config.is_none(), broken);
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    expected.assert_eq(&shown.join("\n"));
}

#[test]
fn an_empty_file_tracks_and_cannot_bill() {
    let (config, findings) = read("", &surroundings());
    let config = config.expect("an empty config is a config");
    assert!(config.business.is_none() && findings.is_empty());
    assert_eq!(config.calendar.zone, chrono_tz::Europe::Vienna);
}

#[test]
fn what_is_inherited_can_be_set_lower_down() {
    let text = format!(
        "{BUSINESS}tax = {{ category = \"S\", rate = 19 }}\n[client.acme]\nname = \"Acme\"\ncurrency = \"CHF\"\n\
         [project.\"acme/api\"]\nclient = \"acme\"\nrate = 95.50\nrounding = {{ increment = \"15m\", mode = \"up\" }}\n"
    );
    let (config, findings) = read(&text, &surroundings());
    assert_eq!(findings, []);
    let project = &config.unwrap().projects[0];
    assert_eq!(project.terms.currency.code(), "CHF");
    assert_eq!(project.terms.tax.rate(), Decimal::from(19));
    assert_eq!(project.terms.policy.increment, Length::from_minutes(15));
    assert_eq!(project.terms.rates[0].price.to_string(), "95.50");
}

#[test]
fn the_name_of_the_tax_is_the_businesss_or_the_clients() {
    let text = format!(
        "{BUSINESS}tax = {{ category = \"S\", rate = 5, name = \"GST\" }}\n[client.acme]\nname = \"Acme\"\n\
         tax = {{ category = \"S\", rate = 13, name = \"HST\" }}\n[client.bolt]\nname = \"Bolt\"\n"
    );
    let (config, findings) = read(&text, &surroundings());
    assert_eq!(findings, []);
    let clients = config.unwrap().clients;
    let names = ["acme", "bolt"].map(|id| clients[id].paper.tax_name.as_deref());
    assert_eq!(names, [Some("HST"), Some("GST")]);
    let project = "[project.\"acme/api\"]\ntax = { category = \"S\", rate = 7, name = \"PST\" }\n";
    check(
        &format!("{BUSINESS}{project}"),
        &expect![[r#"
        7:42: warning: a project has no name of the tax of its own
          hint: set it under [business], or under [client.ID] for one client"#]],
    );
}

#[test]
fn a_glob_that_does_not_compile() {
    check(
        &format!("{BUSINESS}[project.a]\npaths = [\"~/ok/**\", \"~/work/{{a,b\"]\n"),
        &expect![[r#"
            7:21: error: `~/work/{a,b`: the glob does not compile: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
              hint: quote special characters as [{] or [[]"#]],
    );
}

#[test]
fn a_glob_that_is_too_long() {
    check(
        &format!("{BUSINESS}[project.a]\npaths = [\"/{}\"]\n", "?".repeat(200_000)),
        &expect![[r#"
            7:10: error: `/???????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????…`: the glob has more than 4096 bytes, and no path is that long
              hint: write several shorter globs"#]],
    );
}

#[test]
fn an_unknown_currency() {
    check(
        &BUSINESS.replace("EUR", "EURO"),
        &expect![[r#"
        4:12: error: unknown currency `EURO`
          hint: write a code of ISO 4217, such as EUR, USD or JPY"#]],
    );
}

#[test]
fn a_negative_rate() {
    check(
        &format!("{BUSINESS}[project.a]\nrate = -95\n"),
        &expect![[r#"
        7:8: error: the rate -95 is negative
          hint: a rate is zero or more; for a discount use a lower rate"#]],
    );
}

#[test]
fn two_projects_with_one_id() {
    check(
        &format!("{BUSINESS}[project.\"acme/api\"]\nrate = 1\n[project.\"acme/api\"]\nrate = 2\n"),
        &expect![[r#"
            8:10: error: duplicate key
              hint: this name is there twice; rename one of the two, or put both into one table"#]],
    );
}

#[test]
fn broken_toml() {
    check(
        &format!("{BUSINESS}[project.a\nrate = 1\n"),
        &expect![[r#"
        6:11: error: unclosed table, expected `]`
          hint: a text stands in quotes, a list in [ ], and a table begins with its [name]"#]],
    );
}

#[test]
fn every_mistake_is_found_at_once() {
    check(
        "[business]\nname = \"\"\norg = \"jane\"\ncurrency = 3\ntime_zone = \"Berlin\"\niban = \"DE75512108001245126198\"\n\
         country = \"Germany\"\npayment_day = 14\n[tracking]\nidle_timeout = \"soon\"\n[project.a]\nclient = \"acme\"\n\
         rate = [{ from = \"May\", rate = \"1,5\" }]\n[extra]\n",
        &expect![[r#"
            2:8: error: name is empty
              hint: fill it in or leave it out
            3:7: error: `jane` cannot stand in an invoice number
              hint: org is 1 to 12 capital letters and digits, such as JDS
            4:12: error: currency is not a text
              hint: write it as currency = "…"
            5:13: error: unknown time zone `Berlin`
              hint: write an IANA name such as Europe/Berlin
            6:8: error: `DE75512108001245126198` is not an IBAN
              hint: a digit is wrong, missing or too many
            7:11: error: unknown country `Germany`
              hint: write the two letters of ISO 3166, such as DE or US
            8:1: warning: unknown key payment_day in [business]
              hint: did you mean payment_days?
            10:16: error: idle_timeout is not a length of time
              hint: write it as idle_timeout = "15m", at most a day
            12:10: error: there is no client `acme`
              hint: add a table [client.acme]
            13:18: error: from is not a date
              hint: write it as from = 2026-01-01
            13:32: error: rate is not a number
              hint: write it as rate = "95.00"
            14:2: warning: unknown table extra
              hint: tables are [business], [tracking], [review], [client.ID] and [project."ID"]"#]],
    );
}

#[test]
fn ambiguous_globs_are_a_warning() {
    check(
        &format!("{BUSINESS}[project.a]\npaths = [\"~/w/*/api\"]\n[project.b]\npaths = [\"~/w/*/api/**\"]\n"),
        &expect![[r#"
            7:10: warning: ambiguous: b has `~/w/*/api/**`, and comes second
              hint: make one of the two globs longer or more exact, or except one
            9:10: warning: ambiguous: a has `~/w/*/api`, and comes first
              hint: make one of the two globs longer or more exact, or except one"#]],
    );
}

#[test]
fn a_day_has_between_one_and_24_hours() {
    let read_hours = |hours: &str| {
        let text = format!("{BUSINESS}hours_per_day = {hours}\n");
        let (config, findings) = read(&text, &surroundings());
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        (config.is_some(), errors.count())
    };
    for hours in ["1", "\"1\"", "\"7.5\"", "8", "24", "\"24.00\""] {
        assert_eq!(read_hours(hours), (true, 0), "{hours}");
    }
    for hours in [
        "0",
        "\"0.99\"",
        "\"24.01\"",
        "25",
        "-8",
        "\"1e-28\"",
        "\"0.0000000000000000000000000001\"",
    ] {
        assert_eq!(read_hours(hours), (false, 1), "{hours}");
    }
}
