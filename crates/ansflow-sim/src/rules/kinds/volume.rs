//! Claims and volumes begin as pending.

use serde_json::json;

use crate::kind::Kind;
use crate::object::Object;

pub(crate) fn prepare_create(_kind: &Kind, object: &mut Object) {
    object.insert("status".to_owned(), json!({"phase": "Pending"}));
}
