//! Commands that we start: a bounded time, bounded output, nothing left when nobody waits for them any more.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// Of each of its outputs a helper may write so much.
const MOST: u64 = 1 << 20;

/// Runs a command to its end. What it says goes no further than its caller.
pub(crate) async fn ask(mut command: Command, input: &[u8], limit: Duration) -> Result<Output, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("could not be started: {error}"))?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err("could not be started: it has no pipes".to_owned());
    };
    let write = async {
        // Who does not read what it is asked may still answer.
        let _ = stdin.write_all(input).await;
        drop(stdin);
    };
    let talk = async {
        let ((), stdout, stderr) = tokio::join!(write, read(stdout), read(stderr));
        let status = child.wait().await.map_err(|error| format!("could not be waited for: {error}"))?;
        Ok(Output { status, stdout: stdout?, stderr: stderr? })
    };
    match tokio::time::timeout(limit, talk).await {
        Ok(told) => told,
        Err(_) => Err(format!("did not answer within {} s and was ended", limit.as_secs())),
    }
}

/// What comes out of a pipe. Who writes more finds it closed.
async fn read(from: impl AsyncRead + Unpin) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(MOST).read_to_end(&mut bytes).await.map_err(|error| format!("could not be read: {error}"))?;
    Ok(bytes)
}
