//! `test` and `[`.

use super::state::Shell;
use crate::program::FileFacts;

pub(super) async fn run(shell: &mut Shell, name: &str, arguments: &[String]) -> i32 {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let words = match (name, words.split_last()) {
        ("[", Some((&"]", rest))) => rest,
        ("[", _) => {
            shell.complain("sh: missing ]").await;
            return 2;
        }
        _ => &words[..],
    };
    match any(shell, words, 0).await {
        Ok(holds) => i32::from(!holds),
        Err(problem) => {
            shell.complain(&format!("sh: {problem}")).await;
            2
        }
    }
}

/// `a -o b -o c`, of which each may be `x -a y`.
async fn any(shell: &Shell, words: &[&str], depth: u32) -> Result<bool, String> {
    if words.len() <= 3 {
        return one(shell, words, depth).await;
    }
    for part in words.split(|word| *word == "-o") {
        let mut all = true;
        for part in part.split(|word| *word == "-a") {
            all &= one(shell, part, depth).await?;
        }
        if all {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn one(shell: &Shell, words: &[&str], depth: u32) -> Result<bool, String> {
    match words {
        [] => Ok(false),
        [word] => Ok(!word.is_empty()),
        [left, operator, right] if is_binary(operator) => binary(left, operator, right),
        ["!", rest @ ..] if depth < 20 => Ok(!Box::pin(any(shell, rest, depth + 1)).await?),
        ["(", rest @ .., ")"] if depth < 20 => Box::pin(any(shell, rest, depth + 1)).await,
        ["-n", text] => Ok(!text.is_empty()),
        ["-z", text] => Ok(text.is_empty()),
        ["-t", _] => Ok(shell.machine.mode.terminal().is_some()),
        [operator, path] if operator.len() == 2 && operator.starts_with('-') => {
            let path = shell.path(path);
            let facts = shell.machine.files(move |files, _| files.stat(&path)).await.ok();
            file(operator, facts.as_ref())
        }
        [_, operator, ..] => Err(format!("{operator}: unknown operand")),
    }
}

fn is_binary(operator: &str) -> bool {
    ["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge"].contains(&operator)
}

fn binary(left: &str, operator: &str, right: &str) -> Result<bool, String> {
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| format!("{text}: bad number"));
    match operator {
        "=" | "==" => return Ok(left == right),
        "!=" => return Ok(left != right),
        "<" => return Ok(left < right),
        ">" => return Ok(left > right),
        _ => {}
    }
    let (left, right) = (number(left)?, number(right)?);
    Ok(match operator {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    })
}

fn file(operator: &str, facts: Option<&FileFacts>) -> Result<bool, String> {
    let Some(facts) = facts else {
        return if "-e-f-d-s-r-w-x-L-h".contains(operator) {
            Ok(false)
        } else {
            Err(format!("{operator}: unknown operand"))
        };
    };
    Ok(match operator {
        "-e" | "-r" | "-w" => true,
        "-f" => !facts.folder,
        "-d" => facts.folder,
        "-s" => facts.size > 0,
        "-x" => facts.folder || facts.mode & 0o111 != 0,
        "-L" | "-h" => false,
        _ => return Err(format!("{operator}: unknown operand")),
    })
}
