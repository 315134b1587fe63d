//! Writes the samples as PDF files into a folder and prints the time of each: `render FOLDER`.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "an example is timed and tells a terminal"
)]

#[path = "../src/tests/sample.rs"]
mod sample;

#[path = "../src/timesheet/tests/sample.rs"]
mod week;

use std::path::PathBuf;
use std::time::Instant;

use keeptab_core::invoice::{Content, Draft, DraftId, Language};
use keeptab_core::money::{Measure, TaxCategory};
use keeptab_document::{TimesheetPaper, TimesheetRow};
use sample::{acme, bill, issue_date, issued, standard, untaxed};

fn german(mut content: Content) -> Content {
    content.language = Language::De;
    content
}

fn many(count: usize) -> Content {
    let mut content = acme();
    let texts: Vec<String> = (1..=count).map(|day| format!("API development, part {day}")).collect();
    let lines: Vec<(&str, &str, &str)> = texts.iter().map(|text| (text.as_str(), "7.25", "95.00")).collect();
    bill(&mut content, &lines, standard(19));
    content
}

fn yen() -> Content {
    let mut content = acme();
    content.currency = "JPY".parse().unwrap();
    content.iban = None;
    content.buyer.country = Some("JP".to_owned());
    bill(&mut content, &[("API development", "120.50", "12000")], standard(10));
    content
}

fn long() -> Content {
    let mut content = acme();
    let name = "The Extraordinarily Long-Named Consolidated Software and Consulting Company of Vienna";
    content.seller.name =
        String::from("Jane Alexandra Wilhelmina Doe-Featherstonehaugh Software Engineering and Consulting");
    content.seller.address = vec![
        "c/o Co-Working House at the Old Brewery".to_owned(),
        "Hauptstr. 1".to_owned(),
    ];
    content.seller.registration = Some("HRB 123456 B, Amtsgericht Berlin (Charlottenburg)".to_owned());
    content.seller.tax_number = Some("12/345/67890".to_owned());
    content.buyer.name = format!("{name} Gesellschaft mit beschränkter Haftung & Co. Kommanditgesellschaft");
    content.buyer_reference = Some("PURCHASE-ORDER-2026-11-22-WITH-A-VERY-LONG-NAME-INDEED-4711".to_owned());
    let words =
        "Investigation of the intermittent failures in the nightly build and their repair, with notes. ".repeat(2);
    let url = format!("https://github.com/acme/api/pull/{}", "0123456789".repeat(17));
    let lines = [
        (words.as_str(), "18.25", "95.125"),
        (url.as_str(), "999.99", "1000000000"),
    ];
    bill(&mut content, &lines, standard(19));
    content
        .lines
        .push(sample::line(&content, "Training", "2.00", "95.00", standard(7)));
    content.lines[0].unit = Measure::Day;
    content.totals = keeptab_core::invoice::Totals::of(&content.lines, content.currency);
    content
}

fn literal() -> Content {
    let mut content = acme();
    let lines = [
        (
            "#import \"x\": * $x^2$ *bold* _it_ <script> @ref // -- ~ \\ `raw`",
            "1.00",
            "1.00",
        ),
        ("株式会社 🦀 Ωμέγα Київ", "1", "2"),
    ];
    bill(&mut content, &lines, untaxed(TaxCategory::E));
    content
}

fn timesheets() -> Vec<(String, TimesheetPaper)> {
    let samples = [
        ("one", week::one()),
        ("short", week::short()),
        ("sixty", week::many(60)),
        ("noted", week::noted()),
        ("long", week::long()),
    ];
    let german = samples.clone().map(|(name, paper)| {
        let paper = TimesheetPaper {
            language: Language::De,
            signature: name != "one",
            ..paper
        };
        (format!("{name}-de"), paper)
    });
    let english = samples.map(|(name, paper)| (name.to_owned(), paper));
    english.into_iter().chain(german).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("hint: name a folder")?.into();
    let samples = [
        ("acme", acme()),
        ("acme-de", german(acme())),
        ("forty", many(40)),
        ("sixty-de", german(many(60))),
        ("yen", yen()),
        ("long", long()),
        ("long-de", german(long())),
        ("literal", literal()),
    ];
    for (name, content) in samples {
        let issued = issued(content);
        let start = Instant::now();
        let pdf = keeptab_document::pdf(&issued.paper())?;
        println!(
            "{name:10} {:>6.1} ms {:>6} bytes",
            start.elapsed().as_secs_f64() * 1e3,
            pdf.len()
        );
        std::fs::write(folder.join(name).with_extension("pdf"), pdf)?;
    }
    for (name, content) in [("draft", acme()), ("draft-de", german(many(30)))] {
        let draft = Draft {
            id: DraftId(1),
            content,
        };
        std::fs::write(
            folder.join(name).with_extension("pdf"),
            keeptab_document::pdf(&draft.paper(issue_date()))?,
        )?;
    }
    for (name, paper) in timesheets() {
        let start = Instant::now();
        let pdf = keeptab_document::timesheet(&paper)?;
        let took = start.elapsed().as_secs_f64() * 1e3;
        println!("{name:10} {took:>6.1} ms {:>6} bytes", pdf.len());
        let file = folder.join(format!("timesheet-{name}"));
        std::fs::write(file.with_extension("pdf"), pdf)?;
        std::fs::write(
            file.with_extension("csv"),
            keeptab_document::timesheet_csv(&paper, keeptab_core::cell::Cells::Guarded),
        )?;
    }
    Ok(())
}
