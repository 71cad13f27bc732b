//! Zip archives, as data.police.uk gives them: `2014-01/2014-01-west-midlands-street.csv` and so on.
//!
//! Names of members are shown and never used as paths. What an archive declares of itself, its sizes
//! above all, is not relied on.

use std::{
    cell::Cell,
    io::{BufReader, Read, Seek, SeekFrom},
    ops::ControlFlow,
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;
use zip::{
    ZipArchive,
    read::{ZipFile, read_zipfile_from_stream},
};

use crate::model::Invalid;

use super::{
    Event, Original, Reject, Shape, Sink,
    files::Reading,
    format::{self, BodyFormat, ENDINGS},
    meter::Counted,
    unreadable,
};

/// Reads the members of an archive in the order of their names.
pub(super) fn read<R: Read + Seek>(
    name: &str,
    file: Counted<R>,
    reading: &Reading<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let taken = file.taken();
    let mut file = BufReader::new(file);
    let reading = &Reading { options: reading.options, budget: reading.budget.of_group() };
    let mut archive = match ZipArchive::new(&mut file) {
        Ok(archive) => archive,
        Err(cause) => return read_damaged(name, &cause.to_string(), &mut file, &taken, reading, sink),
    };
    let limit = reading.options.limits.members;
    if archive.len() > limit {
        let rule = format!("an archive has at most {limit} members");
        return unreadable(name, 1, Invalid::new(archive.len(), rule), sink);
    }
    if archive.has_duplicate_names() {
        return unreadable(name, 1, Invalid::new("", "two members of the archive have one name"), sink);
    }
    let mut members: Vec<(String, usize)> = (0..archive.len())
        .map(|number| {
            let member = archive.name_for_index(number).and_then(Result::ok);
            (member.map_or_else(|| format!("member {}", number + 1), std::borrow::Cow::into_owned), number)
        })
        .collect();
    members.sort();
    for (member, number) in members {
        let full_name = format!("{name}/{member}");
        match archive.by_index(number) {
            Ok(file) => read_member(&full_name, file, &taken, reading, sink)?,
            Err(cause) => {
                let rule =
                    "this member of the archive cannot be opened; only plain and deflated ones are read";
                unreadable(&full_name, 1, Invalid::new(cause, rule), sink)?;
            }
        }
        if reading.budget.was_exceeded() {
            let rule = "a member exceeds a limit, so what follows in the archive was not read";
            return unreadable(name, 1, Invalid::new(member, rule), sink);
        }
    }
    ControlFlow::Continue(())
}

/// Reads an archive without its directory, which stands at its end and so is the first to be missing:
/// the members one after the other, as far as they go.
fn read_damaged(
    name: &str,
    cause: &str,
    mut file: &mut (impl Read + Seek),
    taken: &Rc<Cell<u64>>,
    reading: &Reading<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut told = false;
    if file.seek(SeekFrom::Start(0)).is_ok() {
        for _ in 0..reading.options.limits.members {
            let Ok(Some(member)) = read_zipfile_from_stream(&mut file) else { break };
            let member_name =
                member.name().map_or_else(|_| "a member".to_owned(), std::borrow::Cow::into_owned);
            told = false;
            let mut listen = |event: Event| {
                told = matches!(event, Event::Broken(_));
                sink(event)
            };
            read_member(&format!("{name}/{member_name}"), member, taken, reading, &mut listen)?;
            if told || reading.budget.was_exceeded() {
                break;
            }
        }
    }
    if told {
        return ControlFlow::Continue(());
    }
    let rule = "the archive is cut off or is no zip archive: what follows is missing; fetch it again";
    sink(Event::File { name: name.to_owned(), shape: Shape::Unreadable })?;
    sink(Event::Broken(Reject::new(1, None, Invalid::new(cause, rule), Original::Nothing)))
}

fn read_member<R: Read>(
    name: &str,
    member: ZipFile<'_, R>,
    taken: &Rc<Cell<u64>>,
    reading: &Reading<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if member.is_dir() {
        return ControlFlow::Continue(());
    }
    let skip = |reason: &str| Event::Skipped { name: name.to_owned(), reason: reason.to_owned() };
    if member.is_symlink() {
        return sink(skip("a link is not followed"));
    }
    if let Some(reason) = format::not_incidents(name) {
        return sink(skip(reason));
    }
    match BodyFormat::from_name(name) {
        Some(BodyFormat::Plain(format)) => reading.text(name, format, member, Rc::clone(taken), sink),
        Some(BodyFormat::Gzip(format)) => {
            let inner = MultiGzDecoder::new(BufReader::new(member));
            reading.text(name, format, inner, Rc::clone(taken), sink)
        }
        Some(BodyFormat::Zip) => {
            let rule = "an archive inside an archive is not opened: unpack it first";
            unreadable(name, 1, Invalid::new(name, rule), sink)
        }
        None => sink(skip(&format!("the name of a file of incidents ends in {ENDINGS}"))),
    }
}
