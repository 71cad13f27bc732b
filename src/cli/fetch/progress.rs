//! How far a fetch is: a bar on a terminal, a plain line every few seconds elsewhere.

use std::{
    cell::RefCell,
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{cli::say, fetch::Watch};

const PLAIN_LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows one thing at a time, as files come one after the other.
#[derive(Debug)]
pub(super) struct Bars {
    shown: RefCell<Option<(String, ProgressBar)>>,
    last: RefCell<Instant>,
    on_terminal: bool,
}

impl Default for Bars {
    fn default() -> Self {
        Self {
            shown: RefCell::new(None),
            last: RefCell::new(Instant::now()),
            on_terminal: std::io::stderr().is_terminal(),
        }
    }
}

impl Watch for Bars {
    fn say(&self, line: &str) {
        if let Some((_, bar)) = self.shown.borrow_mut().take() {
            bar.finish_and_clear();
        }
        say(line);
    }

    fn bytes(&self, name: &str, done: u64, total: Option<u64>) {
        if self.on_terminal {
            let mut shown = self.shown.borrow_mut();
            if shown.as_ref().is_none_or(|(of, _)| of != name) {
                let style = ProgressStyle::with_template(
                    "{msg}  {bar:40} {human_pos}/{human_len}  {elapsed_precise}",
                );
                let bar = ProgressBar::new(total.unwrap_or(0));
                bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
                bar.set_message(name.to_owned());
                *shown = Some((name.to_owned(), bar));
            }
            if let Some((_, bar)) = shown.as_ref() {
                bar.set_length(total.unwrap_or(done));
                bar.set_position(done);
            }
            return;
        }
        if self.last.borrow().elapsed() >= PLAIN_LINE_EVERY {
            *self.last.borrow_mut() = Instant::now();
            let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
            let _ = writeln!(std::io::stderr(), "{name}: {done}{of}");
        }
    }
}
