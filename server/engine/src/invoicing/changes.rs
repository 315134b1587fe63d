//! Differences between a draft's last preview and the issued invoice.

use std::collections::BTreeMap;

use keeptab_core::billing::{Grouping, Line};
use keeptab_core::invoice::Content;
use schemars::JsonSchema;
use serde::Serialize;

/// A difference between an invoice and its preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changed {
    /// The name of the part that differs.
    pub what: String,
    /// The text of the preview; `None` if the part was not there.
    pub before: Option<String>,
    /// The text of the invoice; `None` if the part is gone.
    pub after: Option<String>,
}

/// Compares the preview with the issued invoice: lines, discounts, sums and parties.
pub(super) fn changes(seen: &Content, issued: &Content) -> Vec<Changed> {
    let (before, after) = (told(seen), told(issued));
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    let changed = names.filter(|name| before.get(*name) != after.get(*name));
    changed
        .map(|name| Changed {
            what: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

fn told(content: &Content) -> BTreeMap<String, String> {
    let mut told = BTreeMap::new();
    let mut tell = |name: String, value: String| {
        // Parts with one name are compared together.
        told.entry(name)
            .and_modify(|known: &mut String| *known = format!("{known}, {value}"))
            .or_insert(value);
    };
    for line in &content.lines {
        let Line {
            quantity,
            price,
            amount,
            ..
        } = line;
        let mut name = line.description.clone();
        if content.grouping == Grouping::Day
            && let Some((day, _)) = line.period
        {
            name = format!("{name}, {day}");
        }
        if let Some(note) = &line.note {
            name = format!("{name}, {note}");
        }
        let price = price.shown(content.currency);
        tell(name, format!("{quantity} × {price} = {amount}"));
    }
    for allowance in &content.allowances {
        tell(allowance.reason.clone(), format!("-{}", allowance.amount));
    }
    tell("total".into(), content.totals.gross.to_string());
    for (name, party) in [("seller", &content.seller), ("client", &content.buyer)] {
        let place = [
            party.postcode.as_deref(),
            party.city.as_deref(),
            party.country.as_deref(),
        ];
        let ids = [party.vat_id.as_deref(), party.tax_number.as_deref()];
        let parts = [party.name.as_str()]
            .into_iter()
            .chain(party.address.iter().map(String::as_str));
        let parts: Vec<&str> = parts.chain(place.into_iter().chain(ids).flatten()).collect();
        tell(name.into(), parts.join(", "));
    }
    told
}
