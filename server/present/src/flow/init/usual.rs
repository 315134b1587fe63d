//! Answers that are proposed: by the name of the business and by the time zone.

/// Proposes an org: `Jane Doe Software` is `JDS`.
pub(super) fn initials(name: &str) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(char::is_ascii_alphanumeric));
    let initials: String = letters.take(6).map(|letter| letter.to_ascii_uppercase()).collect();
    if initials.is_empty() { "ME".into() } else { initials }
}

/// Proposes country and currency by the time zone.
pub(super) fn usual_in(zone: &str) -> (&'static str, &'static str) {
    match zone {
        "Europe/Berlin" => ("DE", "EUR"),
        "Europe/Vienna" => ("AT", "EUR"),
        "Europe/Zurich" => ("CH", "CHF"),
        "Europe/Paris" => ("FR", "EUR"),
        "Europe/Madrid" => ("ES", "EUR"),
        "Europe/Rome" => ("IT", "EUR"),
        "Europe/Amsterdam" => ("NL", "EUR"),
        "Europe/Brussels" => ("BE", "EUR"),
        "Europe/London" => ("GB", "GBP"),
        "Europe/Warsaw" => ("PL", "PLN"),
        "Europe/Prague" => ("CZ", "CZK"),
        "Europe/Stockholm" => ("SE", "SEK"),
        "Europe/Copenhagen" => ("DK", "DKK"),
        "Europe/Oslo" => ("NO", "NOK"),
        "Asia/Tokyo" => ("JP", "JPY"),
        "Asia/Kolkata" => ("IN", "INR"),
        "Australia/Sydney" | "Australia/Melbourne" => ("AU", "AUD"),
        "America/Toronto" | "America/Vancouver" => ("CA", "CAD"),
        zone if zone.starts_with("America/") => ("US", "USD"),
        _ => ("", "EUR"),
    }
}

/// Proposes a time zone by the country, where the country has one.
pub(super) fn zone_of(country: &str) -> Option<&'static str> {
    let one = [
        "Europe/Berlin",
        "Europe/Vienna",
        "Europe/Zurich",
        "Europe/Paris",
        "Europe/Rome",
        "Europe/Amsterdam",
        "Europe/Brussels",
        "Europe/London",
        "Europe/Warsaw",
        "Europe/Prague",
        "Europe/Stockholm",
        "Europe/Copenhagen",
        "Europe/Oslo",
        "Asia/Tokyo",
        "Asia/Kolkata",
    ];
    one.into_iter().find(|zone| usual_in(zone).0 == country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposals_are_plain() {
        assert_eq!(initials("Jane Doe Software"), "JDS");
        assert_eq!(initials("Übung"), "B");
        assert_eq!(initials("!"), "ME");
    }
}
