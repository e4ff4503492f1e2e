//! `upfront schema`: the JSON Schema of a file, for editors.

use super::{Edge, Failure, Status};
use crate::cli::{self, SchemaOf};
use crate::load::schema;

/// Prints a schema.
pub(super) fn run(edge: &Edge, args: &cli::Schema) -> Result<Status, Failure> {
    let schema = match args.of {
        SchemaOf::Incident => schema::incident(),
        SchemaOf::Rfo => schema::rfo(),
        SchemaOf::Config => schema::config(),
        SchemaOf::Feed => schema::feed(),
        SchemaOf::Log => schema::log(),
        SchemaOf::Day => schema::day(),
        SchemaOf::Receipt => schema::receipt(),
        SchemaOf::Delivery => schema::delivery(),
    };
    edge.print(&format!("{schema:#}\n"))?;
    Ok(Status::Fine)
}
