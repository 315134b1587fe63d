//! Credit notes, discounts, notes, templates, appendices and payment parts on paper.

use expect_test::expect;
use keeptab_core::instant::Length;
use keeptab_core::invoice::{Appendix, AppendixRow, Asset, Credited, Kind};

use super::*;

pub(crate) fn asset(name: &str, bytes: &[u8]) -> Asset {
    Asset {
        name: name.to_owned(),
        sha256: String::new(),
        bytes: bytes.into(),
    }
}

fn swiss(content: &mut Content) {
    content.seller.address = vec!["Rue du Lac 1268".to_owned()];
    content.seller.postcode = Some("2501".to_owned());
    content.seller.city = Some("Biel".to_owned());
    content.seller.country = Some("CH".to_owned());
    content.iban = Some("CH5800791123000889012".to_owned());
    content.currency = "CHF".parse().unwrap();
    bill(content, &[("API development", "18.25", "95")], standard(8));
}

#[test]
fn a_credit_note_asks_for_nothing() {
    let mut content = acme();
    content.language = Language::Fr;
    content.notes = vec!["Merci.".to_owned(), "Deux\nlignes".to_owned()];
    content.kind = Kind::CreditNote(Credited {
        number: "JDS-202610-0007".parse().unwrap(),
        issue_date: "2026-10-31".parse().unwrap(),
        lines: vec![0, 1],
        in_full: true,
        kept: false,
        shares: Vec::new(),
    });
    check(
        content,
        &expect![[r#"
            Jane Doe Software
            Facture d’avoir
            Hauptstr. 1
            10115 Berlin
            JDS-202611-0001
            Allemagne
            jane@example.com
            N° TVA DE123456789
            Facturé à
            Date d’émission | 22/11/2026
            Facture d’origine | JDS-202610-0007 
            Acme Co
            du 31/10/2026
            Ring 1
            Période | 16/11/2026 – 22/11/2026
            1010 Wien
            Votre référence | PO-4711
            Autriche
            N° TVA ATU12345678
            Désignation | Quantité | Prix unitaire | Montant (EUR)
            API development | 18,25 | h | 95,00 | 1 733,75
            Dashboard | 7,50 | h | 110,00 | 825,00
            Sous-total HT | 2 558,75
            Autoliquidation | 0,00
            Total de l’avoir | 2 558,75 EUR
            Autoliquidation : TVA due par le preneur.
            Nous portons 2 558,75 EUR à votre crédit au titre de la facture JDS-202610-0007.
            Merci.
            Deux
            lignes
            Jane Doe Software · JDS-202611-0001 | Page 1 sur 1
        "#]],
    );
}

#[test]
fn languages_have_all_their_words() {
    for language in Language::ALL {
        let read = read(&document(Content { language, ..acme() }));
        let words = Words::of(language);
        for word in [
            words.invoice,
            words.due_date,
            &words.taxed(words.reverse_charge),
            words.total_due,
            words.scan_to_pay,
        ] {
            assert!(read.contains(&word.replace('\u{a0}', " ")), "{word} in {read}");
        }
        assert!(!read.contains('{'), "{read}");
    }
}

#[test]
fn the_payment_part_stands_at_the_foot_of_the_last_page() {
    for (lines, pages) in [(1, 1), (14, 2), (40, 2)] {
        let mut content = acme();
        swiss(&mut content);
        let texts: Vec<String> = (1..=lines).map(|number| format!("part {number}")).collect();
        let lines: Vec<(&str, &str, &str)> = texts.iter().map(|text| (text.as_str(), "7.25", "95")).collect();
        bill(&mut content, &lines, standard(8));
        let document = document(content);
        assert_eq!(document.pages().len(), pages);
        let runs = runs(&document);
        let run = |text: &str| runs.iter().find(|run| run.text == text).unwrap();
        let millimetres = |points: f64| points / 72.0 * 25.4;
        let (title, receipt) = (run("Payment part"), run("Receipt"));
        assert_eq!((title.page, receipt.page), (pages - 1, pages - 1));
        // 5 mm from the left edge of either part, and below its top, which is 105 mm above the foot.
        assert!((millimetres(title.left) - 67.0).abs() < 0.2 && (millimetres(receipt.left) - 5.0).abs() < 0.2);
        let top = millimetres(title.baseline) - (297.0 - 105.0);
        assert!((5.0..9.5).contains(&top), "{top}");
        // The page's own footer stands above it.
        let foot = runs.iter().rfind(|run| run.text.starts_with("Page")).unwrap();
        assert!(millimetres(foot.baseline) < 297.0 - 105.0, "{}", foot.baseline);
    }
}

#[test]
fn a_template_of_the_user_takes_the_place() {
    let mut content = acme();
    let template = "#let sheet = json(\"sheet.json\")\n#set page(width: 10cm)\nOwn: #sheet.number, #sheet.due.value";
    content.stationery.template = Some(asset("own.typ", template.as_bytes()));
    let issued = issued(content);
    let document = typeset(&issued.paper());
    assert_eq!(document.pages().len(), 1);
    let read = read(&document);
    assert!(read.contains("Own: JDS-202611-0001, EUR 2,558.75"), "{read}");
    let bytes = pdf(&issued.paper()).unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("factur-x.xml"));
}

#[test]
fn a_template_may_build_on_what_is_built_in() {
    let mut content = acme();
    content.stationery.template = Some(asset("own.typ", b"#include \"invoice.typ\""));
    assert_eq!(read(&document(content)), read(&document(acme())));
}

#[test]
fn a_broken_template_is_told_with_its_line() {
    for (template, expected) in [
        ("= Head\n\n#unknown(1)", "own.typ:3: unknown variable: unknown"),
        (
            "#let f(x) = x.y\n#f(1)",
            "own.typ:1: cannot access fields on type integer",
        ),
        ("#import \"look.typ\": *\n#(", "own.typ:2: unclosed delimiter"),
        (
            "a\n#read(\"/etc/passwd\")",
            "own.typ:2: failed to load file (access denied)",
        ),
        (
            "a\n#import \"@preview/x:1.0.0\": *",
            "own.typ:2: failed to load file (access denied)",
        ),
        ("a\n\n\n#panic(\"no\")", "own.typ:4: panicked with: no"),
        (
            "#import \"look.typ\": *\n\n#facts(1)",
            "own.typ:3: type integer has no method `map`",
        ),
    ] {
        let mut content = acme();
        content.stationery.template = Some(asset("own.typ", template.as_bytes()));
        let error = pdf(&issued(content).paper()).unwrap_err().to_string();
        assert_eq!(error.lines().next(), Some(expected), "{template}");
    }
}

#[test]
fn a_logo_is_a_picture() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 90 10\"><path d=\"M0 0h90v10H0z\"/></svg>";
    let mut content = acme();
    content.stationery.logo = Some(asset("logo.svg", svg));
    assert!(pdf(&issued(content.clone()).paper()).is_ok());
    content.stationery.logo = Some(asset("logo.bmp", b"BM"));
    let error = pdf(&issued(content).paper()).unwrap_err().to_string();
    assert_eq!(
        error,
        "logo.bmp is no picture that can be printed\nhint: take an SVG, PNG or JPEG"
    );
}

#[test]
fn the_work_in_detail_stands_on_pages_of_its_own() {
    let mut content = acme();
    let row = |day: &str, minutes: i64, note: Option<&str>, paths: &[&str]| AppendixRow {
        day: day.parse().unwrap(),
        length: Length::from_minutes(minutes),
        project: "API development".to_owned(),
        key: 0,
        note: note.map(str::to_owned),
        paths: paths.iter().map(ToString::to_string).collect(),
    };
    content.appendix = Some(Appendix {
        time_zone: "Europe/Berlin".to_owned(),
        rows: vec![
            row(
                "2026-11-16",
                60,
                Some("GET /orders"),
                &["~/work/acme/api/src/orders.rs", "https://github.com/acme/api/pull/7"],
            ),
            row("2026-11-17", 45, None, &[]),
        ],
    });
    let document = document(content);
    assert_eq!(document.pages().len(), 2);
    let read = read(&document);
    let (_, second) = read.split_once("----\n").unwrap();
    expect![[r#"
        Work in detail
        Time zone Europe/Berlin
        Project | Note | Duration | Hours
        Mon 16 Nov 2026 | 1:00 | 1.00
        API development | GET /orders | 1:00 | 1.00
        ~/work/acme/api/src/orders.rs
        https://github.com/acme/api/pull/7
        Tue 17 Nov 2026 | 0:45 | 0.75
        API development | 0:45 | 0.75
        Project | Duration | Hours
        API development | 1:45 | 1.75
        Total | 1:45 | 1.75
        Jane Doe Software · JDS-202611-0001 | Page 2 of 2
    "#]]
    .assert_eq(second);
}

#[test]
fn long_notes_go_on_over_the_page() {
    let mut content = acme();
    content.notes = (0..60)
        .map(|number| format!("Note {number}: {}", "many words ".repeat(12)))
        .collect();
    let document = document(content);
    let read = read(&document);
    assert!(document.pages().len() > 1);
    for number in [0, 30, 59] {
        assert!(read.contains(&format!("Note {number}:")), "{number}");
    }
    assert!(read.contains("Please pay"), "{read}");
}

#[test]
fn a_few_lines_with_small_print_fit_on_one_page() {
    let mut content = acme();
    content.grouping = keeptab_core::billing::Grouping::Note;
    let texts: Vec<String> = (1..=6).map(|number| format!("part {number}")).collect();
    let lines: Vec<(&str, &str, &str)> = texts.iter().map(|text| (text.as_str(), "7.25", "95")).collect();
    bill(&mut content, &lines, standard(19));
    let period = content.period;
    for line in &mut content.lines {
        line.note = Some("what was done".to_owned());
        line.period = Some(period);
    }
    assert_eq!(document(content).pages().len(), 1);
}

#[test]
fn a_long_word_of_letters_breaks_with_a_hyphen() {
    let mut content = acme();
    let name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    content.buyer.name = name.to_owned();
    let read = read(&document(content));
    let lines: Vec<&str> = read
        .lines()
        .map(|line| line.split(" | ").next().unwrap_or_default())
        .collect();
    let first = lines.iter().position(|line| line.starts_with("Donau")).unwrap();
    // The hyphen stands for the mark: it is drawn, and nobody copies it.
    assert!(lines[first].ends_with("\u{ad}\u{ad}"), "{:?}", lines[first]);
    let broken = lines[first].replace('\u{ad}', "");
    assert!(name.starts_with(&broken) && broken.len() < name.len(), "{broken}");
}
