//! `keeptab client`: the clients of the config.

use anyhow::Result;
use clap::{Args, Subcommand};
use keeptab_config::{Edit, Place};
use keeptab_engine::{Catalogue, Done, Engine};
use keeptab_present::flow::Call;

use super::project::edit;
use super::schema::of;
use super::{About, Command, terminal};

/// List clients or add one
#[derive(Debug, Args)]
pub(in crate::cli) struct Client {
    #[command(subcommand)]
    action: Option<ClientAction>,
}

/// The actions on clients.
#[derive(Debug, Subcommand)]
enum ClientAction {
    /// List them
    List,
    /// Add one to the config
    Add(Box<ClientArgs>),
}

/// A new client.
#[derive(Debug, Args)]
struct ClientArgs {
    /// Its id, such as acme
    id: String,
    /// Its name on invoices
    #[arg(long)]
    name: String,
    /// Street lines; may be given several times
    #[arg(long)]
    address: Vec<String>,
    /// Postal code
    #[arg(long)]
    postcode: Option<String>,
    /// City
    #[arg(long)]
    city: Option<String>,
    /// Country: two letters
    #[arg(long)]
    country: Option<String>,
    /// VAT id, or its number for GST or sales tax
    #[arg(long)]
    vat_id: Option<String>,
    /// The e-mail address to which its invoices go
    #[arg(long)]
    email: Option<String>,
    /// Its currency, where it is not yours
    #[arg(long)]
    currency: Option<String>,
}

impl ClientAction {
    fn call(self) -> Result<Call> {
        Ok(match self {
            Self::List => Call::new(Engine::catalogue),
            Self::Add(client) => {
                let place = Place {
                    address: client.address,
                    postcode: client.postcode,
                    city: client.city,
                    country: client.country,
                    vat_id: client.vat_id,
                    tax_number: None,
                    email: client.email,
                };
                edit(Edit::AddClient {
                    id: client.id,
                    name: client.name,
                    place: terminal::complete(place)?,
                    currency: client.currency,
                })
            }
        })
    }
}

impl Command for Client {
    const ABOUT: About = About {
        name: "client",
        palette: Some("lists the clients"),
        examples: &[
            ("client", &["keeptab client"]),
            ("client list", &["keeptab client list --json"]),
            (
                "client add",
                &["keeptab client add acme --name \"Acme Co\" --city Wien --country AT --vat-id ATU12345678"],
            ),
        ],
        answers: &[("client list", of::<Catalogue>), ("client add", of::<Done>)],
    };

    fn call(self) -> Result<Call> {
        self.action
            .map_or_else(|| Ok(Call::new(Engine::catalogue)), ClientAction::call)
    }
}
