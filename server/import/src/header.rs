//! The first record of a table, with the places of its columns. Names match in any order and case.

use keeptab_core::money::Currency;

use super::value;

/// The columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Header {
    names: Vec<String>,
    /// As they stand in the file.
    written: Vec<String>,
    currency: Option<Currency>,
}

/// A column that may be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Column(pub(super) Option<usize>);

impl Column {
    pub(super) fn is_there(self) -> bool {
        self.0.is_some()
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0))
    }
}

impl Header {
    pub(super) fn new<T: AsRef<str>>(fields: &[T]) -> Self {
        let written: Vec<String> = fields.iter().map(|field| field.as_ref().trim().to_owned()).collect();
        let mut currency = None;
        let names = written.iter().map(|field| {
            let (name, found) = split_currency(field);
            currency = currency.or(found);
            name.to_lowercase()
        });
        Self {
            names: names.collect(),
            written,
            currency,
        }
    }

    /// Returns the number of columns.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns the names as they stand in the file.
    pub(super) fn written(&self) -> &[String] {
        &self.written
    }

    /// Returns the currency in the name of a column, such as `Amount (EUR)`.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// Returns a column by one of its names, given in lower case.
    pub(super) fn any(&self, names: &[&str]) -> Column {
        let place = |name: &&str| self.names.iter().position(|own| own == name);
        Column(names.iter().find_map(place))
    }

    /// Returns a column by its name, given in lower case.
    pub(super) fn column(&self, name: &str) -> Column {
        self.any(&[name])
    }

    /// Returns a column by its name as it stands in the file, or without its currency; case makes no difference.
    pub(super) fn written_as(&self, name: &str) -> Column {
        let name = name.trim().to_lowercase();
        let place = self.written.iter().position(|written| written.to_lowercase() == name);
        Column(place).or(self.column(&name))
    }

    /// Returns true if columns with all these names exist.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.column(name).is_there())
    }

    /// Returns true if exactly these columns exist.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        self.len() == names.len() && self.has(names)
    }
}

/// Splits `Amount (EUR)`, `Amount (Euro)`, `Rate (€)` and `Amount ()`; other text in brackets belongs to the name.
fn split_currency(field: &str) -> (&str, Option<Currency>) {
    let Some((name, rest)) = field.rsplit_once('(') else {
        return (field, None);
    };
    let Some(code) = rest.strip_suffix(')') else {
        return (field, None);
    };
    // `(h)` is a unit, and no code has small letters.
    let known = match code.parse::<Currency>() {
        Ok(currency) => Some(currency),
        Err(_) if code.len() == 3 && code.is_ascii() => None,
        Err(_) => value::currency(code),
    };
    match known {
        Some(currency) => (name.trim_end(), Some(currency)),
        None if code.is_empty() => (name.trim_end(), None),
        None => (field, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_taken_from_a_name_and_nothing_else_is() {
        let header = Header::new(&["Duration (h)", "Billable Rate (USD)", "Amount ()", " Tags"]);
        assert_eq!(
            header.currency().map(|currency| currency.to_string()),
            Some("USD".into())
        );
        assert!(header.has(&["duration (h)", "billable rate", "amount", "tags"]));
        assert!(!header.is(&["duration (h)", "billable rate", "amount"]));
        assert_eq!(header.column("duration"), Column(None));
        for (name, currency) in [
            ("Amount (EURO)", "EUR"),
            ("Rate (€)", "EUR"),
            ("Rate ($)", "USD"),
            ("Preis (Euro)", "EUR"),
            ("Amount (US Dollar)", "USD"),
        ] {
            let found = Header::new(&[name]).currency().map(|currency| currency.to_string());
            assert_eq!(found.as_deref(), Some(currency), "{name}");
        }
        for name in [
            "Duration (h)",
            "Hours (per day)",
            "Time (min)",
            "Notes (all)",
            "Amount (tax)",
        ] {
            assert_eq!(Header::new(&[name]).currency(), None, "{name}");
        }
    }
}
