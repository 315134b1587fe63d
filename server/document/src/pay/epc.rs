//! The EPC's code for SEPA credit transfers (EPC069-12, version 3.1).

use keeptab_core::invoice::{Content, InvoiceNumber};

use super::code::Code;
use super::short;

/// The largest version that the EPC allows, with 69 modules on a side.
const MOST: i16 = 13;

/// Encodes a payment.
pub(super) fn code(content: &Content, number: &InvoiceNumber, iban: &str) -> Option<Code> {
    Code::of(&data(content, number, iban), MOST)
}

/// The elements, one per line: version 002 needs no BIC inside the EEA; UTF-8 is character set 1. The number is the
/// remittance text. Elements behind the last one with content are left out.
fn data(content: &Content, number: &InvoiceNumber, iban: &str) -> String {
    let bic = content.bic.as_deref().unwrap_or_default();
    let name = short(&content.seller.name, 70);
    let amount = format!("EUR{}", content.totals.due);
    [
        "BCD",
        "002",
        "1",
        "SCT",
        bic,
        &name,
        iban,
        &amount,
        "",
        "",
        &number.to_string(),
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::tests::sample::{acme, issued};

    #[test]
    fn a_payment_says_who_gets_what_and_why() {
        let issued = issued(acme());
        expect![[r"
            BCD
            002
            1
            SCT

            Jane Doe Software
            DE75512108001245126199
            EUR2558.75


            JDS-202611-0001"]]
        .assert_eq(&data(issued.content(), issued.number(), "DE75512108001245126199"));
    }
}
