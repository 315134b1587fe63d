//! Seller and buyer (BG-4, BG-7).

use std::io;

use keeptab_core::invoice::{Contact, Content, Party};

use super::super::address::electronic;
use super::super::{Profile, seller_id, street, tax_number, vat_id};
use crate::xml::Xml;

pub(super) fn seller(xml: &mut Xml, content: &Content, profile: Profile) -> io::Result<()> {
    let seller = &content.seller;
    xml.group("cac:AccountingSupplierParty", |xml| {
        xml.group("cac:Party", |xml| {
            endpoint(xml, seller, profile)?;
            if let Some(id) = seller_id(content) {
                xml.group("cac:PartyIdentification", |xml| xml.text("cbc:ID", id))?;
            }
            address(xml, seller)?;
            tax_scheme(xml, "VAT", vat_id(seller, content))?;
            tax_scheme(xml, "FC", tax_number(content))?;
            legal(xml, seller)?;
            contact(xml, seller)
        })
    })
}

pub(super) fn buyer(xml: &mut Xml, content: &Content, profile: Profile) -> io::Result<()> {
    let buyer = &content.buyer;
    xml.group("cac:AccountingCustomerParty", |xml| {
        xml.group("cac:Party", |xml| {
            endpoint(xml, buyer, profile)?;
            address(xml, buyer)?;
            tax_scheme(xml, "VAT", vat_id(buyer, content))?;
            legal(xml, buyer)?;
            contact(xml, buyer)
        })
    })
}

fn endpoint(xml: &mut Xml, party: &Party, profile: Profile) -> io::Result<()> {
    match electronic(party, profile) {
        Some((scheme, address)) => xml.marked("cbc:EndpointID", &[("schemeID", scheme)], address),
        None => Ok(()),
    }
}

fn address(xml: &mut Xml, party: &Party) -> io::Result<()> {
    let [one, two, three] = street(party);
    xml.group("cac:PostalAddress", |xml| {
        xml.maybe("cbc:StreetName", one.as_deref())?;
        xml.maybe("cbc:AdditionalStreetName", two.as_deref())?;
        xml.maybe("cbc:CityName", party.city.as_deref())?;
        xml.maybe("cbc:PostalZone", party.postcode.as_deref())?;
        if let Some(line) = three {
            xml.group("cac:AddressLine", |xml| xml.text("cbc:Line", &line))?;
        }
        xml.group("cac:Country", |xml| {
            xml.maybe("cbc:IdentificationCode", party.country.as_deref())
        })
    })
}

fn tax_scheme(xml: &mut Xml, scheme: &str, id: Option<&str>) -> io::Result<()> {
    let Some(id) = id else { return Ok(()) };
    xml.group("cac:PartyTaxScheme", |xml| {
        xml.text("cbc:CompanyID", id)?;
        xml.group("cac:TaxScheme", |xml| xml.text("cbc:ID", scheme))
    })
}

fn legal(xml: &mut Xml, party: &Party) -> io::Result<()> {
    xml.group("cac:PartyLegalEntity", |xml| {
        xml.text("cbc:RegistrationName", &party.name)?;
        xml.maybe("cbc:CompanyID", party.registration.as_deref())
    })
}

fn contact(xml: &mut Xml, party: &Party) -> io::Result<()> {
    match &party.contact {
        Some(contact) if *contact != Contact::default() => xml.group("cac:Contact", |xml| {
            xml.maybe("cbc:Name", contact.name.as_deref())?;
            xml.maybe("cbc:Telephone", contact.phone.as_deref())?;
            xml.maybe("cbc:ElectronicMail", contact.email.as_deref())
        }),
        _ => Ok(()),
    }
}
