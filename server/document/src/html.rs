//! An invoice as a self-contained HTML page: no script, nothing from elsewhere. Each figure has its plain value beside
//! the printed one, in a `data` element.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keeptab_core::invoice::{Content, Paper};
use rust_decimal::Decimal;

use crate::party::Block;
use crate::pay::Pay;
use crate::sheet::{Fact, Payment, Sheet};
use crate::xml::Xml;
use crate::{DocumentError, picture};

const STYLE: &str = include_str!("../template/invoice.css");
/// The page may use its own style and pictures, and fetch nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/// Text of the user's runs the way that its first letter does.
const AUTO: (&str, &str) = ("dir", "auto");

/// Writes an invoice or a draft as a page.
pub(crate) fn html(paper: &Paper<'_>) -> Result<Vec<u8>, DocumentError> {
    let content = paper.content;
    let pay = Pay::of(paper);
    let code = pay.as_ref().map(Pay::svg);
    let sheet = Sheet::of(paper, pay);
    let logo = match &content.stationery.logo {
        Some(logo) => {
            crate::there(logo)?;
            let kind = match picture(logo)? {
                "logo.svg" => "image/svg+xml",
                "logo.jpg" => "image/jpeg",
                _ => "image/png",
            };
            Some(format!("data:{kind};base64,{}", STANDARD.encode(&logo.bytes)))
        }
        None => None,
    };
    Ok(Xml::page(sheet.language, |page| {
        page.group("head", |head| {
            head.empty("meta", &[("charset", "utf-8")])?;
            head.empty(
                "meta",
                &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)],
            )?;
            head.empty("meta", &[("name", "viewport"), ("content", "width=device-width")])?;
            head.text("title", sheet.number.as_deref().unwrap_or(sheet.heading))?;
            head.group("style", |style| style.raw(STYLE))
        })?;
        page.group("body", |body| {
            body.group("header", |header| {
                header.group("div", |div| {
                    if let Some(logo) = &logo {
                        div.empty("img", &[("src", logo), ("alt", "")])?;
                    }
                    div.text("h1", sheet.heading)?;
                    let draft = sheet.draft.as_ref().map(|draft| draft.value.as_str());
                    div.marked(
                        "p",
                        &[("class", "mark")],
                        sheet.number.as_deref().or(draft).unwrap_or_default(),
                    )
                })?;
                block(header, &sheet.seller)
            })?;
            body.within("section", &[("class", "sides")], |section| {
                section.group("div", |div| {
                    div.marked("p", &[("class", "label")], sheet.billed_to)?;
                    block(div, &sheet.buyer)
                })?;
                facts(section, &sheet.facts)
            })?;
            body.group("table", |table| self::table(table, &sheet, content))?;
            for said in &sheet.said {
                body.marked("p", &[AUTO], said)?;
            }
            match &sheet.payment {
                Some(payment) => self::payment(body, payment, code.as_deref()),
                None => Ok(()),
            }
        })
    })?)
}

fn block(page: &mut Xml, block: &Block) -> io::Result<()> {
    page.group("address", |address| {
        address.marked("strong", &[AUTO], &block.name)?;
        for line in &block.address {
            address.marked("div", &[AUTO], line)?;
        }
        for line in &block.contact {
            address.marked("div", &[("class", "quiet"), AUTO], line)?;
        }
        for id in &block.ids {
            address.marked("div", &[("class", "quiet")], &format!("{} {}", id.label, id.value))?;
        }
        Ok(())
    })
}

fn facts(page: &mut Xml, facts: &[Fact]) -> io::Result<()> {
    page.group("dl", |list| {
        for fact in facts {
            list.text("dt", &fact.label)?;
            list.marked("dd", &[AUTO], &fact.value)?;
        }
        Ok(())
    })
}

fn figure(row: &mut Xml, class: &str, value: Decimal, shown: &str) -> io::Result<()> {
    row.within("td", &[("class", class)], |cell| {
        cell.marked("data", &[("value", &value.to_string())], shown)
    })
}

fn table(table: &mut Xml, sheet: &Sheet, content: &Content) -> io::Result<()> {
    table.group("thead", |head| {
        head.group("tr", |row| {
            row.text("th", sheet.columns.description)?;
            row.marked("th", &[("class", "figure"), ("colspan", "2")], sheet.columns.quantity)?;
            row.marked("th", &[("class", "figure")], sheet.columns.rate)?;
            if let Some(tax) = &sheet.columns.tax {
                row.marked("th", &[("class", "figure")], tax)?;
            }
            row.marked("th", &[("class", "figure")], &sheet.columns.amount)
        })
    })?;
    table.group("tbody", |body| {
        for (line, row) in content.lines.iter().zip(&sheet.rows) {
            body.group("tr", |tr| {
                tr.group("td", |cell| {
                    cell.marked("div", &[AUTO], &row.description)?;
                    for detail in &row.details {
                        cell.marked("div", &[("class", "quiet"), AUTO], detail)?;
                    }
                    Ok(())
                })?;
                figure(tr, "figure", line.quantity, &row.quantity)?;
                tr.marked("td", &[("class", "quiet")], row.unit)?;
                figure(tr, "figure", line.price.value(), &row.rate)?;
                if sheet.columns.tax.is_some() {
                    tr.marked("td", &[("class", "figure tax")], &row.tax)?;
                }
                figure(tr, "figure", line.amount.value(), &row.amount)
            })?;
        }
        Ok(())
    })?;
    table.group("tfoot", |foot| {
        for (class, sum) in sheet.sums.iter().map(|sum| ("sum", sum)).chain([("due", &sheet.due)]) {
            foot.within("tr", &[("class", class)], |row| {
                let columns = if sheet.columns.tax.is_some() { "5" } else { "4" };
                row.marked("th", &[("colspan", columns), AUTO], &sum.label)?;
                figure(row, "figure", sum.figure.unwrap_or_default(), &sum.value)
            })?;
        }
        Ok(())
    })
}

fn payment(page: &mut Xml, payment: &Payment, code: Option<&str>) -> io::Result<()> {
    page.within("section", &[("class", "payment")], |section| {
        section.group("div", |div| {
            div.marked("p", &[("class", "label")], payment.heading)?;
            div.marked("p", &[AUTO], &payment.sentence)?;
            facts(div, &payment.facts)
        })?;
        match code {
            Some(code) => section.within("figure", &[("class", "code")], |figure| {
                figure.raw(code)?;
                figure.maybe("figcaption", payment.scan)
            }),
            None => Ok(()),
        }
    })
}
