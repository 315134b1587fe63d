//! Seller and buyer (BG-4, BG-7).

use std::io;

use keeptab_core::invoice::{Contact, Content, Party};

use super::super::address::electronic;
use super::super::{Profile, seller_id, tax_number, vat_id};
use crate::xml::Xml;

pub(super) fn seller(xml: &mut Xml, content: &Content, profile: Profile) -> io::Result<()> {
    let seller = &content.seller;
    xml.group("ram:SellerTradeParty", |xml| {
        xml.maybe("ram:ID", seller_id(content))?;
        named(xml, seller)?;
        if let Some(known) = &seller.contact {
            contact(xml, known)?;
        }
        placed(xml, seller, profile)?;
        tax_registration(xml, "VA", vat_id(seller, content))?;
        tax_registration(xml, "FC", tax_number(content))
    })
}

pub(super) fn buyer(xml: &mut Xml, content: &Content, profile: Profile) -> io::Result<()> {
    let buyer = &content.buyer;
    xml.group("ram:BuyerTradeParty", |xml| {
        named(xml, buyer)?;
        if let Some(known) = &buyer.contact {
            contact(xml, known)?;
        }
        placed(xml, buyer, profile)?;
        tax_registration(xml, "VA", vat_id(buyer, content))
    })
}

fn named(xml: &mut Xml, party: &Party) -> io::Result<()> {
    xml.text("ram:Name", &party.name)?;
    match &party.registration {
        Some(number) => xml.group("ram:SpecifiedLegalOrganization", |xml| xml.text("ram:ID", number)),
        None => Ok(()),
    }
}

fn contact(xml: &mut Xml, contact: &Contact) -> io::Result<()> {
    if *contact == Contact::default() {
        return Ok(());
    }
    xml.group("ram:DefinedTradeContact", |xml| {
        xml.maybe("ram:PersonName", contact.name.as_deref())?;
        if let Some(phone) = &contact.phone {
            xml.group("ram:TelephoneUniversalCommunication", |xml| {
                xml.text("ram:CompleteNumber", phone)
            })?;
        }
        if let Some(email) = &contact.email {
            xml.group("ram:EmailURIUniversalCommunication", |xml| xml.text("ram:URIID", email))?;
        }
        Ok(())
    })
}

fn placed(xml: &mut Xml, party: &Party, profile: Profile) -> io::Result<()> {
    let [one, two, three] = super::super::street(party);
    xml.group("ram:PostalTradeAddress", |xml| {
        xml.maybe("ram:PostcodeCode", party.postcode.as_deref())?;
        xml.maybe("ram:LineOne", one.as_deref())?;
        xml.maybe("ram:LineTwo", two.as_deref())?;
        xml.maybe("ram:LineThree", three.as_deref())?;
        xml.maybe("ram:CityName", party.city.as_deref())?;
        xml.maybe("ram:CountryID", party.country.as_deref())
    })?;
    match electronic(party, profile) {
        Some((scheme, address)) => xml.group("ram:URIUniversalCommunication", |xml| {
            xml.marked("ram:URIID", &[("schemeID", scheme)], address)
        }),
        None => Ok(()),
    }
}

fn tax_registration(xml: &mut Xml, scheme: &str, id: Option<&str>) -> io::Result<()> {
    match id {
        Some(id) => xml.group("ram:SpecifiedTaxRegistration", |xml| {
            xml.marked("ram:ID", &[("schemeID", scheme)], id)
        }),
        None => Ok(()),
    }
}
