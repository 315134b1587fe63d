//! The Cross Industry Invoice of UN/CEFACT, D16B, as EN 16931-3-3 binds it. The order of elements is the schema's.

use std::io;

use chrono::NaiveDate;
use keeptab_core::billing::Line;
use keeptab_core::invoice::Paper;

use super::{Profile, rate};
use crate::xml::Xml;

mod party;
mod settlement;

const NAMESPACES: [(&str, &str); 4] = [
    (
        "xmlns:rsm",
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    ),
    ("xmlns:qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
    (
        "xmlns:ram",
        "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    ),
    (
        "xmlns:udt",
        "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    ),
];

/// Writes an invoice.
pub(super) fn write(paper: &Paper<'_>, profile: Profile) -> io::Result<Vec<u8>> {
    let content = paper.content;
    Xml::document("rsm:CrossIndustryInvoice", &NAMESPACES, |xml| {
        xml.group("rsm:ExchangedDocumentContext", |xml| {
            if let Some(process) = profile.process() {
                xml.group("ram:BusinessProcessSpecifiedDocumentContextParameter", |xml| {
                    xml.text("ram:ID", process)
                })?;
            }
            xml.group("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
                xml.text("ram:ID", profile.customization())
            })
        })?;
        xml.group("rsm:ExchangedDocument", |xml| {
            let number = paper.number.map(ToString::to_string).unwrap_or_default();
            xml.text("ram:ID", &number)?;
            xml.text("ram:TypeCode", super::type_code(content))?;
            date(xml, "ram:IssueDateTime", paper.issue_date)?;
            for note in super::notes(content) {
                xml.group("ram:IncludedNote", |xml| xml.text("ram:Content", &note))?;
            }
            Ok(())
        })?;
        xml.group("rsm:SupplyChainTradeTransaction", |xml| {
            for (index, line) in content.lines.iter().enumerate() {
                self::line(xml, index + 1, line)?;
            }
            xml.group("ram:ApplicableHeaderTradeAgreement", |xml| {
                xml.maybe("ram:BuyerReference", content.buyer_reference.as_deref())?;
                party::seller(xml, content, profile)?;
                party::buyer(xml, content, profile)?;
                if let Some(order) = &content.order_reference {
                    xml.group("ram:BuyerOrderReferencedDocument", |xml| {
                        xml.text("ram:IssuerAssignedID", order)
                    })?;
                }
                if let Some(contract) = &content.contract_reference {
                    xml.group("ram:ContractReferencedDocument", |xml| {
                        xml.text("ram:IssuerAssignedID", contract)
                    })?;
                }
                match &content.project_reference {
                    // The schema requires a name beside the reference.
                    Some(project) => xml.group("ram:SpecifiedProcuringProject", |xml| {
                        xml.text("ram:ID", project)?;
                        xml.text("ram:Name", "Project reference")
                    }),
                    None => Ok(()),
                }
            })?;
            // The day of the work (BT-72), because an empty element is forbidden.
            xml.group("ram:ApplicableHeaderTradeDelivery", |xml| {
                xml.group("ram:ActualDeliverySupplyChainEvent", |xml| {
                    date(xml, "ram:OccurrenceDateTime", content.period.1)
                })
            })?;
            settlement::write(xml, paper, profile)
        })
    })
}

/// Writes a line (BG-25).
fn line(xml: &mut Xml, number: usize, line: &Line) -> io::Result<()> {
    xml.group("ram:IncludedSupplyChainTradeLineItem", |xml| {
        xml.group("ram:AssociatedDocumentLineDocument", |xml| {
            xml.text("ram:LineID", &number.to_string())
        })?;
        xml.group("ram:SpecifiedTradeProduct", |xml| {
            xml.text("ram:Name", super::item(line))?;
            xml.maybe("ram:Description", line.note.as_deref())
        })?;
        xml.group("ram:SpecifiedLineTradeAgreement", |xml| {
            xml.group("ram:NetPriceProductTradePrice", |xml| {
                xml.text("ram:ChargeAmount", &line.price.value().normalize().to_string())
            })
        })?;
        xml.group("ram:SpecifiedLineTradeDelivery", |xml| {
            let quantity = line.quantity.normalize().to_string();
            xml.marked("ram:BilledQuantity", &[("unitCode", line.unit.code())], &quantity)
        })?;
        xml.group("ram:SpecifiedLineTradeSettlement", |xml| {
            xml.group("ram:ApplicableTradeTax", |xml| {
                xml.text("ram:TypeCode", "VAT")?;
                xml.text("ram:CategoryCode", line.tax.category().code())?;
                xml.maybe("ram:RateApplicablePercent", rate(line.tax).as_deref())
            })?;
            if let Some(days) = line.period {
                period(xml, days)?;
            }
            xml.group("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.text("ram:LineTotalAmount", &line.amount.to_string())
            })
        })
    })
}

/// Writes a day.
fn date(xml: &mut Xml, name: &str, day: NaiveDate) -> io::Result<()> {
    xml.group(name, |xml| {
        xml.marked("udt:DateTimeString", &[("format", "102")], &digits(day))
    })
}

/// Writes the first and last day of work.
fn period(xml: &mut Xml, (first, last): (NaiveDate, NaiveDate)) -> io::Result<()> {
    xml.group("ram:BillingSpecifiedPeriod", |xml| {
        date(xml, "ram:StartDateTime", first)?;
        date(xml, "ram:EndDateTime", last)
    })
}

/// Returns a day in format 102 of UNCL 2379: `20261122`.
fn digits(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}
