//! Doubts about the tax of a client abroad that is inherited and not set.

use keeptab_core::invoice::{Party, has_prefixed_vat_ids, has_sales_tax, is_in_eu};
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

/// Returns the country whose VAT a country is part of: Liechtenstein is inland for Switzerland (MWSTG art. 3), Monaco for
/// France and the Isle of Man for the United Kingdom (Directive 2006/112/EC art. 7).
fn tax_area(country: &str) -> &str {
    match country {
        "LI" => "CH",
        "MC" => "FR",
        "IM" => "GB",
        other => other,
    }
}

/// Returns the doubt about a tax that a client inherits.
///
/// Services to a business are taxed in its country: Directive 2006/112/EC art. 44 and 196 (the customer owes the tax inside
/// the EU), in the United Kingdom VATA 1994 s 7A, in Switzerland MWSTG art. 8. Outside of the seller's tax area they are
/// outside the scope of its VAT (§ 3a (2) `UStG`, for one) and no export, which is of goods. Elsewhere an export of services is
/// taxed at zero: s 38-190 of the Australian GST Act, s 16 of the Indian IGST Act, s 21 (3) of the GST Act of Singapore.
pub(super) fn doubt(seller: &Party, (id, buyer): (&str, &Party), tax: Tax) -> Option<String> {
    let (from, to) = (tax_area(seller.country.as_deref()?), buyer.country.as_deref()?);
    let to_area = tax_area(to);
    if from == to_area || tax.category() != TaxCategory::S {
        return None;
    }
    let rate = tax.rate().normalize();
    let name = countries().find(|(code, _)| *code == to).map_or(to, |(_, name)| name);
    let (usual, category) = if is_in_eu(from) && is_in_eu(to_area) {
        ("reverse charge", "AE")
    } else if has_sales_tax(from) || has_prefixed_vat_ids(from) {
        ("no tax", "O")
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
        "{} ({name}) inherits your tax of {rate}%. For a business there {usual} is usual: set tax = {{ category = \"{category}\" }}{its_id} under {table}{own_id}. If {rate}% is right, set tax = {{ category = \"S\", rate = \"{rate}\" }} there",
        buyer.name
    ))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use keeptab_core::rule::Platform;

    use super::*;
    use crate::{Surroundings, read};

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
                r#"Acme (Austria) inherits your tax of 19%. For a business there reverse charge is usual: set tax = { category = "AE" } and vat_id under [client.acme]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(
            ("DE", false),
            ("AT", false),
            &expect![[
                r#"Acme (Austria) inherits your tax of 19%. For a business there reverse charge is usual: set tax = { category = "AE" } and vat_id under [client.acme], and vat_id under [business]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(
            ("DE", true),
            ("GB", true),
            &expect![[
                r#"Acme (United Kingdom) inherits your tax of 19%. For a business there no tax is usual: set tax = { category = "O" } under [client.acme]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(
            ("CH", true),
            ("DE", true),
            &expect![[
                r#"Acme (Germany) inherits your tax of 19%. For a business there no tax is usual: set tax = { category = "O" } under [client.acme]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(
            ("DE", true),
            ("US", false),
            &expect![[
                r#"Acme (United States) inherits your tax of 19%. For a business there no tax is usual: set tax = { category = "O" } under [client.acme]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(
            ("US", false),
            ("DE", false),
            &expect![[
                r#"Acme (Germany) inherits your tax of 19%. For a business there no tax is usual: set tax = { category = "O" } under [client.acme]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(
            ("AU", true),
            ("US", false),
            &expect![[
                r#"Acme (United States) inherits your tax of 19%. For a business there an export without tax is usual: set tax = { category = "G" } under [client.acme]. If 19% is right, set tax = { category = "S", rate = "19" } there"#
            ]],
        );
        check(("DE", true), ("DE", false), &expect![[""]]);
    }
    #[test]
    fn a_country_inside_of_the_tax_area_is_not_abroad() {
        for (seller, buyer) in [("CH", "LI"), ("FR", "MC"), ("GB", "IM"), ("LI", "CH")] {
            check((seller, true), (buyer, true), &expect![""]);
        }
    }

    #[test]
    fn each_advised_tax_is_one_that_the_config_takes() {
        let config = |tax: &str| {
            let text = format!(
                "[business]\nname = \"Jane\"\norg = \"JDS\"\ncountry = \"DE\"\nvat_id = \"DE123456789\"\ncurrency = \"EUR\"\n\
                 time_zone = \"Europe/Berlin\"\ntax = {{ category = \"S\", rate = \"19\" }}\n\
                 [client.acme]\nname = \"Acme\"\ncountry = \"AT\"\n{tax}\n"
            );
            let surroundings = Surroundings {
                platform: Platform {
                    home: None,
                    case_blind: false,
                    backslash: false,
                },
                zone: chrono_tz::Europe::Berlin,
                is_folder: |_| false,
            };
            let (config, findings) = read(&text, &surroundings);
            config.unwrap_or_else(|| panic!("{findings:?}"))
        };
        let advice = config("").doubtful_tax("acme").unwrap();
        let advised: Vec<String> = advice
            .split("set ")
            .skip(1)
            .map(|rest| format!("{}}}", rest.split_once('}').unwrap().0))
            .collect();
        let taxes: Vec<Tax> = advised.iter().map(|tax| config(tax).clients["acme"].tax).collect();
        let tax = |category, rate: Option<i64>| Tax::new(category, rate.map(Into::into)).unwrap();
        assert_eq!(taxes, [tax(TaxCategory::AE, None), tax(TaxCategory::S, Some(19))]);
        assert!(advised.iter().all(|tax| config(tax).doubtful_tax("acme").is_none()));
    }
}
