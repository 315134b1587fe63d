//! Checks of bank accounts and VAT ids by their text alone.

use iban::{Iban, ParseIbanError};

/// Returns an IBAN without its spaces, if its check digits, its length and the form of its country are right (ISO 13616
/// and the registry of SWIFT). For a country that joined the registry later, only the check digits are compared.
#[must_use]
pub fn iban(text: &str) -> Option<String> {
    let plain: String = text.split_whitespace().collect();
    // The crate takes small letters, too; no bank does.
    let is_upper = !plain.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_right = matches!(plain.parse::<Iban>(), Ok(_) | Err(ParseIbanError::UnknownCountry(_)));
    (is_upper && is_right).then_some(plain)
}

/// The countries and territories of the SEPA schemes by the beginning of their IBANs (EPC409-09, version 6.0). Those of
/// France, Guernsey, Jersey and Man have the IBANs of France and the United Kingdom.
const SEPA: &str = "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL \
    PT RO RS SE SI SK SM VA";

/// Returns whether an account can be paid to by a SEPA credit transfer.
#[must_use]
pub fn is_in_sepa(iban: &str) -> bool {
    SEPA.split(' ').any(|country| iban.starts_with(country))
}

/// Returns a BIC without its spaces, if it has the form of one (ISO 9362: bank, country, place and perhaps branch).
#[must_use]
pub fn bic(text: &str) -> Option<String> {
    let bic: String = text.split_whitespace().collect();
    let bytes = bic.as_bytes();
    let letters = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_uppercase))
    };
    let rest = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let fits = matches!(bytes.len(), 8 | 11) && letters(4..6) && bytes.iter().all(rest);
    fits.then_some(bic)
}

/// The countries of the EU.
const EU: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

/// Returns whether a country is one of the EU.
#[must_use]
pub fn is_in_eu(country: &str) -> bool {
    EU.split(' ').any(|known| known == country)
}

/// Numbers of letters and digits after the prefix of a VAT id, by country of the EU's VAT area.
const VAT_LENGTHS: &str = "AT 9|BE 10|BG 9 10|CY 9|CZ 8 9 10|DE 9|DK 8|EE 9|EL 9|ES 9|FI 8|FR 11|HR 11|HU 8|IE 8 9|\
    IT 11|LT 9 12|LU 8|LV 11|MT 8|NL 12|PL 10|PT 9|RO 2 3 4 5 6 7 8 9 10|SE 12|SI 8|SK 10|XI 5 9 12";

/// Countries beside the EU whose VAT ids begin with letters of the country: `CHE`, `GB` (`XI` in Northern Ireland), `LI`, `NO`.
const PREFIXED: [&str; 4] = ["CH", "GB", "LI", "NO"];

/// Returns whether the VAT ids of a country begin with its letters (Directive 2006/112/EC art. 215, for the EU). Elsewhere an
/// id for VAT, GST or sales tax is printed as the authorities gave it.
#[must_use]
pub fn has_prefixed_vat_ids(country: &str) -> bool {
    is_in_eu(country) || PREFIXED.contains(&country)
}

/// Returns whether a VAT id begins with letters of a country, as EN 16931 requires of BT-31 and BT-48 (BR-CO-09). `country`
/// is that of the id's holder.
#[must_use]
pub fn names_country(id: &str, country: Option<&str>) -> bool {
    match country {
        Some(country) if !has_prefixed_vat_ids(country) => {
            // A business outside of Europe may be registered inside: then its id has the form of that country.
            let elsewhere = || VAT_LENGTHS.split('|').any(|line| id.get(..2) == line.get(..2));
            id.starts_with(country) || (elsewhere() && doubtful_vat_id(id, None).is_none())
        }
        _ => true,
    }
}

/// Returns a message if a VAT id has a wrong form, given the country of its holder. Only the authorities can say if it is
/// registered.
#[must_use]
pub fn doubtful_vat_id(id: &str, country: Option<&str>) -> Option<String> {
    if country.is_some_and(|country| !has_prefixed_vat_ids(country)) {
        return None;
    }
    let plain: String = id.chars().filter(|letter| !" .-".contains(*letter)).collect();
    let prefix = plain.get(..2).unwrap_or_default();
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let hint = "begin it with the two letters of its country, such as DE123456789";
        return Some(format!("`{id}` has no country prefix\nhint: {hint}"));
    }
    let rest = plain.get(2..).unwrap_or_default();
    let lengths = VAT_LENGTHS.split('|').find_map(|line| line.strip_prefix(prefix))?;
    let length = rest.chars().count().to_string();
    let fits = lengths.split_whitespace().any(|known| known == length);
    let counts = lengths.split_whitespace().collect::<Vec<_>>().join(" or ");
    (!fits).then(|| format!("`{id}` is not a VAT id\nhint: {prefix} has {counts} letters and digits after it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_tell_an_iban() {
        for good in [
            "DE75512108001245126199",
            "DE75 5121 0800 1245 1261 99",
            "GB82WEST12345698765432",
            "NO9386011117947",
            // Honduras joined the registry lately.
            "HN88CABF00000000000250005469",
        ] {
            assert!(iban(good).is_some(), "{good}");
        }
        for bad in [
            "DE75512108001245126198",
            "de75512108001245126199",
            "",
            "DE",
            "75DE512108001245126199",
            "DÉ75512108001245126199",
            // Right check digits, and a digit less or more than its country has, or letters where it has digits.
            "DE0651210800124512619",
            "DE385121080012451261990",
            "DE815121080012451261AB",
        ] {
            assert_eq!(iban(bad), None, "{bad}");
        }
    }

    #[test]
    fn turkey_is_outside_sepa() {
        assert!(!is_in_sepa("TR330006100519786457841326"));
        for inside in [
            "DE75512108001245126199",
            "CH9300762011623852957",
            "GB82WEST12345698765432",
        ] {
            assert!(is_in_sepa(inside), "{inside}");
        }
    }

    #[test]
    fn a_bic_has_its_form() {
        assert_eq!(bic("DEUT DE FF 500"), Some("DEUTDEFF500".into()));
        assert_eq!(bic("SOGEDEFFXXX"), Some("SOGEDEFFXXX".into()));
        for bad in ["", "DEUTDEF", "DEUTDEFF5", "DEUT12FF", "deutdeff", "DEUTDEFF50é"] {
            assert_eq!(bic(bad), None, "{bad}");
        }
    }

    #[test]
    fn vat_ids_have_the_length_of_their_country() {
        for good in [
            "DE123456789",
            "ATU12345678",
            "NL123456789B01",
            "EL123456789",
            "CHE123456789MWST",
            "IE1234567WA",
        ] {
            assert_eq!(doubtful_vat_id(good, None), None, "{good}");
        }
        for bad in ["DE12345678", "123456789", "de123456789", "", "ATU1234567", "é"] {
            for country in [None, Some("DE"), Some("GB"), Some("CH"), Some("NO")] {
                assert!(doubtful_vat_id(bad, country).is_some(), "{bad}");
            }
        }
    }

    #[test]
    fn ids_outside_of_europe_have_no_prefix() {
        for (country, id, has_prefix) in [
            ("AU", "51 824 753 556", false),
            ("CA", "123456789 RT0001", false),
            ("IN", "29ABCDE1234F1Z5", false),
            ("JP", "T1234567890123", false),
            ("MX", "ROGJ800101AB1", false),
            ("SG", "M2-1234567-8", false),
            ("AU", "AU51824753556", true),
            ("US", "DE123456789", true),
        ] {
            assert_eq!(doubtful_vat_id(id, Some(country)), None, "{id}");
            assert_eq!(names_country(id, Some(country)), has_prefix, "{id}");
        }
        assert!(names_country("DE123456789", Some("DE")));
    }
}
