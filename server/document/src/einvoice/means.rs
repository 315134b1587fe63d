//! How an invoice is paid (BG-16).

use keeptab_core::invoice::Content;
use keeptab_core::money::Currency;

use super::Profile;

/// A code of UNCL 4461 (BT-81), and the account that money goes to.
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
    /// Returns how an invoice is paid: by SEPA credit transfer (58), another transfer (30), or not told (1), which
    /// only XRechnung wants to hear (BR-DE-1). What a credit note says is set off (97).
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
