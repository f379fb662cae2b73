//! A registry as it is entered, and what is wrong with it, by field.

use ansflow_core::image::Address;
use ansflow_store::registries::{Input, check_name};
use ansflow_store::secrets::check_value;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::RegistryKind;
use crate::error::{ApiError, ApiResult};

/// The longest user name, in bytes.
const USERNAME_MAX: usize = 255;

/// A registry as it is entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistryInput {
    /// 1 to 100 characters on one line; what steps call it. `default` and `reg_…` are taken.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    kind: RegistryKind,
    /// `harbor.example.com`, `127.0.0.1:5000/team`; empty for `dockerhub`. `http://` in front is the same as `insecure`.
    address: String,
    /// Whether plain HTTP and certificates of nobody's will do.
    insecure: bool,
    /// Who signs in; empty: nobody, and a stored password is forgotten.
    #[schema(max_length = 255)]
    username: String,
    /// At most 64 KiB; null keeps what is stored.
    #[schema(required)]
    password: Option<String>,
}

/// One that can be stored.
pub(super) struct Checked {
    input: RegistryInput,
    address: Address,
}

impl RegistryInput {
    /// What is wrong with it; `has_password` says whether there is a stored one to be kept.
    pub(super) fn check(mut self, has_password: bool) -> ApiResult<Checked> {
        self.name = self.name.trim().to_owned();
        check_name(&self.name)?;
        let address = self.address()?;
        self.check_login(has_password)?;
        Ok(Checked { input: self, address })
    }

    fn address(&self) -> ApiResult<Address> {
        let is_hub = self.kind == RegistryKind::DockerHub;
        let address = match self.address.trim() {
            "" if is_hub => Address::hub(),
            text => Address::parse(text).map_err(|refused| {
                let error = ApiError::invalid("address", refused.reason.clone());
                match refused.help() {
                    Some(help) => error.help(help),
                    None => error,
                }
            })?,
        };
        if is_hub && !address.is_hub() {
            return Err(ApiError::invalid("address", "`dockerhub` is at `docker.io` and nowhere else")
                .help("leave the address empty, or choose another kind"));
        }
        let is_insecure = self.insecure || address.is_insecure();
        if is_insecure && address.is_hub() {
            return Err(ApiError::invalid("insecure", "Docker Hub speaks TLS"));
        }
        Ok(address.insecure(is_insecure))
    }

    fn check_login(&self, has_password: bool) -> ApiResult<()> {
        if self.username.len() > USERNAME_MAX || self.username.contains(|c: char| c.is_control() || c == ':') {
            let why = format!("`username` must be one line of at most {USERNAME_MAX} bytes, with no colon");
            return Err(ApiError::invalid("username", why));
        }
        let password = self.password.as_deref().unwrap_or_default();
        if !password.is_empty() {
            check_value("password", password)?;
            if password.contains('\0') {
                return Err(ApiError::invalid("password", "`password` cannot hold a zero byte"));
            }
        }
        let will_have_one = match &self.password {
            Some(password) => !password.is_empty(),
            None => has_password,
        };
        match (self.username.is_empty(), will_have_one) {
            (true, true) if !password.is_empty() => {
                Err(ApiError::invalid("username", "a password needs a `username` that it belongs to"))
            }
            (false, false) => Err(ApiError::invalid("password", "who signs in needs a `password`")
                .help("enter one, or leave the user name empty where nobody signs in")),
            (true, _) | (false, true) => Ok(()),
        }
    }
}

impl Checked {
    /// As the store wants it.
    pub(super) fn input(&self) -> Input<'_> {
        let RegistryInput { name, kind, username, password, .. } = &self.input;
        Input { name, kind: (*kind).into(), address: &self.address, username, password: password.as_deref() }
    }
}
