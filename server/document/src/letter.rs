//! The text of the mail that an invoice is sent with.

use keeptab_core::invoice::Issued;
use keeptab_core::money::Amount;

use crate::date::day;
use crate::number::money;
use crate::sheet::discounts;
use crate::words::Words;

/// A mail in the language of its invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// The text, with lines that end in `\n`.
    pub body: String,
}

/// Writes the mail for an invoice or a credit note. Amounts and days have the form that they have on paper.
#[must_use]
pub fn letter(invoice: &Issued) -> Letter {
    let content = invoice.content();
    let words = &Words::on(content);
    let mail = &words.mail;
    let credited = content.kind.credited();
    let sum = |amount: Amount| money(amount, content.currency, words);
    let (kind, sentence) = match credited {
        Some(_) => (words.credit_note, mail.credit_note),
        None if content.totals.due.is_zero() => (words.invoice, mail.paid),
        None => (words.invoice, mail.invoice),
    };
    let original = credited.map(|credited| credited.number.to_string());
    let sentence = sentence
        .replace("{number}", &invoice.number().to_string())
        .replace("{sum}", &sum(content.totals.due))
        .replace("{gross}", &sum(content.totals.gross))
        .replace("{due}", &day(invoice.due_date(), words))
        .replace("{original}", &original.unwrap_or_default());
    let sentences: Vec<String> = [sentence]
        .into_iter()
        .chain(discounts(&invoice.paper(), words))
        .collect();
    let person = content
        .seller
        .contact
        .as_ref()
        .and_then(|contact| contact.name.as_deref());
    let person = person.filter(|name| *name != content.seller.name);
    let signed: Vec<&str> = person.into_iter().chain([content.seller.name.as_str()]).collect();
    let body = format!(
        "{}\n\n{}\n\n{}\n{}\n",
        mail.greeting,
        sentences.join("\n"),
        mail.closing,
        signed.join("\n")
    );
    Letter {
        subject: format!("{kind} {}", invoice.number()),
        // A text that somebody edits has no use for spaces that do not break.
        body: body.replace(['\u{a0}', '\u{202f}'], " "),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use keeptab_core::invoice::{CashDiscount, Content, Credited, Kind, Language};
    use rust_decimal::Decimal;

    use super::*;
    use crate::tests::sample::{acme, issued};

    fn check(change: impl Fn(&mut Content), expected: &Expect) {
        let letters = Language::ALL.map(|language| {
            let mut content = Content { language, ..acme() };
            change(&mut content);
            let Letter { subject, body } = letter(&issued(content));
            assert!(!body.contains(['{', '}']), "{body}");
            format!("{subject}\n{body}")
        });
        expected.assert_eq(&letters.join("\n"));
    }

    #[test]
    fn amounts_and_days_are_in_the_language_of_the_invoice() {
        check(
            |_| (),
            &expect![[r#"
                Invoice JDS-202611-0001
                Hello,

                Please find attached invoice JDS-202611-0001 for EUR 2,558.75, due on 6 Dec 2026.

                Kind regards
                Jane Doe Software

                Rechnung JDS-202611-0001
                Guten Tag,

                anbei erhalten Sie die Rechnung JDS-202611-0001 über 2.558,75 EUR, fällig am 06.12.2026.

                Mit freundlichen Grüßen
                Jane Doe Software

                Facture JDS-202611-0001
                Bonjour,

                Veuillez trouver ci-joint la facture JDS-202611-0001 d’un montant de 2 558,75 EUR, à régler au plus tard le 06/12/2026.

                Cordialement
                Jane Doe Software

                Factura JDS-202611-0001
                Hola:

                Adjunto la factura JDS-202611-0001 por 2.558,75 EUR, con vencimiento el 06/12/2026.

                Un saludo
                Jane Doe Software

                Factuur JDS-202611-0001
                Goedendag,

                Bijgaand vindt u factuur JDS-202611-0001 van EUR 2.558,75, te betalen uiterlijk op 06-12-2026.

                Met vriendelijke groet
                Jane Doe Software

                Fattura JDS-202611-0001
                Buongiorno,

                in allegato la fattura JDS-202611-0001 di 2.558,75 EUR, con scadenza il 06/12/2026.

                Cordiali saluti
                Jane Doe Software
            "#]],
        );
    }

    #[test]
    fn a_discount_is_named_and_a_person_signs() {
        let mut content = acme();
        content.cash_discount = CashDiscount::new(10, Decimal::TWO);
        content.seller.contact.as_mut().unwrap().name = Some("Jane Doe".to_owned());
        let Letter { body, .. } = letter(&issued(content));
        expect![[r#"
            Hello,

            Please find attached invoice JDS-202611-0001 for EUR 2,558.75, due on 6 Dec 2026.
            If you pay by 2 Dec 2026, you may take a cash discount of 2% and pay EUR 2,507.57.

            Kind regards
            Jane Doe
            Jane Doe Software
        "#]]
        .assert_eq(&body);
    }

    #[test]
    fn nothing_is_due_on_a_credit_note_and_on_a_paid_invoice() {
        let credited = Credited {
            number: "JDS-202610-0007".parse().unwrap(),
            issue_date: "2026-10-31".parse().unwrap(),
            lines: vec![0, 1],
            in_full: true,
            kept: false,
            shares: Vec::new(),
        };
        check(
            |content| content.kind = Kind::CreditNote(credited.clone()),
            &expect![[r#"
                Credit note JDS-202611-0001
                Hello,

                Please find attached credit note JDS-202611-0001 for EUR 2,558.75. It corrects invoice JDS-202610-0007.

                Kind regards
                Jane Doe Software

                Rechnungskorrektur JDS-202611-0001
                Guten Tag,

                anbei erhalten Sie die Rechnungskorrektur JDS-202611-0001 über 2.558,75 EUR zur Rechnung JDS-202610-0007.

                Mit freundlichen Grüßen
                Jane Doe Software

                Facture d’avoir JDS-202611-0001
                Bonjour,

                Veuillez trouver ci-joint la facture d’avoir JDS-202611-0001 d’un montant de 2 558,75 EUR, relative à la facture JDS-202610-0007.

                Cordialement
                Jane Doe Software

                Factura rectificativa JDS-202611-0001
                Hola:

                Adjunto la factura rectificativa JDS-202611-0001 por 2.558,75 EUR, que corrige la factura JDS-202610-0007.

                Un saludo
                Jane Doe Software

                Creditfactuur JDS-202611-0001
                Goedendag,

                Bijgaand vindt u creditfactuur JDS-202611-0001 van EUR 2.558,75 bij factuur JDS-202610-0007.

                Met vriendelijke groet
                Jane Doe Software

                Nota di credito JDS-202611-0001
                Buongiorno,

                in allegato la nota di credito JDS-202611-0001 di 2.558,75 EUR, relativa alla fattura JDS-202610-0007.

                Cordiali saluti
                Jane Doe Software
            "#]],
        );
        let paid = |content: &mut Content| {
            content.totals.prepaid = content.totals.gross;
            content.totals.due = Amount::zero(content.currency);
        };
        check(
            paid,
            &expect![[r#"
                Invoice JDS-202611-0001
                Hello,

                Please find attached invoice JDS-202611-0001 for EUR 2,558.75. It is paid in full.

                Kind regards
                Jane Doe Software

                Rechnung JDS-202611-0001
                Guten Tag,

                anbei erhalten Sie die Rechnung JDS-202611-0001 über 2.558,75 EUR. Sie ist vollständig bezahlt.

                Mit freundlichen Grüßen
                Jane Doe Software

                Facture JDS-202611-0001
                Bonjour,

                Veuillez trouver ci-joint la facture JDS-202611-0001 d’un montant de 2 558,75 EUR. Elle est entièrement réglée.

                Cordialement
                Jane Doe Software

                Factura JDS-202611-0001
                Hola:

                Adjunto la factura JDS-202611-0001 por 2.558,75 EUR. Está pagada en su totalidad.

                Un saludo
                Jane Doe Software

                Factuur JDS-202611-0001
                Goedendag,

                Bijgaand vindt u factuur JDS-202611-0001 van EUR 2.558,75. Deze is volledig betaald.

                Met vriendelijke groet
                Jane Doe Software

                Fattura JDS-202611-0001
                Buongiorno,

                in allegato la fattura JDS-202611-0001 di 2.558,75 EUR, già interamente pagata.

                Cordiali saluti
                Jane Doe Software
            "#]],
        );
    }
}
