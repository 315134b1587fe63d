//! `keeptab-sim SEED`: runs seeds, and tells the story of one that breaks a law.

#[cfg(unix)]
#[cfg_attr(test, expect(dead_code, reason = "a test harness has a `main` of its own"))]
mod unix {
    use std::io::{self, Write as _};
    use std::process::ExitCode;

    use clap::Parser;
    use keeptab_sim::{Figures, STEPS, plan, run, shrink};

    /// Runs real engines in worlds that fail on purpose
    #[derive(Parser)]
    struct Arguments {
        /// The first seed
        seed: u64,
        /// How many seeds, from there on
        #[arg(default_value_t = 1)]
        count: u64,
        /// Steps of each
        #[arg(long, default_value_t = STEPS)]
        steps: usize,
        /// Tells the whole story of each seed
        #[arg(long)]
        story: bool,
        /// Prints the plan of a seed that breaks a law, as code
        #[arg(long)]
        plan: bool,
        /// Does not look for fewer steps
        #[arg(long)]
        whole: bool,
    }

    pub fn main() -> io::Result<ExitCode> {
        let arguments = Arguments::parse();
        let mut out = io::stdout().lock();
        let mut figures = Figures::default();
        for seed in arguments.seed..arguments.seed.saturating_add(arguments.count) {
            let steps = plan(seed, arguments.steps);
            match run(seed, &steps) {
                Ok(of_seed) => figures += of_seed,
                Err(broken) => {
                    let (steps, broken) = if arguments.whole {
                        (steps, *broken)
                    } else {
                        shrink(seed, &steps)
                    };
                    writeln!(
                        out,
                        "seed {seed} breaks a law in {} steps: {}\n",
                        steps.len(),
                        broken.law
                    )?;
                    for line in &broken.story {
                        writeln!(out, "{line}")?;
                    }
                    let tried = seed - arguments.seed + 1;
                    writeln!(out, "\nfound by seed {seed}, after {tried}")?;
                    if arguments.plan {
                        writeln!(out, "{steps:?}")?;
                    }
                    return Ok(ExitCode::FAILURE);
                }
            }
            if arguments.story {
                for line in keeptab_sim::story(seed, &steps) {
                    writeln!(out, "{line}")?;
                }
            }
        }
        writeln!(out, "{}: all laws hold\n{figures}", arguments.count)?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(unix)]
use unix::main;

/// The simulated disk is one of Unix.
#[cfg(not(unix))]
fn main() {}
