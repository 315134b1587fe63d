//! Checks an invoice for the requirements of a profile.

use std::fmt;

use keeptab_core::invoice::{Contact, Content, Party};
use keeptab_core::money::TaxCategory;

use super::address::electronic;
use super::{Profile, european_id, names_vat_ids, seller_id, tax_number, vat_id};
use crate::text::clean;

/// The reason why there is no electronic invoice: the profile's requirements that the invoice does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    profile: &'static str,
    what: Vec<String>,
    hint: &'static str,
}

impl Lacking {
    pub(super) fn of_draft(profile: Profile) -> Self {
        Self {
            profile: profile.name(),
            what: vec!["an issued invoice".to_owned()],
            hint: NO_DRAFT,
        }
    }
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} needs {}\nhint: {}",
            self.profile,
            self.what.join(", "),
            self.hint
        )
    }
}

const FILL_IN: &str = "fill it in under [business] or the client's table; invoices that are issued keep what they say";
const CURRENCY: &str = "EN 16931 takes amounts of two decimals at most; the PDF is the invoice";
const MIXED: &str =
    "put what is not subject to VAT on an invoice of its own (EN 16931 BR-O-11); the PDF is the invoice";
const NO_DRAFT: &str = "issue it first; a draft is no invoice";

/// Returns the requirements that keep an invoice from being written by a profile.
pub(crate) fn lacking(content: &Content, profile: Profile) -> Option<Lacking> {
    let refused = |what: Vec<String>, hint| {
        (!what.is_empty()).then(|| Lacking {
            profile: profile.name(),
            what,
            hint,
        })
    };
    let one = |what: &str, hint| refused(vec![what.to_owned()], hint);
    if content.currency.exponent() > 2 {
        return one("another currency", CURRENCY);
    }
    if !names_vat_ids(content) && content.totals.taxes.len() > 1 {
        return one("one tax category", MIXED);
    }
    refused(details(content, profile), FILL_IN)
}

fn details(content: &Content, profile: Profile) -> Vec<String> {
    let (seller, buyer) = (&content.seller, &content.buyer);
    let mut what = Vec::new();
    for party in [seller, buyer] {
        placed(party, profile, &mut what);
    }
    identified(content, &mut what);
    if profile.is_xrechnung() {
        // BR-DE-2, BR-DE-5 to 7: the contact.
        let nobody = Contact::default();
        let contact = seller.contact.as_ref().unwrap_or(&nobody);
        let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).count();
        need(&mut what, said(contact.name.as_ref()), || {
            format!("contact.name of {}", seller.name)
        });
        // BR-DE-27 requires three digits, BR-DE-28 an @ between other characters.
        let phone = contact.phone.as_deref().is_some_and(|phone| digits(phone) >= 3);
        need(&mut what, phone, || format!("contact.phone of {}", seller.name));
        let email = contact.email.as_deref().is_some_and(is_mail);
        need(&mut what, email, || format!("contact.email of {}", seller.name));
        // BR-DE-15.
        let reference = said(content.buyer_reference.as_ref());
        need(&mut what, reference, || format!("buyer_reference of {}", buyer.name));
    }
    if profile == Profile::Peppol {
        // PEPPOL-EN16931-R003.
        let reference = said(content.buyer_reference.as_ref()) || said(content.order_reference.as_ref());
        need(&mut what, reference, || {
            format!("buyer_reference or order_reference of {}", buyer.name)
        });
    }
    if profile != Profile::FacturX {
        // PEPPOL-EN16931-R010 and R020, which XRechnung adopted.
        for party in [seller, buyer] {
            let address = electronic(party, profile).is_some();
            need(&mut what, address, || {
                format!("the electronic address of {}", party.name)
            });
        }
    }
    what
}

/// BR-06 to BR-11, and BR-DE-3, 4, 8 and 9.
fn placed(party: &Party, profile: Profile, what: &mut Vec<String>) {
    let name = || {
        if said(Some(&party.name)) {
            party.name.clone()
        } else {
            "a party".to_owned()
        }
    };
    need(what, said(Some(&party.name)), || {
        "the name of seller and buyer".to_owned()
    });
    need(what, said(party.country.as_ref()), || {
        format!("the country of {}", name())
    });
    if profile.is_xrechnung() {
        need(what, said(party.city.as_ref()), || format!("the city of {}", name()));
        need(what, said(party.postcode.as_ref()), || {
            format!("the postcode of {}", name())
        });
    }
}

/// The requirements of the categories: BR-S-02, BR-Z-02, BR-E-02, BR-AE-02, BR-G-02; and BR-CO-26.
fn identified(content: &Content, what: &mut Vec<String>) {
    let (seller, buyer) = (&content.seller, &content.buyer);
    let any = |category| {
        content
            .totals
            .taxes
            .iter()
            .any(|subtotal| subtotal.tax.category() == category)
    };
    let (vat, tax) = (european_id(seller).is_some(), tax_number(content).is_some());
    if any(TaxCategory::G) {
        need(what, vat, || format!("the VAT id of {}", seller.name));
    } else {
        let taxed = [TaxCategory::S, TaxCategory::Z, TaxCategory::E, TaxCategory::AE];
        let enough = !taxed.into_iter().any(any) || vat || tax;
        need(what, enough, || format!("the VAT id or tax number of {}", seller.name));
    }
    if any(TaxCategory::AE) {
        let known = european_id(buyer).is_some() || buyer.registration.is_some();
        need(what, known, || format!("the VAT id of {}", buyer.name));
    }
    let named = seller.registration.is_some() || vat_id(seller, content).is_some() || seller_id(content).is_some();
    need(what, named, || {
        format!("a VAT id, tax number or registration of {}", seller.name)
    });
}

fn need(what: &mut Vec<String>, there: bool, name: impl FnOnce() -> String) {
    if !there {
        let name = name();
        if !what.contains(&name) {
            what.push(name);
        }
    }
}

fn said(text: Option<&String>) -> bool {
    text.is_some_and(|text| !clean(text).is_empty())
}

/// BR-DE-28: one `@`, not at an end, with two characters on each side and no dot beside it.
fn is_mail(text: &str) -> bool {
    let fits = |part: &str| part.len() > 1 && !part.starts_with('.') && !part.ends_with('.') && !part.contains(' ');
    matches!(text.split_once('@'), Some((before, behind)) if fits(before) && fits(behind) && !behind.contains('@'))
}
