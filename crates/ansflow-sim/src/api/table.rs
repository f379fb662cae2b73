//! The seam to the printers: which columns a kind has, built in or defined by people.

use serde_json::Value;

use super::definition;
use crate::kind::Kind;
use crate::object::Object;
use crate::sim::Sim;
use crate::wire::accept::MetaVersion;
use crate::wire::table::Sheet;
use crate::wire::tables::{CustomColumns, Printer};

pub(super) use crate::wire::table::Include;

/// What is made of objects.
pub(super) enum Of<'a> {
    /// A list with its metadata, or one object with its own.
    Objects(Value, &'a [Object]),
    /// An event of a watch or its bookmark; the columns are said in the first.
    Event(&'a Object, bool),
}

pub(super) fn table(sim: &Sim, kind: &Kind, version: MetaVersion, include: Include, of: &Of<'_>) -> Value {
    let custom;
    let printer = if kind.is_custom() {
        custom = columns(sim, kind);
        &custom
    } else {
        Printer::of(kind)
    };
    let sheet = Sheet { printer, version, include, now: sim.now_micros() };
    match of {
        Of::Objects(metadata, objects) => sheet.list(metadata.clone(), objects.iter()),
        Of::Event(object, is_first) => sheet.event(object, *is_first),
    }
}

fn columns(sim: &Sim, kind: &Kind) -> Printer {
    let version = definition::version(sim, kind).unwrap_or_default();
    let columns = version["additionalPrinterColumns"].as_array().map(Vec::as_slice).unwrap_or_default();
    Printer::Custom(CustomColumns::parse(columns))
}
