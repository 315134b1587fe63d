//! Kimai: its CSV export, whose headers are in the user's language, and the format of its importer.

use anyhow::Result;
use chrono::Days;
use keeptab_core::instant::Length;

use super::header::{Column, Header};
use super::table::{Cells, Layout};
use super::{Draft, Found, When, value};

/// Both formats.
pub(super) struct Kimai {
    date: Column,
    from: Column,
    to: Column,
    duration: Column,
    customer: Column,
    project: Column,
    activity: Column,
    description: Column,
    billable: Column,
    exported: Column,
    user: Column,
    currency: Column,
    hourly: Column,
    price: Column,
}

const DATE: &[&str] = &["date", "datum", "fecha", "data"];
const FROM: &[&str] = &[
    "from", "begin", "von", "beginn", "de", "début", "van", "da", "desde", "inizio",
];
const TO: &[&str] = &[
    "to", "end", "bis", "ende", "à", "a", "fin", "tot", "hasta", "fine", "até",
];
const DURATION: &[&str] = &["duration", "dauer", "durée", "duur", "durata", "duración", "duração"];
const CUSTOMER: &[&str] = &["customer", "kunde", "client", "klant", "cliente"];
const PROJECT: &[&str] = &["project", "projekt", "projet", "progetto", "proyecto", "projeto"];
const ACTIVITY: &[&str] = &[
    "activity",
    "tätigkeit",
    "aktivität",
    "activité",
    "activiteit",
    "attività",
    "actividad",
    "atividade",
];
const DESCRIPTION: &[&str] = &[
    "description",
    "beschreibung",
    "omschrijving",
    "descrizione",
    "descripción",
    "descrição",
];
const BILLABLE: &[&str] = &[
    "billable",
    "abrechenbar",
    "facturable",
    "factureerbaar",
    "fatturabile",
    "faturável",
];
const EXPORTED: &[&str] = &[
    "exported",
    "exportiert",
    "exporté",
    "exportée",
    "geëxporteerd",
    "esportato",
    "exportado",
];
const USER: &[&str] = &[
    "user",
    "benutzer",
    "utilisateur",
    "gebruiker",
    "utente",
    "usuario",
    "usuário",
    "name",
    "nom",
];
const CURRENCY: &[&str] = &["currency", "währung", "devise", "monnaie", "valuta", "moneda", "moeda"];
const HOURLY: &[&str] = &[
    "hourly price",
    "hourly rate",
    "stundenlohn",
    "stundensatz",
    "taux horaire",
    "uurtarief",
];
const PRICE: &[&str] = &["price", "rate", "preis", "lohn", "prix", "taux", "prijs"];

impl Kimai {
    pub(super) fn of(header: &Header) -> Option<Self> {
        let fits = [DATE, FROM, TO, DURATION, CUSTOMER, PROJECT, ACTIVITY];
        let fits = fits.iter().all(|names| header.any(names).is_there());
        fits.then(|| Self {
            date: header.any(DATE),
            from: header.any(FROM),
            to: header.any(TO),
            duration: header.any(DURATION),
            customer: header.any(CUSTOMER),
            project: header.any(PROJECT),
            activity: header.any(ACTIVITY),
            description: header.any(DESCRIPTION),
            billable: header.any(BILLABLE),
            exported: header.any(EXPORTED),
            user: header.any(USER),
            currency: header.any(CURRENCY),
            hourly: header.any(HOURLY),
            price: header.any(PRICE),
        })
    }
}

impl Layout for Kimai {
    fn row(&self, cells: &Cells<'_>) -> Result<Found> {
        if !cells.is_filled(self.to) {
            return Ok(Found::Running);
        }
        let date = cells.date(self.date)?;
        let from = date.and_time(cells.time(self.from)?);
        let to = date.and_time(cells.time(self.to)?);
        // Both times share one date: an end before the start is on the next day.
        let to = if to < from { to + Days::new(1) } else { to };
        let mut draft = Draft::at(When::Clock(from, to));
        draft.exact = Length::from_secs(60);
        let duration = cells.text(self.duration);
        draft.length = match duration {
            "" => None,
            // The importer's format counts seconds.
            _ if duration.bytes().all(|byte| byte.is_ascii_digit()) => Some(value::seconds(duration)?),
            _ => cells.length(self.duration)?.map(|(length, _)| length),
        };
        draft.user = cells.owned(self.user);
        draft.client = cells.owned(self.customer);
        draft.project = cells.owned(self.project);
        draft.task = cells.owned(self.activity);
        draft.description = cells.owned(self.description);
        // This tool writes an empty cell for no.
        draft.billable = match cells.flag(self.billable)? {
            None if self.billable.is_there() => Some(false),
            said => said,
        };
        draft.billed = match cells.flag(self.exported)? {
            None if self.exported.is_there() => Some(false),
            said => said,
        };
        draft.own_rate = cells.price(self.hourly);
        draft.rate = draft.own_rate.or_else(|| draft.per_hour(cells.price(self.price)));
        draft.currency = cells.text(self.currency).parse().ok();
        Ok(draft.into())
    }
}
