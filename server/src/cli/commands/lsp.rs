//! `keeptab lsp`: the host beside an editor.

use clap::Args;

use super::{About, Command};

/// Run the host; editors start it
#[derive(Debug, Args)]
pub(in crate::cli) struct Lsp {
    /// Speak on stdin and stdout, as always
    #[arg(long)]
    stdio: bool,
}

impl Command for Lsp {
    const ABOUT: About = About {
        name: "lsp",
        palette: None,
        examples: &[("lsp", &["keeptab lsp --stdio"])],
        answers: &[],
    };
}
