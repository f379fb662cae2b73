//! Columns for people. Chinese characters are two columns wide.

use unicode_width::UnicodeWidthStr;

/// Rows under a heading, every column as wide as its widest cell, two spaces in between.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = line(heading.iter().copied(), &widths);
    for row in rows {
        text += &line(row.iter().map(String::as_str), &widths);
    }
    text
}

/// Text filled up with spaces to a number of columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// Lines no wider than 80 columns where words allow it, each behind so many spaces.
pub(crate) fn wrap(text: &str, indent: usize) -> String {
    const WIDEST: usize = 80;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= WIDEST => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{}{word}", " ".repeat(indent))),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
    let cells: Vec<String> = cells.zip(widths).map(|(cell, width)| pad(cell, *width)).collect();
    format!("{}\n", cells.join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let rows = vec![vec!["构建".to_owned(), "ok".to_owned()], vec!["ab".to_owned(), "no".to_owned()]];
        expect_test::expect![[r"
            STEP  RESULT
            构建  ok
            ab    no
        "]]
        .assert_eq(&table(&["STEP", "RESULT"], &rows));
    }
}
