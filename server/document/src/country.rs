//! Names of the common countries; the others keep their code.

use keeptab_core::invoice::Language;

/// Returns the name of a country of ISO 3166-1, or its code.
pub(crate) fn name(code: &str, language: Language) -> &str {
    let place = match language {
        Language::En => 0,
        Language::De => 1,
        Language::Fr => 2,
        Language::Es => 3,
        Language::Nl => 4,
        Language::It => 5,
    };
    let found = COUNTRIES.iter().find(|(known, _)| *known == code);
    found.and_then(|(_, names)| names.get(place)).copied().unwrap_or(code)
}

/// Returns whether a country writes the post code behind the city.
pub(crate) fn postcode_last(code: &str) -> bool {
    ["AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"].contains(&code)
}

/// Names in English, German, French, Spanish, Dutch and Italian.
type Names = [&'static str; 6];

#[rustfmt::skip]
const COUNTRIES: [(&str, Names); 56] = [
    ("AE", ["United Arab Emirates", "Vereinigte Arabische Emirate", "Émirats arabes unis", "Emiratos Árabes Unidos", "Verenigde Arabische Emiraten", "Emirati Arabi Uniti"]),
    ("AR", ["Argentina", "Argentinien", "Argentine", "Argentina", "Argentinië", "Argentina"]),
    ("AT", ["Austria", "Österreich", "Autriche", "Austria", "Oostenrijk", "Austria"]),
    ("AU", ["Australia", "Australien", "Australie", "Australia", "Australië", "Australia"]),
    ("BE", ["Belgium", "Belgien", "Belgique", "Bélgica", "België", "Belgio"]),
    ("BG", ["Bulgaria", "Bulgarien", "Bulgarie", "Bulgaria", "Bulgarije", "Bulgaria"]),
    ("BR", ["Brazil", "Brasilien", "Brésil", "Brasil", "Brazilië", "Brasile"]),
    ("CA", ["Canada", "Kanada", "Canada", "Canadá", "Canada", "Canada"]),
    ("CH", ["Switzerland", "Schweiz", "Suisse", "Suiza", "Zwitserland", "Svizzera"]),
    ("CL", ["Chile", "Chile", "Chili", "Chile", "Chili", "Cile"]),
    ("CN", ["China", "China", "Chine", "China", "China", "Cina"]),
    ("CO", ["Colombia", "Kolumbien", "Colombie", "Colombia", "Colombia", "Colombia"]),
    ("CY", ["Cyprus", "Zypern", "Chypre", "Chipre", "Cyprus", "Cipro"]),
    ("CZ", ["Czechia", "Tschechien", "Tchéquie", "Chequia", "Tsjechië", "Cechia"]),
    ("DE", ["Germany", "Deutschland", "Allemagne", "Alemania", "Duitsland", "Germania"]),
    ("DK", ["Denmark", "Dänemark", "Danemark", "Dinamarca", "Denemarken", "Danimarca"]),
    ("EE", ["Estonia", "Estland", "Estonie", "Estonia", "Estland", "Estonia"]),
    ("ES", ["Spain", "Spanien", "Espagne", "España", "Spanje", "Spagna"]),
    ("FI", ["Finland", "Finnland", "Finlande", "Finlandia", "Finland", "Finlandia"]),
    ("FR", ["France", "Frankreich", "France", "Francia", "Frankrijk", "Francia"]),
    ("GB", ["United Kingdom", "Vereinigtes Königreich", "Royaume-Uni", "Reino Unido", "Verenigd Koninkrijk", "Regno Unito"]),
    ("GR", ["Greece", "Griechenland", "Grèce", "Grecia", "Griekenland", "Grecia"]),
    ("HK", ["Hong Kong", "Hongkong", "Hong Kong", "Hong Kong", "Hongkong", "Hong Kong"]),
    ("HR", ["Croatia", "Kroatien", "Croatie", "Croacia", "Kroatië", "Croazia"]),
    ("HU", ["Hungary", "Ungarn", "Hongrie", "Hungría", "Hongarije", "Ungheria"]),
    ("IE", ["Ireland", "Irland", "Irlande", "Irlanda", "Ierland", "Irlanda"]),
    ("IL", ["Israel", "Israel", "Israël", "Israel", "Israël", "Israele"]),
    ("IN", ["India", "Indien", "Inde", "India", "India", "India"]),
    ("IS", ["Iceland", "Island", "Islande", "Islandia", "IJsland", "Islanda"]),
    ("IT", ["Italy", "Italien", "Italie", "Italia", "Italië", "Italia"]),
    ("JP", ["Japan", "Japan", "Japon", "Japón", "Japan", "Giappone"]),
    ("KR", ["South Korea", "Südkorea", "Corée du Sud", "Corea del Sur", "Zuid-Korea", "Corea del Sud"]),
    ("KW", ["Kuwait", "Kuwait", "Koweït", "Kuwait", "Koeweit", "Kuwait"]),
    ("LI", ["Liechtenstein", "Liechtenstein", "Liechtenstein", "Liechtenstein", "Liechtenstein", "Liechtenstein"]),
    ("LT", ["Lithuania", "Litauen", "Lituanie", "Lituania", "Litouwen", "Lituania"]),
    ("LU", ["Luxembourg", "Luxemburg", "Luxembourg", "Luxemburgo", "Luxemburg", "Lussemburgo"]),
    ("LV", ["Latvia", "Lettland", "Lettonie", "Letonia", "Letland", "Lettonia"]),
    ("MC", ["Monaco", "Monaco", "Monaco", "Mónaco", "Monaco", "Monaco"]),
    ("MT", ["Malta", "Malta", "Malte", "Malta", "Malta", "Malta"]),
    ("MX", ["Mexico", "Mexiko", "Mexique", "México", "Mexico", "Messico"]),
    ("NL", ["Netherlands", "Niederlande", "Pays-Bas", "Países Bajos", "Nederland", "Paesi Bassi"]),
    ("NO", ["Norway", "Norwegen", "Norvège", "Noruega", "Noorwegen", "Norvegia"]),
    ("NZ", ["New Zealand", "Neuseeland", "Nouvelle-Zélande", "Nueva Zelanda", "Nieuw-Zeeland", "Nuova Zelanda"]),
    ("PL", ["Poland", "Polen", "Pologne", "Polonia", "Polen", "Polonia"]),
    ("PT", ["Portugal", "Portugal", "Portugal", "Portugal", "Portugal", "Portogallo"]),
    ("RO", ["Romania", "Rumänien", "Roumanie", "Rumanía", "Roemenië", "Romania"]),
    ("RS", ["Serbia", "Serbien", "Serbie", "Serbia", "Servië", "Serbia"]),
    ("SE", ["Sweden", "Schweden", "Suède", "Suecia", "Zweden", "Svezia"]),
    ("SG", ["Singapore", "Singapur", "Singapour", "Singapur", "Singapore", "Singapore"]),
    ("SI", ["Slovenia", "Slowenien", "Slovénie", "Eslovenia", "Slovenië", "Slovenia"]),
    ("SK", ["Slovakia", "Slowakei", "Slovaquie", "Eslovaquia", "Slowakije", "Slovacchia"]),
    ("TR", ["Türkiye", "Türkei", "Turquie", "Turquía", "Turkije", "Turchia"]),
    ("TW", ["Taiwan", "Taiwan", "Taïwan", "Taiwán", "Taiwan", "Taiwan"]),
    ("UA", ["Ukraine", "Ukraine", "Ukraine", "Ucrania", "Oekraïne", "Ucraina"]),
    ("US", ["United States", "Vereinigte Staaten", "États-Unis", "Estados Unidos", "Verenigde Staten", "Stati Uniti"]),
    ("ZA", ["South Africa", "Südafrika", "Afrique du Sud", "Sudáfrica", "Zuid-Afrika", "Sudafrica"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_countries_keep_their_code() {
        assert_eq!(name("AT", Language::En), "Austria");
        assert_eq!(name("AT", Language::De), "Österreich");
        assert_eq!(name("NL", Language::Fr), "Pays-Bas");
        assert_eq!(name("DE", Language::Nl), "Duitsland");
        assert_eq!(name("XK", Language::De), "XK");
    }
}
