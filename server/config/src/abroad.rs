//! Doubts about the tax of a client abroad that is inherited and not set.

use keeptab_core::invoice::{Party, has_sales_tax, is_in_eu};
use keeptab_core::money::{Tax, TaxCategory};

use super::{Config, countries};

impl Config {
    /// Returns the doubt about the tax of a client, if its tax is only inherited and it lies in another country.
    #[must_use]
    pub fn doubtful_tax(&self, id: &str) -> Option<String> {
        let (business, client) = (self.business.as_ref()?, self.clients.get(id)?);
        let inherited = Some(client.tax).filter(|_| !client.has_own_tax);
        doubt(&business.party, (id, &client.party), inherited?)
    }
}

/// Returns the doubt about a tax that a client inherits: services to a business are taxed where it lies (Directive
/// 2006/112/EC art. 44 and 196).
pub(super) fn doubt(seller: &Party, (id, buyer): (&str, &Party), tax: Tax) -> Option<String> {
    let (from, to) = (seller.country.as_deref()?, buyer.country.as_deref()?);
    if from == to || tax.category() != TaxCategory::S {
        return None;
    }
    let rate = tax.rate().normalize();
    let name = countries().find(|(code, _)| *code == to).map_or(to, |(_, name)| name);
    let (usual, category) = if has_sales_tax(from) {
        ("no tax", "O")
    } else if is_in_eu(from) && is_in_eu(to) {
        ("reverse charge", "AE")
    } else {
        ("an export without tax", "G")
    };
    let table = format!("[client.{id}]");
    let own_id = if category == "O" || seller.vat_id.is_some() {
        ""
    } else {
        ", and vat_id under [business]"
    };
    let its_id = if category == "AE" && buyer.vat_id.is_none() {
        " and vat_id"
    } else {
        ""
    };
    Some(format!(
        "{} ({name}) inherits your tax of {rate}%. For a business there {usual} is usual: set tax = {{ category = \"{category}\" }}{its_id} under {table}{own_id}. If {rate}% is right, set tax = {{ rate = \"{rate}\" }} there",
        buyer.name
    ))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn party(name: &str, country: &str, vat_id: bool) -> Party {
        Party {
            name: name.to_owned(),
            country: Some(country.to_owned()),
            vat_id: vat_id.then(|| format!("{country}123456789")),
            ..Party::default()
        }
    }

    fn check(seller: (&str, bool), buyer: (&str, bool), expected: &Expect) {
        let tax = Tax::new(TaxCategory::S, Some(19.into())).unwrap();
        let (seller, buyer) = (party("Jane", seller.0, seller.1), party("Acme", buyer.0, buyer.1));
        expected.assert_eq(&doubt(&seller, ("acme", &buyer), tax).unwrap_or_default());
        let untaxed = Tax::new(TaxCategory::AE, None).unwrap();
        assert_eq!(doubt(&seller, ("acme", &buyer), untaxed), None);
    }

    #[test]
    fn the_doubt_says_which_tax_and_which_ids_are_needed() {
        check(
            ("DE", true),
            ("AT", false),
            &expect![[
                r#"Acme (Austria) inherits your tax of 19%. For a business there reverse charge is usual: set tax = { category = "AE" } and vat_id under [client.acme]. If 19% is right, set tax = { rate = "19" } there"#
            ]],
        );
        check(
            ("DE", false),
            ("AT", false),
            &expect![[
                r#"Acme (Austria) inherits your tax of 19%. For a business there reverse charge is usual: set tax = { category = "AE" } and vat_id under [client.acme], and vat_id under [business]. If 19% is right, set tax = { rate = "19" } there"#
            ]],
        );
        check(
            ("DE", true),
            ("GB", true),
            &expect![[
                r#"Acme (United Kingdom) inherits your tax of 19%. For a business there an export without tax is usual: set tax = { category = "G" } under [client.acme]. If 19% is right, set tax = { rate = "19" } there"#
            ]],
        );
        check(
            ("CH", true),
            ("DE", true),
            &expect![[
                r#"Acme (Germany) inherits your tax of 19%. For a business there an export without tax is usual: set tax = { category = "G" } under [client.acme]. If 19% is right, set tax = { rate = "19" } there"#
            ]],
        );
        check(
            ("DE", true),
            ("US", false),
            &expect![[
                r#"Acme (United States) inherits your tax of 19%. For a business there an export without tax is usual: set tax = { category = "G" } under [client.acme]. If 19% is right, set tax = { rate = "19" } there"#
            ]],
        );
        check(
            ("US", false),
            ("DE", false),
            &expect![[
                r#"Acme (Germany) inherits your tax of 19%. For a business there no tax is usual: set tax = { category = "O" } under [client.acme]. If 19% is right, set tax = { rate = "19" } there"#
            ]],
        );
        check(("DE", true), ("DE", false), &expect![[""]]);
    }
}
