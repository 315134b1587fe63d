//! Countries by name, where their name is likely to be wanted; the others keep their code.

use keeptab_core::invoice::Language;

/// Returns the name of a country of ISO 3166-1, or its code.
pub(crate) fn name(code: &str, language: Language) -> &str {
    let found = COUNTRIES.iter().find(|(known, ..)| *known == code);
    match (found, language) {
        (Some((.., german)), Language::De) => german,
        (Some((_, english, _)), _) => english,
        (None, _) => code,
    }
}

/// Returns whether a country writes the post code behind the city.
pub(crate) fn postcode_last(code: &str) -> bool {
    ["AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"].contains(&code)
}

/// Code, English, German.
const COUNTRIES: [(&str, &str, &str); 54] = [
    ("AE", "United Arab Emirates", "Vereinigte Arabische Emirate"),
    ("AR", "Argentina", "Argentinien"),
    ("AT", "Austria", "Österreich"),
    ("AU", "Australia", "Australien"),
    ("BE", "Belgium", "Belgien"),
    ("BG", "Bulgaria", "Bulgarien"),
    ("BR", "Brazil", "Brasilien"),
    ("CA", "Canada", "Kanada"),
    ("CH", "Switzerland", "Schweiz"),
    ("CL", "Chile", "Chile"),
    ("CN", "China", "China"),
    ("CY", "Cyprus", "Zypern"),
    ("CZ", "Czechia", "Tschechien"),
    ("DE", "Germany", "Deutschland"),
    ("DK", "Denmark", "Dänemark"),
    ("EE", "Estonia", "Estland"),
    ("ES", "Spain", "Spanien"),
    ("FI", "Finland", "Finnland"),
    ("FR", "France", "Frankreich"),
    ("GB", "United Kingdom", "Vereinigtes Königreich"),
    ("GR", "Greece", "Griechenland"),
    ("HK", "Hong Kong", "Hongkong"),
    ("HR", "Croatia", "Kroatien"),
    ("HU", "Hungary", "Ungarn"),
    ("IE", "Ireland", "Irland"),
    ("IL", "Israel", "Israel"),
    ("IN", "India", "Indien"),
    ("IS", "Iceland", "Island"),
    ("IT", "Italy", "Italien"),
    ("JP", "Japan", "Japan"),
    ("KR", "South Korea", "Südkorea"),
    ("KW", "Kuwait", "Kuwait"),
    ("LI", "Liechtenstein", "Liechtenstein"),
    ("LT", "Lithuania", "Litauen"),
    ("LU", "Luxembourg", "Luxemburg"),
    ("LV", "Latvia", "Lettland"),
    ("MT", "Malta", "Malta"),
    ("MX", "Mexico", "Mexiko"),
    ("NL", "Netherlands", "Niederlande"),
    ("NO", "Norway", "Norwegen"),
    ("NZ", "New Zealand", "Neuseeland"),
    ("PL", "Poland", "Polen"),
    ("PT", "Portugal", "Portugal"),
    ("RO", "Romania", "Rumänien"),
    ("RS", "Serbia", "Serbien"),
    ("SE", "Sweden", "Schweden"),
    ("SG", "Singapore", "Singapur"),
    ("SI", "Slovenia", "Slowenien"),
    ("SK", "Slovakia", "Slowakei"),
    ("TR", "Türkiye", "Türkei"),
    ("TW", "Taiwan", "Taiwan"),
    ("UA", "Ukraine", "Ukraine"),
    ("US", "United States", "Vereinigte Staaten"),
    ("ZA", "South Africa", "Südafrika"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_countries_keep_their_code() {
        assert_eq!(name("AT", Language::En), "Austria");
        assert_eq!(name("AT", Language::De), "Österreich");
        assert_eq!(name("XK", Language::De), "XK");
    }
}
