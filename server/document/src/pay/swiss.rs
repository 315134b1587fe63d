//! The Swiss QR-bill (Swiss Implementation Guidelines QR-bill, version 2.3): its printed text and its code.

use keeptab_core::invoice::{Content, InvoiceNumber, Language, Party};
use serde::Serialize;

use super::code::Code;
use super::{reference, short};
use crate::sheet::in_fours;

/// The largest version that the guidelines allow, with 117 modules on a side.
const MOST: i16 = 25;

/// A receipt and a payment part.
#[derive(Serialize)]
pub(crate) struct Bill {
    words: Words,
    /// The account and the address of the payee, one per line.
    account: Vec<String>,
    reference: Option<String>,
    message: String,
    /// The address of the payer; `None` if it is incomplete, so that it can be written in by hand.
    debtor: Option<Vec<String>>,
    currency: String,
    /// The amount with spaces between thousands: `1 949.75`.
    amount: String,
    #[serde(skip)]
    code: Code,
}

impl Bill {
    /// Makes the bill of an invoice; `None` if the address of the payee is incomplete.
    pub(super) fn of(content: &Content, number: &InvoiceNumber, iban: &str) -> Option<Self> {
        let creditor = Address::of(&content.seller)?;
        let debtor = Address::of(&content.buyer);
        let message = number.to_string();
        // A QR-IBAN has an institution from 30000 to 31999, and requires a QR reference.
        let institution: u32 = iban.get(4..9)?.parse().ok()?;
        let (kind, reference) = if (30_000..32_000).contains(&institution) {
            ("QRR", Some(reference::qr(number)))
        } else {
            let reference = reference::creditor(number);
            (if reference.is_some() { "SCOR" } else { "NON" }, reference)
        };
        let amount = content.totals.due.to_string();
        let mut data = vec!["SPC", "0200", "1", iban];
        data.extend(creditor.elements());
        // The ultimate creditor, which is reserved for future use.
        data.extend([""; 7]);
        data.extend([amount.as_str(), content.currency.code()]);
        data.extend(debtor.as_ref().map_or([""; 7], Address::elements));
        data.extend([kind, reference.as_deref().unwrap_or_default(), message.as_str(), "EPD"]);
        let code = Code::of(&data.join("\n"), MOST)?;
        Some(Self {
            words: Words::of(content.language),
            account: [in_fours(iban)].into_iter().chain(creditor.lines()).collect(),
            reference: reference.map(|reference| grouped(kind, &reference)),
            debtor: debtor.as_ref().map(Address::lines),
            message,
            currency: content.currency.to_string(),
            amount: apart(&amount),
            code,
        })
    }

    /// Returns whether the address of a payee is complete.
    pub(super) fn can_pay(seller: &Party) -> bool {
        Address::of(seller).is_some()
    }

    /// Returns the code.
    pub(crate) fn code(&self) -> &Code {
        &self.code
    }
}

/// An address in the parts of the code.
struct Address {
    name: String,
    street: String,
    postcode: String,
    city: String,
    country: String,
}

impl Address {
    fn of(party: &Party) -> Option<Self> {
        let address = Self {
            name: latin(&party.name, 70),
            street: latin(&party.address.join(", "), 70),
            postcode: latin(party.postcode.as_deref()?, 16),
            city: latin(party.city.as_deref()?, 35),
            country: party.country.clone()?,
        };
        let whole = [&address.name, &address.postcode, &address.city];
        whole.iter().all(|part| !part.is_empty()).then_some(address)
    }

    /// The elements of a structured address. The house number may stand with its street.
    fn elements(&self) -> [&str; 7] {
        [
            "S",
            &self.name,
            &self.street,
            "",
            &self.postcode,
            &self.city,
            &self.country,
        ]
    }

    fn lines(&self) -> Vec<String> {
        let abroad = !["CH", "LI"].contains(&self.country.as_str());
        let country = if abroad {
            format!("{}\u{a0}-\u{a0}", self.country)
        } else {
            String::new()
        };
        let place = format!("{country}{} {}", self.postcode, self.city);
        let lines = [self.name.clone(), self.street.clone(), place];
        lines.into_iter().filter(|line| !line.is_empty()).collect()
    }
}

/// Keeps the characters that a QR-bill may have (Latin up to U+017F, Ș, Ț and the euro), and shortens.
fn latin(text: &str, most: usize) -> String {
    let allowed = |character: char| matches!(character, ' '..='~' | '\u{a0}'..='\u{17f}' | 'Ș' | 'ș' | 'Ț' | 'ț' | '€');
    let kept = |character| if allowed(character) { character } else { '.' };
    short(text, most).chars().map(kept).collect()
}

/// Groups a reference as the style guide prints it: in fives from the right for a QR reference, else in fours.
fn grouped(kind: &str, reference: &str) -> String {
    if kind != "QRR" {
        return in_fours(reference);
    }
    let (first, rest) = reference.split_at_checked(2).unwrap_or((reference, ""));
    let digits: Vec<char> = rest.chars().collect();
    let groups = digits.chunks(5).map(|group| group.iter().collect::<String>());
    [first.to_owned()]
        .into_iter()
        .chain(groups)
        .collect::<Vec<_>>()
        .join("\u{a0}")
}

/// Puts a space between thousands.
fn apart(amount: &str) -> String {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, "00"));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    format!("{text}.{fraction}")
}

/// The words of a QR-bill, in four languages; the guidelines fix them.
#[derive(Serialize)]
struct Words {
    receipt: &'static str,
    payment_part: &'static str,
    account: &'static str,
    reference: &'static str,
    additional: &'static str,
    payable_by: &'static str,
    payable_by_whom: &'static str,
    currency: &'static str,
    amount: &'static str,
    acceptance: &'static str,
    separate: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::De => Self {
                receipt: "Empfangsschein",
                payment_part: "Zahlteil",
                account: "Konto / Zahlbar an",
                reference: "Referenz",
                additional: "Zusätzliche Informationen",
                payable_by: "Zahlbar durch",
                payable_by_whom: "Zahlbar durch (Name/Adresse)",
                currency: "Währung",
                amount: "Betrag",
                acceptance: "Annahmestelle",
                separate: "Vor der Einzahlung abzutrennen",
            },
            Language::Fr => Self {
                receipt: "Récépissé",
                payment_part: "Section paiement",
                account: "Compte / Payable à",
                reference: "Référence",
                additional: "Informations supplémentaires",
                payable_by: "Payable par",
                payable_by_whom: "Payable par (nom/adresse)",
                currency: "Monnaie",
                amount: "Montant",
                acceptance: "Point de dépôt",
                separate: "A détacher avant le versement",
            },
            Language::It => Self {
                receipt: "Ricevuta",
                payment_part: "Sezione pagamento",
                account: "Conto / Pagabile a",
                reference: "Riferimento",
                additional: "Informazioni supplementari",
                payable_by: "Pagabile da",
                payable_by_whom: "Pagabile da (nome/indirizzo)",
                currency: "Valuta",
                amount: "Importo",
                acceptance: "Punto di accettazione",
                separate: "Da staccare prima del versamento",
            },
            Language::En | Language::Es | Language::Nl => Self {
                receipt: "Receipt",
                payment_part: "Payment part",
                account: "Account / Payable to",
                reference: "Reference",
                additional: "Additional information",
                payable_by: "Payable by",
                payable_by_whom: "Payable by (name/address)",
                currency: "Currency",
                amount: "Amount",
                acceptance: "Acceptance point",
                separate: "Separate before paying in",
            },
        }
    }
}
