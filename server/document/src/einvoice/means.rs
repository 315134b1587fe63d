//! The means of payment (BG-16).

use keeptab_core::invoice::Content;
use keeptab_core::money::Currency;

use super::Profile;

/// A code of UNCL 4461 (BT-81), and the account of the payee.
pub(super) struct Means<'a> {
    pub(super) code: &'static str,
    pub(super) account: Option<Account<'a>>,
}

/// An account (BG-17).
pub(super) struct Account<'a> {
    pub(super) iban: String,
    pub(super) holder: &'a str,
    pub(super) bic: Option<&'a str>,
}

impl<'a> Means<'a> {
    /// Returns the means of payment: SEPA credit transfer (58), or another transfer (30). Without an account it is
    /// undefined (1) for XRechnung, which requires a code (BR-DE-1), else `None`. A credit note is set off (97).
    pub(super) fn of(content: &'a Content, profile: Profile) -> Option<Self> {
        if content.kind.credited().is_some() {
            return Some(Self {
                code: "97",
                account: None,
            });
        }
        let Some(iban) = &content.iban else {
            return profile.is_xrechnung().then_some(Self {
                code: "1",
                account: None,
            });
        };
        let sepa = content.currency == Currency::EUR;
        Some(Self {
            code: if sepa { "58" } else { "30" },
            account: Some(Account {
                iban: iban.split_whitespace().collect(),
                holder: &content.seller.name,
                bic: content.bic.as_deref(),
            }),
        })
    }
}
