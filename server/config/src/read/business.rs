//! `[business]`: the seller, the currency and the calendar.

use chrono::{NaiveTime, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use keeptab_core::calendar::Calendar;
use keeptab_core::invoice::Org;

use super::super::section::{Section, Spanned};
use super::super::{Business, Inherited};
use super::party::party;
use super::terms::currency;

/// Reads `[business]`.
pub(super) fn business(section: Section<'_>) -> (Option<Business>, Inherited, Option<Calendar>) {
    let party = party(&section);
    let org = section.required("org").and_then(|text| section.parse::<Org>(&text));
    let currency = section.required("currency").and_then(|text| currency(&section, &text));
    let zone = section.required("time_zone").and_then(|text| zone(&section, &text));
    let day_start = section.text("day_start").and_then(|text| {
        let time = NaiveTime::parse_from_str(&text.value, "%H:%M");
        let report = |_| {
            section.error(
                text.range.clone(),
                "day_start is not a time\nhint: write it as \"04:00\"",
            );
        };
        time.map_err(report).ok()
    });
    let week_start = section.text("week_start").and_then(|text| {
        let day = text.value.parse::<Weekday>();
        let days = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ];
        let report = |_| section.unknown(&text, "week_start is not a day\nhint: write it as \"monday\"", days);
        day.map_err(report).ok()
    });
    let tax_currency = section
        .text("tax_currency")
        .and_then(|text| self::currency(&section, &text));
    let mut inherited = Inherited::default();
    if let Some(currency) = currency {
        inherited.currency = currency;
    }
    inherited.read_business(&section);
    section.close();
    let business = match (party, org, currency) {
        (Some(party), Some(org), Some(currency)) => Some(Business {
            party,
            org,
            tax_currency: tax_currency.unwrap_or(currency),
        }),
        _ => None,
    };
    let calendar = zone.map(|zone| Calendar {
        zone,
        day_start: day_start.unwrap_or(NaiveTime::MIN),
        week_start: week_start.unwrap_or(Weekday::Mon),
    });
    (business, inherited, calendar)
}

fn zone(section: &Section<'_>, text: &Spanned<String>) -> Option<Tz> {
    let zone = text.value.parse::<Tz>().ok();
    if zone.is_none() {
        let hint = "write an IANA name such as Europe/Berlin";
        let message = format!("unknown time zone `{}`\nhint: {hint}", text.value);
        let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
        // A city alone is how people think of a zone.
        let same = |name: &&str| {
            let city = name.rsplit('/').next().unwrap_or_default();
            city.eq_ignore_ascii_case(&text.value.replace(' ', "_"))
        };
        match names().find(same) {
            Some(meant) => section.unknown_but(text, message, meant),
            None => section.unknown(text, message, names()),
        }
    }
    zone
}
