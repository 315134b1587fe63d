//! `keeptab browser-host`: the host beside a browser.

use clap::Args;

use super::{About, Command};

/// Run the host of the browser extension; browsers start it
#[derive(Debug, Args)]
pub(in crate::cli) struct BrowserHost {
    /// The caller, as the browser names it
    #[arg(required = true, allow_hyphen_values = true)]
    pub(in crate::cli) caller: Vec<String>,
}

impl Command for BrowserHost {
    const ABOUT: About = About {
        name: "browser-host",
        palette: None,
        examples: &[(
            "browser-host",
            &["keeptab browser-host chrome-extension://pabbcbojmnokebkanfedgnkjhhebmpfn/"],
        )],
        answers: &[],
    };
}
