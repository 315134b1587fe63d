//! Records of keeptab's own export.

mod papers;

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, NaiveDate};
use keeptab_core::activity::{Actor, Cause, Kind, Seq};
use keeptab_core::correction::{Change, To};
use keeptab_core::entity::Entity;
use keeptab_core::entry::Beside;
use keeptab_core::instant::{Instant, Length, Span};
use keeptab_core::rule::{NamedRoot, ProjectId};
use keeptab_import::{
    ClaimRecord, CorrectionRecord, ElsewhereRecord, EntryRecord, EventRecord, Own, RootRecord, SeriesRecord,
};
use keeptab_store::{
    At, NewApply, NewClaim, NewCorrection, NewCredit, NewElsewhere, NewEntry, NewEvent, NewImported, NewInvoice,
    NewPayment, NewSeries, NewSign, NewSource, NewUndone, NewVoid, Origin, OwnEntry,
};
use serde::de::DeserializeOwned;

use super::Reader;
use super::landing::fingerprint;

/// The longest distance between a civil day and the UTC day of its instants: a zone and `day_start` move it by less
/// than two days.
const MOST_DAYS_APART: i64 = 2;

/// Takes a record, or returns why it is refused.
pub(super) fn stage(reader: &mut Reader<'_, '_, '_>, line: u64, own: &Own) -> Result<Option<String>> {
    let taken = match own {
        Own::Entry(record) => return entry(reader, line, record),
        Own::Event(record) => match event(reader, record) {
            Ok(event) => {
                reader.account.heartbeats += 1;
                reader.stage.event(&event)?;
                return Ok(None);
            }
            Err(error) => Err(error),
        },
        Own::Source(record) => {
            let source = NewSource {
                device: Some(record.device.clone()),
                name: record.source.clone(),
            };
            reader.stage.source(source, Seq(record.taken));
            Ok(())
        }
        Own::Apply(record) => instant(&record.made_at).map(|made_at| {
            reader.stage.apply(NewApply {
                number: record.apply,
                origin: origin(record.device.as_ref(), record.n),
                made_at,
                undone: record.undone,
            });
        }),
        Own::Void(record) => {
            reader.stage.void(NewVoid {
                at: reader.stage.at(line),
                entry: record.voided,
                apply: record.apply,
            });
            Ok(())
        }
        Own::Undone(record) => {
            reader.stage.undone(NewUndone {
                device: record.device.clone(),
                first: record.first,
                last: record.last,
            });
            Ok(())
        }
        Own::Correction(record) => {
            let at = reader.stage.at(line);
            correction(record.clone(), at).map(|correction| reader.stage.correction(correction))
        }
        Own::Claim(record) => {
            let at = reader.stage.at(line);
            claim(record.clone(), at).map(|claim| reader.stage.claim(claim))
        }
        Own::Invoice(record) => instant(&record.issued_at).map(|issued_at| {
            reader.stage.invoice(NewInvoice {
                at: reader.stage.at(line),
                number: record.number.clone(),
                kind: record.kind.clone(),
                cancels: record.cancels.clone(),
                client: record.client.clone(),
                issue_date: record.issue_date.clone(),
                issued_at,
                sent_on: record.sent_on.clone(),
                note: record.note.clone(),
                content: record.content.clone(),
            });
        }),
        Own::Credit(record) => {
            reader.stage.credit(NewCredit {
                at: reader.stage.at(line),
                invoice: record.invoice.clone(),
                line: record.line,
                credit_note: record.credit_note.clone(),
            });
            Ok(())
        }
        Own::Payment(record) => instant(&record.made_at).map(|made_at| {
            reader.stage.payment(NewPayment {
                at: reader.stage.at(line),
                invoice: record.invoice.clone(),
                amount: record.amount.clone(),
                day: record.day.clone(),
                made_at,
                id: record.payment,
                used_by: record.used_by.clone(),
                kind: record.kind.clone(),
                reason: record.reason.clone(),
                taxes: record.taxes.clone(),
            });
        }),
        Own::Series(record) => {
            reader.stage.series(series(record));
            Ok(())
        }
        Own::Root(record) => {
            reader.stage.root(root(record));
            Ok(())
        }
        Own::Elsewhere(record) => elsewhere(record).map(|elsewhere| reader.stage.elsewhere(elsewhere)),
        Own::Asset(_) | Own::Document(_) | Own::Link(_) => return papers::stage(reader, line, own),
        Own::Keeptab(_) => Ok(()),
    };
    Ok(taken.err().map(|error| format!("{error:#}")))
}

fn entry(reader: &mut Reader<'_, '_, '_>, line: u64, record: &EntryRecord) -> Result<Option<String>> {
    let Ok(day) = record.day.parse::<NaiveDate>() else {
        return Ok(Some(format!("`{}` is not a date", record.day)));
    };
    let (span, own) = match span(record.from.as_deref(), record.to.as_deref()).and_then(|span| Ok((span, own(record)?)))
    {
        Ok(read) => read,
        Err(error) => return Ok(Some(format!("{error:#}"))),
    };
    let apart = |span: Span| (span.start().to_utc().date_naive() - day).num_days().abs();
    if span.is_some_and(|span| apart(span) > MOST_DAYS_APART) {
        return Ok(Some("its day is not that of its clock times".into()));
    }
    if !(0..=Length::from_minutes(366 * 24 * 60).millis()).contains(&record.milliseconds) {
        return Ok(Some("its length is no length".into()));
    }
    let Ok(rate) = record.rate.as_deref().map(str::parse).transpose() else {
        return Ok(Some("its rate is no price".into()));
    };
    let (length, project) = (
        Length::from_millis(record.milliseconds),
        record.project.as_ref().map(ProjectId::new),
    );
    let times = span.map(|span| format!("{} {}", span.start().millis(), span.end().millis()));
    // An entry that another tool brought keeps its fingerprint, so that the same file does not bring it again.
    let known = record.fingerprint.clone().unwrap_or_else(|| {
        fingerprint(&[
            "keeptab",
            &record.day,
            times.as_deref().unwrap_or_default(),
            &record.milliseconds.to_string(),
            record.project.as_deref().unwrap_or_default(),
            record.note.as_deref().unwrap_or_default(),
        ])
    });
    let entry = NewEntry {
        fingerprint: &known,
        line,
        own: Some(own),
        project: project.as_ref(),
        day,
        span,
        length,
        note: record.note.as_deref(),
        billable: record.billable,
        billed: Some(record.billed_elsewhere),
        rate,
    };
    reader.stage.entry(&entry)?;
    reader.account.entry(line, &entry);
    Ok(None)
}

/// Reads the fields of an entry that only an export has.
fn own(record: &EntryRecord) -> Result<OwnEntry> {
    let place = |text: &String| -> Result<(Instant, Origin)> {
        let mut words = text.split(' ');
        let (at, device, n) = (words.next(), words.next(), words.next());
        let (at, device, n) = at
            .zip(device)
            .zip(n)
            .map(|((at, device), n)| (at, device, n))
            .context("its place cannot be read")?;
        let device = device.to_owned();
        let n = n.parse().context("its place cannot be read")?;
        Ok((instant(at)?, Origin { device, n }))
    };
    Ok(OwnEntry {
        number: record.entry,
        origin: origin(record.device.as_ref(), record.n),
        has_fingerprint: record.fingerprint.is_some(),
        made_at: record.made_at.as_deref().map(instant).transpose()?,
        apply: record.apply,
        place: record.place.as_ref().map(place).transpose()?,
        beside: match record.beside.as_deref() {
            None => Beside::No,
            Some("rows") => Beside::Rows,
            Some("all") => Beside::All,
            Some(other) => bail!("`{other}` is not how an entry counts"),
        },
        rows: record.rows.clone(),
        free: record.free.as_deref().map(spans).transpose()?,
        undone: record.undone,
    })
}

fn origin(device: Option<&String>, n: Option<i64>) -> Option<Origin> {
    let (device, n) = device.zip(n)?;
    let device = device.clone();
    Some(Origin { device, n })
}

/// Reads spans in order.
fn spans(text: &str) -> Result<Vec<Span>> {
    let one = |part: &str| {
        let (from, to) = part.split_once('/').context("a span cannot be read")?;
        span(Some(from), Some(to))?.context("a span ends before it begins")
    };
    let spans: Vec<Span> = text
        .split(',')
        .filter(|part| !part.is_empty())
        .map(one)
        .collect::<Result<_>>()?;
    if spans
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one.end() > other.start()))
    {
        bail!("its spans are not in order");
    }
    Ok(spans)
}

fn event(reader: &mut Reader<'_, '_, '_>, record: &EventRecord) -> Result<NewImported> {
    let at = instant(&record.at)?;
    let text = record.text.clone();
    let sign = if let Ok(cause) = word::<Cause>(&record.kind) {
        NewSign::Boundary(cause)
    } else {
        let entity = match record.entity.as_deref() {
            Some("path") => Entity::Path(text.context("it has no path")?),
            Some("url") => Entity::Url(text.context("it has no url")?),
            Some("unnamed") => Entity::Unnamed {
                root: text.filter(|text| !text.is_empty()),
            },
            Some("private") => Entity::Private,
            other => bail!("`{}` is no entity", other.unwrap_or_default()),
        };
        NewSign::Heartbeat {
            kind: word::<Kind>(&record.kind).with_context(|| format!("`{}` is no kind", record.kind))?,
            actor: word::<Actor>(record.actor.as_deref().unwrap_or("human")).context("its actor is nobody")?,
            entity,
            root: record.root.clone().map(|root| Entity::Unnamed { root: Some(root) }),
            language: record.language.clone(),
        }
    };
    let source = NewSource {
        device: Some(record.device.clone()),
        name: record.source.clone(),
    };
    Ok(NewImported {
        source: reader.stage.source(source, Seq(0)),
        event: NewEvent {
            seq: Some(Seq(record.seq)),
            at,
            sign,
        },
    })
}

fn correction(record: CorrectionRecord, at: At) -> Result<NewCorrection> {
    let to = || -> Result<To> {
        Ok(match record.target.as_deref() {
            Some("?") => To::Unassigned,
            Some("-") => To::Private,
            Some(project) => To::Project(ProjectId::new(project)),
            None => bail!("it has no target"),
        })
    };
    let change = match &*record.change {
        "assign" => Change::Assign { to: to()? },
        "fill" => Change::Fill { to: to()? },
        "erase" => Change::Erase,
        "note" => Change::Note {
            text: record.note.clone().unwrap_or_default(),
        },
        "billable" => Change::Billable {
            billable: record.billable.context("it does not say whether it is billable")?,
        },
        other => bail!("`{other}` is no change"),
    };
    let span = Span::new(instant(&record.from)?, instant(&record.to)?);
    Ok(NewCorrection {
        at,
        apply: record.apply,
        origin: origin(record.device.as_ref(), record.n),
        made_at: instant(&record.made_at)?,
        span: span.context("it ends before it begins")?,
        change,
    })
}

fn claim(record: ClaimRecord, at: At) -> Result<NewClaim> {
    let span = span(record.from.as_deref(), record.to.as_deref())?;
    if span.is_some() == record.entry.is_some() {
        bail!("it has to name a stretch or an entry");
    }
    let spans = match (span, &record.spans) {
        (Some(span), _) => vec![span],
        (None, Some(text)) => spans(text)?,
        (None, None) => Vec::new(),
    };
    Ok(NewClaim {
        at,
        invoice: record.invoice,
        line: record.line,
        entry: record.entry,
        live: record.live,
        length: record.milliseconds.map(Length::from_millis),
        spans,
        id: record.claim,
    })
}

fn root(record: &RootRecord) -> NamedRoot {
    NamedRoot {
        root: record.root.clone(),
        real: record.real.clone(),
        repository: record.repository.clone(),
    }
}

fn series(record: &SeriesRecord) -> NewSeries {
    NewSeries {
        org: record.org.clone(),
        month: record.month,
        next: record.next,
        last_date: record.last_date.clone(),
        first: record.first,
    }
}

fn elsewhere(record: &ElsewhereRecord) -> Result<NewElsewhere> {
    let span = Span::new(instant(&record.from)?, instant(&record.to)?);
    Ok(NewElsewhere {
        invoice: record.elsewhere.clone(),
        span: span.context("it ends before it begins")?,
    })
}

fn span(from: Option<&str>, to: Option<&str>) -> Result<Option<Span>> {
    match (from, to) {
        (Some(from), Some(to)) => Ok(Span::new(instant(from)?, instant(to)?)),
        (None, None) => Ok(None),
        _ => bail!("only one of its two times is there"),
    }
}

fn instant(text: &str) -> Result<Instant> {
    let at = DateTime::parse_from_rfc3339(text);
    at.map(Into::into)
        .with_context(|| format!("`{text}` is not an instant"))
}

/// Reads a word as the wire writes it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T> {
    Ok(serde_json::from_value(serde_json::Value::String(text.to_owned()))?)
}
