//! The mail that an invoice is sent with.

use std::path::PathBuf;

use keeptab_core::invoice::{Issued, Language};
use keeptab_system::mail::Mail;

/// Writes the mail for an invoice, in the client's language.
pub(super) fn letter(invoice: &Issued, pdf: PathBuf) -> Mail {
    let content = invoice.content();
    let number = invoice.number();
    let credits = content.kind.credited();
    let (subject, body) = words(content.language, credits.is_some());
    let due = invoice.due_date().to_string();
    let fill = |text: &str| {
        text.replace("{number}", &number.to_string())
            .replace("{sum}", &format!("{} {}", content.currency, content.totals.due))
            .replace("{due}", &due)
            .replace(
                "{original}",
                &credits.map(|credited| credited.number.to_string()).unwrap_or_default(),
            )
            .replace("{name}", &content.seller.name)
    };
    let contact = content.buyer.contact.as_ref();
    Mail {
        to: contact.and_then(|contact| contact.email.clone()),
        subject: fill(subject),
        body: fill(body),
        attachment: pdf,
    }
}

/// Returns subject and text of the mail for an invoice or a credit note.
fn words(language: Language, credits: bool) -> (&'static str, &'static str) {
    match (language, credits) {
        (Language::En, false) => (
            "Invoice {number}",
            "Hello,\n\nplease find attached invoice {number} over {sum}, due on {due}.\n\nKind regards\n{name}\n",
        ),
        (Language::En, true) => (
            "Credit note {number}",
            "Hello,\n\nplease find attached credit note {number} over {sum} for invoice {original}.\n\nKind regards\n{name}\n",
        ),
        (Language::De, false) => (
            "Rechnung {number}",
            "Guten Tag,\n\nanbei erhalten Sie die Rechnung {number} über {sum}, fällig am {due}.\n\nMit freundlichen Grüßen\n{name}\n",
        ),
        (Language::De, true) => (
            "Rechnungskorrektur {number}",
            "Guten Tag,\n\nanbei erhalten Sie die Rechnungskorrektur {number} über {sum} zur Rechnung {original}.\n\nMit freundlichen Grüßen\n{name}\n",
        ),
        (Language::Fr, false) => (
            "Facture {number}",
            "Bonjour,\n\nveuillez trouver ci-joint la facture {number} d'un montant de {sum}, à régler avant le {due}.\n\nCordialement\n{name}\n",
        ),
        (Language::Fr, true) => (
            "Avoir {number}",
            "Bonjour,\n\nveuillez trouver ci-joint l'avoir {number} d'un montant de {sum} sur la facture {original}.\n\nCordialement\n{name}\n",
        ),
        (Language::Es, false) => (
            "Factura {number}",
            "Hola:\n\nadjunto la factura {number} por {sum}, con vencimiento el {due}.\n\nUn saludo\n{name}\n",
        ),
        (Language::Es, true) => (
            "Factura rectificativa {number}",
            "Hola:\n\nadjunto la factura rectificativa {number} por {sum} de la factura {original}.\n\nUn saludo\n{name}\n",
        ),
        (Language::Nl, false) => (
            "Factuur {number}",
            "Goedendag,\n\nbijgaand vindt u factuur {number} van {sum}, te betalen vóór {due}.\n\nMet vriendelijke groet\n{name}\n",
        ),
        (Language::Nl, true) => (
            "Creditnota {number}",
            "Goedendag,\n\nbijgaand vindt u creditnota {number} van {sum} bij factuur {original}.\n\nMet vriendelijke groet\n{name}\n",
        ),
        (Language::It, false) => (
            "Fattura {number}",
            "Buongiorno,\n\nin allegato la fattura {number} di {sum}, con scadenza il {due}.\n\nCordiali saluti\n{name}\n",
        ),
        (Language::It, true) => (
            "Nota di credito {number}",
            "Buongiorno,\n\nin allegato la nota di credito {number} di {sum} sulla fattura {original}.\n\nCordiali saluti\n{name}\n",
        ),
    }
}
