//! The table `[business]`: begun, read, and changed key by key.

use anyhow::{Context as _, Result, bail};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use super::{Place, SCHEMA_URL, write_texts};

/// The answers to `keeptab init`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beginning {
    /// The name of the business.
    pub name: String,
    /// Its name in invoice numbers.
    pub org: String,
    /// Its address and VAT id.
    pub place: Place,
    /// The currency, ISO 4217.
    pub currency: String,
    /// The account to be paid to.
    pub iban: Option<String>,
    /// The IANA time zone.
    pub time_zone: String,
    /// The VAT rate in percent; `None` for no VAT.
    pub tax_rate: Option<String>,
}

impl Beginning {
    /// Reads the facts that a config has; `None` without a table `[business]`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let document = text.parse::<DocumentMut>().ok()?;
        let table = document.get("business")?.as_table_like()?;
        let text = |key: &str| written(table.get(key)?);
        let address = table.get("address");
        let lines = address
            .and_then(Item::as_array)
            .map(|lines| lines.iter().filter_map(Value::as_str));
        Some(Self {
            name: text("name").unwrap_or_default(),
            org: text("org").unwrap_or_default(),
            place: Place {
                address: match lines {
                    Some(lines) => lines.map(str::to_owned).collect(),
                    None => text("address").into_iter().collect(),
                },
                postcode: text("postcode"),
                city: text("city"),
                country: text("country"),
                vat_id: text("vat_id"),
                tax_number: text("tax_number"),
                email: within(table, "contact", "email"),
            },
            currency: text("currency").unwrap_or_default(),
            iban: text("iban"),
            time_zone: text("time_zone").unwrap_or_default(),
            tax_rate: within(table, "tax", "rate"),
        })
    }
}

/// Returns a text or a number as it is written.
fn written(item: &Item) -> Option<String> {
    match item.as_value()? {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.display_repr().into_owned()),
        _ => None,
    }
}

fn within(table: &dyn TableLike, key: &str, inner: &str) -> Option<String> {
    written(table.get(key)?.as_table_like()?.get(inner)?)
}

/// Adds the table to a config that has none.
pub(super) fn begin(document: &mut DocumentMut, beginning: &Beginning) -> Result<()> {
    if document.contains_key("business") {
        bail!("[business] is there already\nhint: change it in the config itself");
    }
    let mut table = Table::new();
    if document.is_empty() {
        // The comments of a file without a table stay above the first one.
        let comments = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing("");
        table.decor_mut().set_prefix(match comments.trim() {
            "" => format!("#:schema {SCHEMA_URL}\n\n"),
            _ => comments,
        });
    }
    table["name"] = value(&beginning.name);
    table["org"] = value(&beginning.org);
    if let Some(mut key) = table.key_mut("org") {
        key.leaf_decor_mut().set_prefix("# invoice numbers begin with it\n");
    }
    beginning.place.write(&mut table);
    write_texts(&mut table, &[("iban", &beginning.iban)]);
    table["currency"] = value(&beginning.currency);
    table["time_zone"] = value(&beginning.time_zone);
    table["payment_days"] = value(14);
    let mut tax = toml_edit::InlineTable::new();
    match &beginning.tax_rate {
        Some(rate) => {
            tax.insert("category", "S".into());
            tax.insert("rate", rate.into());
        }
        None => {
            tax.insert("category", "O".into());
        }
    }
    table["tax"] = value(tax);
    document.insert("business", Item::Table(table));
    Ok(())
}

/// Changes the keys whose values differ, and no other.
pub(super) fn change(document: &mut DocumentMut, after: &Beginning) -> Result<()> {
    let before = Beginning::read(&document.to_string()).context("the config has no [business]")?;
    let table = document.get_mut("business").and_then(Item::as_table_like_mut);
    let table = table.context("[business] is not a table\nhint: write it as [business]")?;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let place = |of: &Beginning| of.place.clone();
    let (old, new) = (place(&before), place(after));
    for (key, before, after) in [
        ("name", some(&before.name), some(&after.name)),
        ("org", some(&before.org), some(&after.org)),
        ("postcode", old.postcode, new.postcode),
        ("city", old.city, new.city),
        ("country", old.country, new.country),
        ("vat_id", old.vat_id, new.vat_id),
        ("tax_number", old.tax_number, new.tax_number),
        ("currency", some(&before.currency), some(&after.currency)),
        ("iban", before.iban, after.iban.clone()),
        ("time_zone", some(&before.time_zone), some(&after.time_zone)),
    ] {
        if before != after {
            put(table, key, after.map(Value::from));
        }
    }
    if old.address != new.address {
        let lines: Array = new.address.iter().collect();
        put(
            table,
            "address",
            Some(lines).filter(|lines| !lines.is_empty()).map(Value::from),
        );
    }
    if old.email != new.email {
        put(inner(table, "contact")?, "email", new.email.map(Value::from));
    }
    if before.tax_rate != after.tax_rate {
        let category = if after.tax_rate.is_some() { "S" } else { "O" };
        let tax = inner(table, "tax")?;
        put(tax, "category", Some(category.into()));
        put(tax, "rate", after.tax_rate.clone().map(Value::from));
        if let Some(tax) = table.get_mut("tax").and_then(Item::as_inline_table_mut) {
            // A key that goes takes the blank before the bracket along.
            tax.fmt();
        }
    }
    Ok(())
}

/// Sets or removes a key. A comment behind its value stays.
fn put(table: &mut dyn TableLike, key: &str, new: Option<Value>) {
    let Some(mut new) = new else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => drop(table.insert(key, Item::Value(new))),
    }
}

/// Returns a table within the table, made if there is none.
fn inner<'a>(table: &'a mut dyn TableLike, key: &str) -> Result<&'a mut dyn TableLike> {
    let item = table.entry(key).or_insert_with(|| value(toml_edit::InlineTable::new()));
    let found = item.as_table_like_mut();
    found.with_context(|| format!("{key} in [business] is not a table\nhint: write it as {key} = {{ … }}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;

    #[test]
    fn a_new_config_names_its_schema_and_one_that_is_there_stays_as_it_is() {
        let beginning = Beginning {
            name: "Jane".into(),
            org: "JDS".into(),
            currency: "EUR".into(),
            time_zone: "Europe/Berlin".into(),
            ..Beginning::default()
        };
        let begin = |text| Edit::Begin(beginning.clone()).apply(text).unwrap();
        let first = format!("#:schema {SCHEMA_URL}\n\n[business]\n");
        assert!(begin("").starts_with(&first), "{}", begin(""));
        assert!(
            begin("# mine\n").starts_with("# mine\n[business]\n"),
            "{}",
            begin("# mine\n")
        );
        assert!(!begin("[tracking]\ntail = \"1m\"\n").contains("#:schema"));
    }

    #[test]
    fn a_change_writes_what_differs_and_keeps_the_rest_as_it_is_written() {
        let text = "# mine\n[business] # here\nname   = \"Jane\" # me\norg = \"JDS\"\naddress = [\"A 1\", \"back\"]\n\
                    contact = { name = \"Jane\", email = \"j@x.de\" }\ncurrency = \"EUR\"\ntime_zone = \"Europe/Berlin\"\n\
                    iban = \"DE1\"\ntax = { category = \"S\", rate = 19 }\n\n[tracking]\ntail = \"1m\"\n";
        let today = Beginning::read(text).unwrap();
        let change = |beginning: &Beginning| Edit::Change(beginning.clone()).apply(text).unwrap();
        assert_eq!(change(&today), text);
        let mut after = today.clone();
        after.name = "Jane Doe".into();
        after.place.email = Some("jane@example.com".into());
        after.place.city = Some("Berlin".into());
        after.iban = None;
        after.tax_rate = None;
        let changed = change(&after);
        assert_eq!(Beginning::read(&changed), Some(after));
        expect_test::expect![[r#"
            # mine
            [business] # here
            name   = "Jane Doe" # me
            org = "JDS"
            address = ["A 1", "back"]
            contact = { name = "Jane", email = "jane@example.com" }
            currency = "EUR"
            time_zone = "Europe/Berlin"
            tax = { category = "O" }
            city = "Berlin"

            [tracking]
            tail = "1m"
        "#]]
        .assert_eq(&changed);
    }
}
