//! Argon2id in memory that goes back to the system at once: a server that somebody has signed in to must be no larger
//! than one that nobody has.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Result};
use argon2::{Algorithm, Argon2, Block, Error, Params, Version};

/// What is larger than 32 MiB, glibc takes from the system for itself and gives back when it is freed. Of anything
/// smaller it learns to keep so much for the next time: 60 MiB after a few sign-ins. Pages that nobody touches cost
/// nothing.
const APART: usize = 33 * 1024 * 1024 / Block::SIZE;

pub(super) struct Hasher;

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let mut memory = memory(params.block_count())?;
        let mut out = [0; Output::MAX_LENGTH];
        let out = &mut out[..params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        let text = ParamsString::try_from(&params)?;
        Argon2::new(algorithm, version, params).hash_password_into_with_memory(password, &salt, out, &mut memory)?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: text,
            salt: Some(salt),
            hash: Some(Output::new(out)?),
        })
    }
}

fn memory(blocks: usize) -> Result<Vec<Block>> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(blocks.max(APART)).map_err(|_| Error::OutOfMemory)?;
    memory.resize(blocks, Block::new());
    Ok(memory)
}
