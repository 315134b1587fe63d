//! Lines with rates of VAT and days of their own, and the terms of payment in words.

use keeptab_core::billing::{Grouping, LineKind};
use keeptab_core::invoice::{Allowance, CashDiscount, Content, Covers, Language, Totals};
use keeptab_core::money::{Amount, TaxCategory};
use rust_decimal::Decimal;

use super::printed::read;
use super::sample::{acme, issued, line, standard, untaxed};
use super::{Sheet, document, typeset};
use crate::{Format, render};

/// Returns the page without the spaces that do not break.
fn printed(content: Content) -> String {
    read(&document(content)).replace('\u{a0}', " ")
}

#[test]
fn lines_name_their_rates_of_vat_only_where_these_differ() {
    let mut content = acme();
    content.lines = [standard(19), standard(7), untaxed(TaxCategory::O)]
        .map(|tax| line(&content, "Work", "2", "50", tax))
        .into();
    content.totals = Totals::of(&content.lines, content.currency);
    let text = printed(content.clone());
    for row in [
        "Description | Quantity | Rate | VAT | Amount (EUR)",
        "Work | 2.00 | h | 50.00 | 19% | 100.00",
        "Work | 2.00 | h | 50.00 | 7% | 100.00",
        "Work | 2.00 | h | 50.00 | – | 100.00",
    ] {
        assert!(text.contains(row), "{row}\n{text}");
    }
    let page = render(&issued(content.clone()).paper(), Format::Html).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert_eq!(page.matches("<td class=\"figure tax\">19%</td>").count(), 1, "{page}");
    content.lines.truncate(1);
    content.totals = Totals::of(&content.lines, content.currency);
    let text = printed(content);
    assert!(text.contains("Work | 2.00 | h | 50.00 | 100.00"), "{text}");
}

#[test]
fn a_line_of_a_note_has_its_days() {
    let mut content = acme();
    content.grouping = Grouping::Note;
    let (first, last) = content.period;
    content.lines[0].note = Some("review".to_owned());
    content.lines[0].period = Some((first, last));
    content.lines[1].note = Some("call".to_owned());
    content.lines[1].period = Some((last, last));
    let text = printed(content);
    let review = "review | 18.25 | h | 95.00 | 1,733.75\n16 Nov 2026 – 22 Nov 2026\nAPI development\n";
    assert!(text.contains(review), "{text}");
    assert!(
        text.contains("call | 7.50 | h | 110.00 | 825.00\n22 Nov 2026\nDashboard\n"),
        "{text}"
    );
}

#[test]
fn a_fee_or_an_expense_has_its_day() {
    let mut content = acme();
    let (first, last) = content.period;
    content.lines[0].period = Some((first, last));
    content.lines[1].kind = LineKind::Expense;
    content.lines[1].period = Some((last, last));
    let text = printed(content);
    assert!(
        text.contains("1,733.75\nDashboard | 7.50 | h | 110.00 | 825.00\n22 Nov 2026\nSubtotal"),
        "{text}"
    );
}

#[test]
fn discounts_name_their_base_and_rate() {
    let mut content = acme();
    content.lines = [standard(19), standard(7)]
        .map(|tax| line(&content, "Work", "2", "50", tax))
        .into();
    let allowance = |percent: Option<i64>, tax| Allowance {
        reason: "Loyalty".to_owned(),
        percent: percent.map(Decimal::from),
        base: Amount::rounded(100.into(), content.currency),
        amount: Amount::rounded(10.into(), content.currency),
        tax,
        of: None,
        covers: Covers::default(),
    };
    let labels = |allowances: Vec<Allowance>| {
        let mut content = content.clone();
        content.totals = Totals::reduced(
            &content.lines,
            &allowances,
            Amount::zero(content.currency),
            content.currency,
        );
        content.allowances = allowances;
        let sums = Sheet::of(&issued(content).paper(), None).sums.into_iter();
        let labels: Vec<String> = sums
            .map(|sum| sum.label)
            .filter(|label| label.starts_with("Loyalty"))
            .collect();
        labels
    };
    assert_eq!(
        labels(vec![
            allowance(Some(10), standard(19)),
            allowance(Some(10), standard(7))
        ]),
        ["Loyalty (10% on 100.00, VAT 19%)", "Loyalty (10% on 100.00, VAT 7%)"]
    );
    assert_eq!(labels(vec![allowance(None, standard(7))]), ["Loyalty (VAT 7%)"]);
}

#[test]
fn a_french_seller_names_the_terms_that_the_law_demands() {
    let mut content = acme();
    content.language = Language::Fr;
    let said = |content: &Content| {
        let sheet = Sheet::of(&issued(content.clone()).paper(), None);
        sheet.payment.unwrap().sentence.replace('\u{a0}', " ")
    };
    assert!(!said(&content).contains("escompte"));
    content.seller.country = Some("FR".to_owned());
    let late =
        "En cas de retard de paiement : pénalités au taux de la BCE majoré de 10 points et indemnité forfaitaire";
    let none = "Pas d’escompte pour paiement anticipé.";
    assert!(said(&content).contains(&format!("{none} {late}")), "{}", said(&content));
    content.cash_discount = CashDiscount::new(10, Decimal::TWO);
    assert!(said(&content).contains(late) && !said(&content).contains(none));
    content.terms = Some("Nos conditions.".to_owned());
    assert!(!said(&content).contains(late) && said(&content).contains("Nos conditions."));
}

#[test]
fn a_discount_for_early_payment_is_a_sentence() {
    // 2 % of 2558.75 is 51.175, which is 51.18.
    for (language, sentence) in [
        (
            Language::En,
            "If you pay by 2 Dec 2026, you may take a cash discount of 2% and pay EUR 2,507.57.",
        ),
        (
            Language::De,
            "Bei Zahlung bis zum 02.12.2026 gewähren wir 2 % Skonto; dann sind 2.507,57 EUR zu zahlen.",
        ),
        (
            Language::Fr,
            "Pour un paiement au plus tard le 02/12/2026, nous accordons un escompte de 2 % ; le montant à payer est alors \
             de 2 507,57 EUR.",
        ),
        (
            Language::Es,
            "Si paga a más tardar el 02/12/2026, se aplica un descuento por pronto pago del 2 % y el importe a pagar es de \
             2.507,57 EUR.",
        ),
        (
            Language::It,
            "Per pagamento entro il 02/12/2026 concediamo uno sconto del 2%; in tal caso l’importo da pagare è di \
             2.507,57 EUR.",
        ),
        (
            Language::Nl,
            "Bij betaling uiterlijk 02-12-2026 geldt een betalingskorting van 2%; u betaalt dan EUR 2.507,57.",
        ),
    ] {
        let mut set = acme();
        set.language = language;
        set.cash_discount = CashDiscount::new(10, Decimal::TWO);
        let mut coded = acme();
        coded.language = language;
        coded.terms = Some("#SKONTO#TAGE=10#PROZENT=2.00#".to_owned());
        for content in [set, coded] {
            let text = printed(content).replace(['\n', '\u{202f}'], " ").replace("  ", " ");
            assert!(text.contains(sentence) && !text.contains('#'), "{text}");
        }
    }
}

#[test]
fn a_code_that_is_no_discount_is_named() {
    let mut content = acme();
    for (terms, is_wrong) in [
        ("#SKONTO#TAGE=10#PROZENT=2.00#", false),
        ("Order #7", false),
        ("#SKONTO#TAGE=10#PROZENT=2,00#", true),
        ("Soon #SKONTO#TAGE=10#PROZENT=2.00#", true),
        ("#SKONTO#TAGE=10#PROZENT=2.00#BASISBETRAG=2558.75#", false),
        ("#SKONTO#TAGE=10#PROZENT=2.00#BASISBETRAG=2558.76#", true),
    ] {
        content.terms = Some(format!("Thank you\n{terms}"));
        assert_eq!(content.wrong_discount(), is_wrong.then_some(terms), "{terms}");
    }
}

#[test]
fn where_nothing_is_due_there_is_no_discount() {
    let mut content = acme();
    content.cash_discount = CashDiscount::new(10, Decimal::TWO);
    assert_eq!(content.cash_discounts().len(), 1);
    let all = content.totals.gross;
    content.totals = Totals::reduced(&content.lines, &[], all, content.currency);
    assert!(content.totals.due.is_zero());
    assert_eq!(content.cash_discounts(), []);
}

#[test]
fn letters_that_are_none_leave_xml_well_formed() {
    let mut content = acme();
    content.buyer.name = "Acme\u{fffe} Co\u{ffff}".to_owned();
    content.notes = vec!["a\u{1fffe}b".to_owned()];
    let issued = issued(content);
    for format in [Format::Ubl, Format::Html] {
        let Ok(bytes) = render(&issued.paper(), format) else {
            continue;
        };
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("Acme\u{fffd} Co\u{fffd}"), "{text}");
    }
    assert!(crate::missing_characters(&issued.paper()).is_empty());
    let text = read(&typeset(&issued.paper()));
    assert!(text.contains("a\u{fffd}b"), "{text}");
}
