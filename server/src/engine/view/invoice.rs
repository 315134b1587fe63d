//! An invoice as it is answered.

mod summary;

use std::fmt;
use std::path::PathBuf;

use chrono::NaiveDate;
use keeptab_core::billing::{LeftOut, Line, Reason};
use keeptab_core::instant::Length;
use keeptab_core::invoice::{DraftId, InvoiceNumber, Issued, Paper, Status};
use keeptab_core::money::{Amount, Currency, Price, TaxCategory, Unit};
use keeptab_core::rule::ProjectId;
use rust_decimal::Decimal;
use serde::Serialize;

use super::table;

/// One invoice or draft.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceView {
    draft: Option<DraftId>,
    /// The number; a draft has none.
    pub number: Option<InvoiceNumber>,
    /// `draft`, `issued`, `sent`, `paid` or `cancelled`.
    pub status: &'static str,
    /// The client's id.
    pub client: String,
    issue_date: Option<NaiveDate>,
    due_date: Option<NaiveDate>,
    currency: Option<Currency>,
    lines: Vec<LineView>,
    net_total: Option<Amount>,
    tax_total: Option<Amount>,
    gross_total: Option<Amount>,
    /// Its documents, by absolute path.
    pub files: Vec<PathBuf>,
    left_out: Vec<LeftOutView>,
    /// What is not right with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView {
    project: ProjectId,
    description: String,
    quantity: Decimal,
    unit: Unit,
    rate: Price,
    amount: Amount,
    tax_category: TaxCategory,
    tax_rate: Decimal,
}

#[derive(Clone, Debug, Serialize)]
struct LeftOutView {
    seconds: i64,
    project: Option<ProjectId>,
    reason: Reason,
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        Self {
            project: line.project.clone(),
            description: line.description.clone(),
            quantity: line.quantity,
            unit: line.unit,
            rate: line.price,
            amount: line.amount,
            tax_category: line.tax.category(),
            tax_rate: line.tax.rate(),
        }
    }
}

impl InvoiceView {
    /// Returns the word that names it: the draft, or else the client.
    #[must_use]
    pub fn which(&self) -> String {
        self.draft
            .map_or_else(|| self.client.clone(), |draft| draft.0.to_string())
    }

    /// Shows an issued invoice.
    #[must_use]
    pub fn of_issued(issued: &Issued, status: Status) -> Self {
        let status = match status {
            Status::Issued => "issued",
            Status::Sent => "sent",
            Status::Paid => "paid",
            Status::Cancelled => "cancelled",
        };
        Self {
            number: Some(issued.number().clone()),
            status,
            ..Self::of_paper(&issued.paper())
        }
    }

    /// Shows a draft.
    #[must_use]
    pub fn of_draft(id: DraftId, paper: &Paper<'_>) -> Self {
        Self {
            draft: Some(id),
            ..Self::of_paper(paper)
        }
    }

    /// Shows a draft in which nothing is left to bill.
    #[must_use]
    pub fn of_empty_draft(id: DraftId, client: &str) -> Self {
        Self {
            draft: Some(id),
            number: None,
            status: "draft",
            client: client.to_owned(),
            issue_date: None,
            due_date: None,
            currency: None,
            lines: Vec::new(),
            net_total: None,
            tax_total: None,
            gross_total: None,
            files: Vec::new(),
            left_out: Vec::new(),
            trouble: None,
        }
    }

    fn of_paper(paper: &Paper<'_>) -> Self {
        let content = paper.content;
        Self {
            draft: None,
            number: None,
            status: "draft",
            client: content.client.clone(),
            issue_date: Some(paper.issue_date),
            due_date: Some(paper.due_date),
            currency: Some(content.currency),
            lines: content.lines.iter().map(LineView::from).collect(),
            net_total: Some(content.totals.net),
            tax_total: Some(content.totals.tax),
            gross_total: Some(content.totals.gross),
            files: Vec::new(),
            left_out: Vec::new(),
            trouble: None,
        }
    }

    /// Adds what is not on it.
    pub fn left_out(&mut self, left_out: &[LeftOut]) {
        let view = |left: &LeftOut| LeftOutView {
            seconds: left.length.whole_seconds(),
            project: left.project.clone(),
            reason: left.reason,
        };
        self.left_out.extend(left_out.iter().map(view));
    }

    /// Returns the sum to pay with its currency, such as `EUR 1,178.10` without the comma.
    #[must_use]
    pub fn sum(&self) -> String {
        match (self.currency, self.gross_total) {
            (Some(currency), Some(gross)) => format!("{currency} {gross}"),
            _ => String::new(),
        }
    }

    /// Returns its number, or the name of the draft.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.number, self.draft) {
            (Some(number), _) => number.to_string(),
            (None, Some(draft)) => format!("draft {}", draft.0),
            (None, None) => String::new(),
        }
    }
}

impl fmt::Display for InvoiceView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}  {}", self.name(), self.status, self.client)?;
        if let (Some(issued), Some(due)) = (self.issue_date, self.due_date) {
            write!(f, "  {issued}, due {due}")?;
        }
        writeln!(f)?;
        let row = |line: &LineView| {
            let unit = match line.unit {
                Unit::Hour => "h",
                Unit::Day => "d",
            };
            vec![
                line.project.to_string(),
                line.description.clone(),
                format!("{} {unit}", line.quantity),
                line.rate.to_string(),
                line.amount.to_string(),
            ]
        };
        let mut rows: Vec<Vec<String>> = self.lines.iter().map(row).collect();
        let sum = |name: String, amount: Option<Amount>| {
            let amount = amount.map(|amount| amount.to_string()).unwrap_or_default();
            vec![name, String::new(), String::new(), String::new(), amount]
        };
        rows.push(sum("net".into(), self.net_total));
        rows.push(sum("tax".into(), self.tax_total));
        let currency = self.currency.map(|currency| format!(" {currency}")).unwrap_or_default();
        rows.push(sum(format!("total{currency}"), self.gross_total));
        table(f, &["project", "", "quantity", "rate", "amount"], &rows, &[2, 3, 4])?;
        for left in &self.left_out {
            let project = left
                .project
                .as_ref()
                .map(|project| format!(" of {project}"))
                .unwrap_or_default();
            let length = Length::from_secs(left.seconds);
            write!(f, "\nleft out: {length}{project}, {}", left.reason.words())?;
        }
        if let Some(trouble) = &self.trouble {
            write!(f, "\nnot right yet: {trouble}")?;
        }
        for file in &self.files {
            write!(f, "\n{}", file.display())?;
        }
        Ok(())
    }
}

/// All invoices and drafts.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct InvoiceList(Vec<InvoiceView>);

impl InvoiceList {
    /// Returns them, drafts last.
    #[must_use]
    pub fn invoices(&self) -> &[InvoiceView] {
        &self.0
    }

    /// Makes a list.
    #[must_use]
    pub fn new(invoices: Vec<InvoiceView>) -> Self {
        Self(invoices)
    }
}

impl fmt::Display for InvoiceList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return write!(
                f,
                "no invoices yet\nhint: `keeptab invoice draft CLIENT` makes the first"
            );
        }
        let row = |view: &InvoiceView| {
            let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
            vec![
                view.name(),
                view.status.to_owned(),
                view.client.clone(),
                date(view.issue_date),
                date(view.due_date),
                view.sum(),
            ]
        };
        let rows: Vec<Vec<String>> = self.0.iter().map(row).collect();
        table(
            f,
            &["number", "status", "client", "issued", "due", "total"],
            &rows,
            &[5],
        )
    }
}
