//! `ansflow schema`

use anyhow::Result;

use crate::exit::Exit;
use crate::terminal::data;

pub(super) fn schema() -> Result<Exit> {
    data(&format!("{:#}\n", ansflow_core::schema::pipeline_schema()))?;
    Ok(Exit::Success)
}
