//! Which standards hold here.

use maud::html;

use super::frame::Frame;
use crate::{
    http::{Link, answer::Body},
    service::Service,
};

/// The page of `/conformance`: `classes` are prefixes of conformance classes with the classes of each.
pub fn page(service: &Service, base: &str, classes: &[(&str, &[&str])], links: &[Link]) -> Body {
    let frame = Frame {
        service,
        base,
        title: "Standards",
        step: "Standards",
        trail: &[],
        notices: &[],
        attribution: None,
        links,
    };
    frame.around(&html! {
        p.lead { "The conformance classes of OGC standards that this service meets." }
        div.table {
            table {
                thead { tr { th scope="col" { "Standard" } th scope="col" { "Classes" } } }
                tbody {
                    @for (prefix, names) in classes {
                        tr {
                            th scope="row" { code { (prefix) } }
                            td.words { @for name in *names { code { (name) } " " } }
                        }
                    }
                }
            }
        }
    })
}
