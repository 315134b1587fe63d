//! Invoices as records.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keeptab_core::chain::Hash;
use keeptab_core::instant::Length;
use keeptab_import::{
    AssetRecord, ClaimRecord, CreditRecord, DocumentRecord, ElsewhereRecord, InvoiceRecord, LinkRecord, Own, PART,
    PaymentRecord, SeriesRecord,
};
use keeptab_store::Store;

use super::{Sink, spans};

/// Passes the invoices, their records, and the hash chain over all of them.
pub(super) fn write(store: &Store, sink: Sink<'_>) -> Result<()> {
    for invoice in store.export_invoices()? {
        sink(Own::Invoice(InvoiceRecord {
            number: invoice.number,
            kind: invoice.kind,
            cancels: invoice.cancels,
            client: invoice.client,
            issue_date: invoice.issue_date,
            issued_at: invoice.issued_at.to_rfc3339(),
            sent_on: invoice.sent_on,
            note: invoice.note,
            content: invoice.content,
        }))?;
    }
    for claim in store.export_claims()? {
        let captured = claim.spans.first().copied().filter(|_| claim.entry.is_none());
        sink(Own::Claim(ClaimRecord {
            invoice: claim.invoice,
            line: claim.line,
            from: captured.map(|span| span.start().to_rfc3339()),
            to: captured.map(|span| span.end().to_rfc3339()),
            entry: claim.entry,
            live: claim.live,
            milliseconds: claim.length.filter(|_| claim.entry.is_some()).map(Length::millis),
            spans: claim
                .entry
                .filter(|_| !claim.spans.is_empty())
                .map(|_| spans(&claim.spans)),
            claim: claim.id,
        }))?;
    }
    for credit in store.export_credits()? {
        sink(Own::Credit(CreditRecord {
            invoice: credit.invoice,
            line: credit.line,
            credit_note: credit.credit_note,
        }))?;
    }
    for payment in store.export_payments()? {
        sink(Own::Payment(PaymentRecord {
            invoice: payment.invoice,
            amount: payment.amount,
            day: payment.day,
            made_at: payment.made_at.to_rfc3339(),
            payment: payment.id,
            used_by: payment.used_by,
            kind: payment.kind,
            reason: payment.reason,
            taxes: payment.taxes,
        }))?;
    }
    for series in store.export_series()? {
        sink(Own::Series(SeriesRecord {
            org: series.org,
            month: series.month,
            next: series.next,
            last_date: series.last_date,
            first: series.first,
        }))?;
    }
    for (invoice, span) in store.export_elsewhere()? {
        sink(Own::Elsewhere(ElsewhereRecord {
            elsewhere: invoice,
            from: span.start().to_rfc3339(),
            to: span.end().to_rfc3339(),
        }))?;
    }
    papers(store, sink)
}

fn papers(store: &Store, sink: Sink<'_>) -> Result<()> {
    store.export_assets(|asset, bytes| {
        for (part, bytes) in (0..).zip(parts(&bytes)) {
            let asset = asset.clone();
            sink(Own::Asset(AssetRecord { asset, part, bytes }))?;
        }
        Ok(())
    })?;
    store.export_documents(|[invoice, format, sha256], bytes| {
        for (part, bytes) in (0..).zip(parts(&bytes)) {
            let (invoice, format, sha256) = (invoice.clone(), format.clone(), sha256.clone());
            sink(Own::Document(DocumentRecord {
                invoice,
                format,
                sha256,
                part,
                bytes,
            }))?;
        }
        Ok(())
    })?;
    store.export_links(|link| {
        sink(Own::Link(LinkRecord {
            n: link.n,
            kind: link.kind,
            record: link.record,
            hash: Hash::from_bytes(&link.hash).map_or_else(String::new, |hash| hash.to_string()),
        }))
    })
}

/// Cuts a file into parts; one without bytes is a part, too.
fn parts(bytes: &[u8]) -> impl Iterator<Item = String> {
    let empty = bytes.is_empty().then(String::new);
    empty
        .into_iter()
        .chain(bytes.chunks(PART).map(|part| STANDARD.encode(part)))
}
