//! GeoJSON: a feature collection, a feature, or features one after the other.
//!
//! The features of a collection are taken out of the stream one by one, so that neither the size of
//! the file nor one bad feature matters to the others.

use std::{
    io::{self, BufRead},
    ops::ControlFlow,
};

use serde::Deserialize;

use crate::{
    intake::{
        Event, Original, Reject, Shape, Sink, broken, mapping::Crs, options::Options, text, unreadable,
    },
    model::Invalid,
};

use super::{
    members::text_of,
    objects::Objects,
    scanner::{Scanner, Taken},
};

/// The member of a collection that says that it holds rejects of an earlier import.
pub(in crate::intake) const REJECTS_OF: &str = "rejects_of";

/// Why reading stopped.
enum Stop {
    /// The one who takes the events had enough.
    Break,
    /// The text cannot be read further.
    Io(io::Error),
    /// The text is not built as it should be.
    Form(Invalid),
}

impl From<io::Error> for Stop {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl From<ControlFlow<()>> for Stop {
    fn from(_: ControlFlow<()>) -> Self {
        Self::Break
    }
}

/// Reads a GeoJSON text.
pub(in crate::intake) fn read(
    name: &str,
    text: &mut dyn BufRead,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let scanner = Scanner::new(text, options.limits.row_bytes);
    let mut reading = Reading {
        name,
        scanner,
        objects: Objects::new(name, options),
        features: 0,
        begun: false,
        limit: options.limits.row_bytes,
    };
    let stop = match reading.text(sink) {
        Ok(()) => return ControlFlow::Continue(()),
        Err(stop) => stop,
    };
    let (number, begun) = (reading.features.saturating_add(1), reading.begun);
    match stop {
        Stop::Break => ControlFlow::Break(()),
        Stop::Form(fault) if begun => {
            sink(Event::Broken(Reject::new(number, None, fault, Original::Nothing)))
        }
        Stop::Form(fault) => unreadable(name, 1, fault, sink),
        Stop::Io(cause) => {
            if !begun {
                sink(Event::File { name: name.to_owned(), shape: Shape::Unreadable })?;
            }
            broken(number, &cause, sink)
        }
    }
}

struct Reading<'a, 'o> {
    name: &'a str,
    scanner: Scanner<'a>,
    objects: Objects<'o>,
    /// Features so far, which number the rejects.
    features: u64,
    /// Whether the file was announced.
    begun: bool,
    limit: usize,
}

/// The members of an object, apart from its features.
#[derive(Default)]
struct Head {
    /// As JSON text, without braces.
    members: String,
    kind: Option<String>,
    crs: Option<String>,
    rejects: bool,
    features: bool,
}

impl Reading<'_, '_> {
    fn text(&mut self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        match self.scanner.peek()? {
            Some(b'{') => {}
            None => return Err(form("", "the file is empty: GeoJSON is an object")),
            Some(byte) => {
                let shown = char::from(byte).to_string();
                return Err(form(&shown, "GeoJSON begins with {: a feature collection or a feature"));
            }
        }
        let head = self.object(sink)?;
        if !head.features {
            match head.kind.as_deref() {
                Some("Feature") => {}
                Some("FeatureCollection") => {
                    return Err(form("", "the feature collection has no array of features"));
                }
                Some(other) => {
                    return Err(form(other, "GeoJSON of incidents is a FeatureCollection or a Feature"));
                }
                None => return Err(form("", "GeoJSON has a type: FeatureCollection or Feature")),
            }
            self.begin(sink)?;
            self.feature(&format!("{{{}}}", head.members), sink)?;
            let mut value = Vec::new();
            while self.scanner.peek()?.is_some() {
                self.next_feature(&mut value, sink)?;
            }
        } else if self.scanner.peek()?.is_some() {
            return Err(form(
                "",
                "something stands behind the feature collection: it may have been cut or joined",
            ));
        }
        Ok(())
    }

    /// Walks through the first object; features of a collection are read as they come.
    fn object(&mut self, sink: &mut Sink<'_>) -> Result<Head, Stop> {
        self.scanner.skip(b'{')?;
        let mut head = Head::default();
        let mut value = Vec::new();
        let mut first = true;
        while !self.scanner.skip(b'}')? {
            if !std::mem::take(&mut first) && !self.scanner.skip(b',')? {
                return Err(self.misbuilt()?);
            }
            if self.scanner.peek()? != Some(b'"') {
                return Err(self.misbuilt()?);
            }
            self.take(&mut value)?;
            let quoted_name = text::decoded(&value).into_owned();
            let name = text_of(&quoted_name).map_err(Stop::Form)?;
            if !self.scanner.skip(b':')? {
                return Err(self.misbuilt()?);
            }
            if name == "features" && self.scanner.peek()? == Some(b'[') {
                self.collection(&mut head, sink)?;
                continue;
            }
            self.take(&mut value)?;
            let content = text::decoded(&value);
            head.note(&name, &content, self.begun)?;
            if head.members.len() + content.len() > self.limit {
                return Err(form(
                    &name,
                    &format!("the members beside the features have at most {} bytes", self.limit),
                ));
            }
            if !head.members.is_empty() {
                head.members.push(',');
            }
            head.members.push_str(&quoted_name);
            head.members.push(':');
            head.members.push_str(&content);
        }
        if head.features && head.kind.is_none() {
            return Err(form("", "a feature collection says \"type\": \"FeatureCollection\""));
        }
        Ok(head)
    }

    fn collection(&mut self, head: &mut Head, sink: &mut Sink<'_>) -> Result<(), Stop> {
        if head.features {
            return Err(form("features", "two members have this name"));
        }
        head.features = true;
        head.check_kind()?;
        if let Some(crs) = &head.crs {
            self.objects.crs = crs.parse::<Crs>().map_err(Stop::Form)?;
        }
        self.objects.mended |= head.rejects;
        self.begin(sink)?;
        self.scanner.skip(b'[')?;
        let mut value = Vec::new();
        let mut first = true;
        while !self.scanner.skip(b']')? {
            if !std::mem::take(&mut first) && !self.scanner.skip(b',')? {
                return Err(self.misbuilt()?);
            }
            self.next_feature(&mut value, sink)?;
        }
        Ok(())
    }

    fn begin(&mut self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        self.begun = true;
        tell(sink, Event::File { name: self.name.to_owned(), shape: Shape::GeoJson })
    }

    fn next_feature(&mut self, value: &mut Vec<u8>, sink: &mut Sink<'_>) -> Result<(), Stop> {
        if matches!(self.scanner.peek()?, Some(b',' | b':' | b'}' | b']')) {
            return Err(self.misbuilt()?);
        }
        match self.scanner.take(value)? {
            Taken::Whole => self.feature(&text::decoded(value), sink),
            Taken::TooLong => {
                self.features += 1;
                let rule = format!("a feature has at most {} bytes; this one is not kept", self.limit);
                let fault = Invalid::new(text::decoded(value), rule);
                tell(sink, Event::Reject(Reject::new(self.features, None, fault, Original::Nothing)))
            }
        }
    }

    fn feature(&mut self, content: &str, sink: &mut Sink<'_>) -> Result<(), Stop> {
        self.features += 1;
        match self.objects.incident(content, self.features, false) {
            Ok(Some((incident, unplaced))) => {
                if let Some(unplaced) = unplaced {
                    tell(sink, Event::Unplaced(unplaced))?;
                }
                tell(sink, Event::Incident(Box::new(incident)))
            }
            Ok(None) => Ok(()),
            Err((member, fault)) => {
                let original = Original::Text(content.to_owned());
                tell(sink, Event::Reject(Reject::new(self.features, member, fault, original)))
            }
        }
    }

    fn take(&mut self, value: &mut Vec<u8>) -> Result<(), Stop> {
        match self.scanner.take(value)? {
            Taken::Whole => Ok(()),
            Taken::TooLong => Err(form(
                &text::decoded(value),
                &format!("a member beside the features has at most {} bytes", self.limit),
            )),
        }
    }

    /// What is wrong where a comma, a colon, a name or an end was expected.
    fn misbuilt(&mut self) -> io::Result<Stop> {
        Ok(match self.scanner.peek()? {
            None => Stop::Io(io::Error::new(io::ErrorKind::UnexpectedEof, "the text ends within an object")),
            Some(byte) => form(
                &char::from(byte).to_string(),
                "this cannot stand here: the file is no JSON from here on",
            ),
        })
    }
}

impl Head {
    /// Remembers what matters of a member.
    fn note(&mut self, name: &str, value: &str, begun: bool) -> Result<(), Stop> {
        match name {
            "type" => {
                self.kind = Some(text_of(value).map_err(Stop::Form)?.into_owned());
                if begun {
                    self.check_kind()?;
                }
            }
            "crs" if value != "null" => {
                #[derive(Deserialize)]
                struct Named {
                    properties: Name,
                }
                #[derive(Deserialize)]
                struct Name {
                    name: String,
                }
                let named: Named = serde_json::from_str(value)
                    .map_err(|cause| form(value, &format!("a crs has properties with a name ({cause})")))?;
                if begun && named.properties.name.parse() != Ok(Crs::LonLat) {
                    return Err(form(
                        &named.properties.name,
                        "the crs stands before the features that it is about",
                    ));
                }
                self.crs = Some(named.properties.name);
            }
            REJECTS_OF => self.rejects = true,
            _ => {}
        }
        Ok(())
    }

    fn check_kind(&self) -> Result<(), Stop> {
        match self.kind.as_deref() {
            None | Some("FeatureCollection") => Ok(()),
            Some(other) => Err(form(other, "an object with features has the type FeatureCollection")),
        }
    }
}

fn tell(sink: &mut Sink<'_>, event: Event) -> Result<(), Stop> {
    match sink(event) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Stop::Break),
    }
}

fn form(value: &str, rule: &str) -> Stop {
    Stop::Form(Invalid::new(value, rule))
}
