//! Warnings about a document that can be issued as it is, and the one thing that it must say before.

use keeptab_config::Config;
use keeptab_core::invoice::{Content, DraftId, exceeded_length, lacks_account, lacks_buyer_id};
use keeptab_core::money::TaxCategory;

use super::Which;

const NO_ACCOUNT: &str =
    "the invoice does not say to which account it is paid: set notes = [\"…\"] or terms under [business], or iban";

/// Returns the warnings about an invoice or a draft, one line each but for hints.
pub(super) fn advice(config: &Config, content: &Content, which: &Which) -> Vec<String> {
    let code = keeptab_document::lacking_code(content).map(str::to_owned);
    let mut taxes = content.totals.taxes.iter().map(|subtotal| subtotal.tax.category());
    let is_taxed = taxes.any(|category| category == TaxCategory::S);
    let abroad = config.doubtful_tax(&content.client).filter(|_| is_taxed);
    code.into_iter()
        .chain(abroad)
        .chain(lacking_home_tax(config, content, which))
        .chain(long_number(config, content))
        .chain(lacking_buyer_id(content))
        .chain(unsaid_advance_tax(content))
        .chain(lacks_account(content).then(|| NO_ACCOUNT.to_owned()))
        .collect()
}

/// Returns the warning that the tax must be told in another currency, too: Directive 2006/112/EC art. 230 and, in the United
/// Kingdom, the VAT Regulations 1995, reg 14 (1).
fn lacking_home_tax(config: &Config, content: &Content, which: &Which) -> Option<String> {
    let home = config.business.as_ref()?.tax_currency;
    if !content.lacks_home_tax(home) {
        return None;
    }
    let add = |to: &str| {
        format!("`keeptab invoice item add {to} --exchange-rate {home}=RATE`, or tax_currency under [business]")
    };
    let hint = match which {
        Which::Draft(DraftId(id)) => add(&id.to_string()),
        Which::Client(client) => add(client),
        Which::Number(number) => format!(
            "`keeptab invoice cancel {number}` takes it back, and the new draft takes `--exchange-rate {home}=RATE`"
        ),
    };
    Some(format!(
        "the invoice is in {}, and you owe its tax in {home}: it must show the tax in {home} as well\nhint: {hint}",
        content.currency
    ))
}

/// Returns the warning that the law of the seller's country takes no number as long as those of the business.
fn long_number(config: &Config, content: &Content) -> Option<String> {
    let org = &config.business.as_ref()?.org;
    let most = exceeded_length(content.seller.country.as_deref()?, org)?;
    Some(format!(
        "numbers of {} are longer than the {most} characters that an Indian tax invoice may have (CGST Rules 2017, rule 46 (b)): set a shorter org under [business]",
        org.as_str()
    ))
}

/// Returns the warning that an Austrian invoice needs the VAT id of the buyer.
fn lacking_buyer_id(content: &Content) -> Option<String> {
    lacks_buyer_id(content).then(|| {
        format!(
            "an Austrian invoice of more than EUR 10000.00 names the VAT id of a business (UStG 1994 § 11 (1)): set vat_id under [client.{}]",
            content.client
        )
    })
}

/// Returns the warning that an invoice with several rates does not say the tax inside an advance.
fn unsaid_advance_tax(content: &Content) -> Option<String> {
    let is_unsaid = content.has_taxed_advance() && content.advance_tax().is_none();
    is_unsaid.then(|| {
        format!(
            "the invoice has several rates of tax, so it does not say the tax inside the {} {} that were paid in advance: if you invoiced them with tax, say it with `keeptab invoice item add … --text TEXT` (§ 14 (5) UStG)",
            content.currency,
            content.advance()
        )
    })
}
