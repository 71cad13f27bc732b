//! NDJSON: one JSON object a line, or one feature.

use std::{io::BufRead, ops::ControlFlow};

use crate::{
    intake::{
        Event, Original, Reject, Shape, Sink, broken,
        lines::{self, Line},
        options::Options,
        text,
    },
    model::Invalid,
};

use super::objects::Objects;

/// Reads an NDJSON text. Empty lines do not count as rows.
pub(in crate::intake) fn read(
    name: &str,
    text: &mut dyn BufRead,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    sink(Event::File { name: name.to_owned(), shape: Shape::NdJson })?;
    let mut objects = Objects::new(name, options);
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        buffer.clear();
        number += 1;
        let line = match lines::append(text, &mut buffer, options.limits.row_bytes) {
            Ok(line) => line,
            Err(cause) => return broken(number, &cause, sink),
        };
        let decoded = text::decoded(lines::trimmed(&buffer));
        // RFC 8142 puts a record separator before each value.
        let content = decoded.trim_start_matches('\u{1e}').trim();
        match line {
            Line::End => return ControlFlow::Continue(()),
            Line::TooLong => {
                let rule =
                    format!("a line has at most {} bytes; this one is not kept", options.limits.row_bytes);
                sink(Event::Reject(Reject::new(
                    number,
                    None,
                    Invalid::new(content, rule),
                    Original::Nothing,
                )))?;
            }
            Line::Whole if content.is_empty() => {}
            Line::Whole => match objects.incident(content, number, true) {
                Ok(Some((incident, unplaced))) => {
                    if let Some(unplaced) = unplaced {
                        sink(Event::Unplaced(unplaced))?;
                    }
                    sink(Event::Incident(Box::new(incident)))?;
                }
                Ok(None) => {}
                Err((member, fault)) => {
                    let original = Original::Text(content.to_owned());
                    sink(Event::Reject(Reject::new(number, member, fault, original)))?;
                }
            },
        }
    }
}
