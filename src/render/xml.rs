//! XML documents, put together as elements and written once.

use std::borrow::Cow;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// An element with its attributes and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    name: Cow<'static, str>,
    attributes: Vec<(&'static str, String)>,
    content: Vec<Content>,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Element(Element),
    Text(String),
}

impl Element {
    /// An element that holds nothing.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), attributes: Vec::new(), content: Vec::new() }
    }

    /// An element that holds text.
    pub fn of(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self::new(name).text(text)
    }

    /// The same with an attribute.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts are given as they stand")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// The same with text after what it holds.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.content.push(Content::Text(text.into()));
        self
    }

    /// The same with an element after what it holds.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.content.push(Content::Element(child));
        self
    }

    /// The same with elements after what it holds.
    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.content.extend(children.into_iter().map(Content::Element));
        self
    }

    /// The document of which it is the root, in UTF-8.
    ///
    /// # Example
    /// ```
    /// use hotspots::render::xml::Element;
    /// let note = Element::new("note").with("to", "A & B").child(Element::of("p", "x < y"));
    /// assert!(note.document().ends_with("<note to=\"A &amp; B\">\n  <p>x &lt; y</p>\n</note>\n"));
    /// ```
    pub fn document(&self) -> String {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        // Memory takes every byte.
        let written = self.write_after_declaration(&mut writer);
        debug_assert!(written.is_ok());
        let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The element alone, for a document that holds it: no declaration, and no space but what its texts have.
    ///
    /// # Example
    /// ```
    /// use hotspots::render::xml::Element;
    /// let note = Element::new("note").with("to", "A & B").child(Element::of("p", "x < y"));
    /// assert_eq!(note.fragment(), "<note to=\"A &amp; B\"><p>x &lt; y</p></note>");
    /// ```
    pub fn fragment(&self) -> String {
        let mut writer = Writer::new(Vec::new());
        // Memory takes every byte.
        let written = self.write(&mut writer);
        debug_assert!(written.is_ok());
        String::from_utf8(writer.into_inner()).unwrap_or_default()
    }

    fn write_after_declaration(&self, writer: &mut Writer<Vec<u8>>) -> Result<(), quick_xml::Error> {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.write(writer)
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> Result<(), quick_xml::Error> {
        let mut start = BytesStart::new(self.name.as_ref());
        for (name, value) in &self.attributes {
            start.push_attribute((*name, legal(value).as_ref()));
        }
        if self.content.is_empty() {
            writer.write_event(Event::Empty(start))?;
            return Ok(());
        }
        writer.write_event(Event::Start(start))?;
        for content in &self.content {
            match content {
                Content::Element(element) => element.write(writer)?,
                Content::Text(text) => writer.write_event(Event::Text(BytesText::new(&legal(text))))?,
            }
        }
        writer.write_event(Event::End(BytesEnd::new(self.name.as_ref())))?;
        Ok(())
    }
}

/// Text without the characters that no XML document may hold (XML 1.0 §2.2): a mark stands for each.
fn legal(text: &str) -> Cow<'_, str> {
    let is_legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if is_legal(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_text_comes_the_document_can_be_read_and_says_it() {
        let hostile = "<a href=\"x\">&amp; ' ]]> \u{0}\u{FFFF}\u{1F6A8}</a>";
        let element = Element::new("root").with("said", hostile).child(Element::of("text", hostile));
        let document = element.document();
        let read = roxmltree::Document::parse(&document).unwrap();
        let expected = hostile.replace(['\u{0}', '\u{FFFF}'], "\u{FFFD}");
        assert_eq!(read.root_element().attribute("said"), Some(expected.as_str()));
        assert_eq!(read.root_element().first_element_child().unwrap().text(), Some(expected.as_str()));
    }
}
