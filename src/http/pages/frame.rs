//! What surrounds every page: header, trail, notices, other formats, footer.

use maud::{DOCTYPE, Markup, html};

use super::assets;
use crate::{
    http::{Link, answer::Body},
    service::Service,
};

/// What a page may do: load files of this service. It runs no script and is shown in no other page.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";
/// The same for the page that describes the service, which is a program: its scripts are files of this service,
/// it asks this service, and it sets styles as it goes.
const POLICY_OF_PROGRAM: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                                 img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; \
                                 frame-ancestors 'none'";

/// What a page is set into.
pub struct Frame<'a> {
    /// Whose page it is.
    pub service: &'a Service,
    /// What addresses begin with.
    pub base: &'a str,
    /// What the page is called.
    pub title: &'a str,
    /// What it is called below the pages above it.
    pub step: &'a str,
    /// The pages above it, from the top: path and name.
    pub trail: &'a [(String, &'a str)],
    /// What a reader has to know beside the numbers.
    pub notices: &'a [String],
    /// Where the data is from and under which licence.
    pub attribution: Option<&'a str>,
    /// Its other formats, among other links.
    pub links: &'a [Link],
}

impl Frame<'_> {
    /// The page with this inside.
    pub fn around(&self, content: &Markup) -> Body {
        let main = html! {
            (self.trail())
            h1 { (self.title) }
            (self.notices())
            (content)
        };
        page(&self.document(&main, &html! {}, &html! {}), POLICY)
    }

    /// The page around a program: its files, and where it draws itself.
    pub fn around_program(&self, styles: &[&str], scripts: &[&str], content: &Markup) -> Body {
        let head = html! {
            @for name in styles { link rel="stylesheet" href=(assets::address(self.base, name)); }
        };
        let foot = html! {
            @for name in scripts { script src=(assets::address(self.base, name)) {} }
        };
        let main = html! { (self.trail()) (content) };
        page(&self.document(&main, &head, &foot), POLICY_OF_PROGRAM)
    }

    fn document(&self, main: &Markup, head: &Markup, foot: &Markup) -> Markup {
        let Self { base, .. } = self;
        let name = self.name();
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { @if self.title == name { (name) } @else { (self.window_title()) " · " (name) } }
                    link rel="icon" type="image/svg+xml" href=(assets::address(base, "icon.svg"));
                    (head)
                    link rel="stylesheet" href=(assets::address(base, "pages.css"));
                    @for link in self.alternates() {
                        link rel="alternate" type=(link.media_type()) href=(link.href());
                    }
                }
                body {
                    a.skip href="#main" { "Skip to content" }
                    header.top {
                        div.wide {
                            a.name href={ (base) "/?f=html" } { (name) }
                            nav aria-label="Service" {
                                a href={ (base) "/collections" } { "Layers" }
                                a href={ (base) "/api.html" } { "API" }
                                a href={ (base) "/conformance" } { "Standards" }
                            }
                        }
                    }
                    main.wide #main { (main) }
                    (self.footer())
                    (foot)
                }
            }
        }
    }

    /// The name of the service.
    fn name(&self) -> String {
        format!("Crime hotspots of {}", self.service.boundaries().name)
    }

    fn window_title(&self) -> String {
        if self.step == self.title { self.title.to_owned() } else { format!("{}: {}", self.title, self.step) }
    }

    fn trail(&self) -> Markup {
        html! {
            @if self.title != self.name() {
                nav.trail aria-label="Breadcrumb" {
                    ol {
                        li { a href={ (self.base) "/?f=html" } { "Home" } }
                        @for (path, name) in self.trail {
                            li { a href={ (self.base) (path) } { (name) } }
                        }
                        li aria-current="page" { (self.step) }
                    }
                }
            }
        }
    }

    fn notices(&self) -> Markup {
        html! {
            @if !self.notices.is_empty() {
                aside.notices aria-label="Notices" {
                    @for notice in self.notices { p { (notice) } }
                }
            }
        }
    }

    fn alternates(&self) -> impl Iterator<Item = &Link> {
        let is_page = |link: &Link| link.media_type().starts_with("text/html");
        self.links.iter().filter(move |link| link.rel() == "alternate" && !is_page(link))
    }

    fn footer(&self) -> Markup {
        let boundaries = self.service.boundaries();
        html! {
            footer.bottom {
                div.wide {
                    @if self.alternates().next().is_some() {
                        p {
                            "This page as "
                            @for (at, link) in self.alternates().enumerate() {
                                @if at > 0 { ", " }
                                a href=(link.href()) { (link.title().trim_start_matches("This document as ")) }
                            }
                        }
                    }
                    @if let Some(attribution) = self.attribution {
                        p { (attribution) }
                    } @else {
                        @for layer in &boundaries.layers {
                            p { (layer.title) ": " (layer.licence) }
                        }
                    }
                    p {
                        (concat!("hotspots ", env!("CARGO_PKG_VERSION")))
                        " · computed on the British National Grid (EPSG:27700)"
                    }
                }
            }
        }
    }
}

fn page(document: &Markup, policy: &str) -> Body {
    Body::from(document.0.clone().into_bytes())
        .with("Content-Security-Policy", policy)
        .with("Referrer-Policy", "no-referrer")
}
