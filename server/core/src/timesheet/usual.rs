//! The line of usual breaks: `# 2 usual breaks  Mon 12:10-13:00, Tue 12:05-12:50`.

use super::Parsed;
use super::text::Item;
use crate::plain::counted;

/// Prints the line of some breaks.
pub(super) fn print(breaks: &[String]) -> String {
    format!("# {}  {}", counted(breaks.len(), "usual break"), breaks.join(", "))
}

/// Reads the breaks that a comment names, with single blanks; `None` for any other comment. The count is not read.
#[must_use]
pub fn usual(comment: &str) -> Option<Vec<String>> {
    let mut words = comment.trim().strip_prefix('#')?.split_whitespace();
    words.next()?.parse::<u32>().ok()?;
    let is_line = words.next()? == "usual" && matches!(words.next()?, "break" | "breaks");
    let rest = words.collect::<Vec<_>>().join(" ");
    let breaks = rest.split(',').map(str::trim).filter(|when| !when.is_empty());
    is_line.then(|| breaks.map(str::to_owned).collect())
}

impl Parsed {
    /// Returns the breaks that the text names as usual.
    #[must_use]
    pub fn usual(&self) -> Vec<String> {
        let comments = self.lines.iter().filter(|line| line.item == Item::Comment);
        let breaks = comments.filter_map(|line| usual(self.slice(&line.range)));
        breaks.flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;

    fn owned(breaks: &[&str]) -> Vec<String> {
        breaks.iter().map(|&when| when.to_owned()).collect()
    }

    #[test]
    fn a_comment_of_another_form_names_no_breaks() {
        let line = "  #3 usual  breaks Mon 12:10-13:00 ,, Tue  12:05-12:50,";
        assert_eq!(usual(line), Some(owned(&["Mon 12:10-13:00", "Tue 12:05-12:50"])));
        assert_eq!(usual("# 1 usual break"), Some(Vec::new()));
        for other in [
            "# usual breaks Mon",
            "# ? 2 usual breaks Mon",
            "# 2 breaks Mon",
            "2 usual breaks Mon",
            "#",
        ] {
            assert_eq!(usual(other), None, "{other}");
        }
        let parsed = parse("# 1 usual break  Mon 12:10-13:00\nMon 16 Nov\n  # 1 usual break  Tue 12:00-13:00\n");
        assert_eq!(parsed.usual(), owned(&["Mon 12:10-13:00", "Tue 12:00-13:00"]));
        assert!(parsed.problems.iter().all(|problem| problem.line != 2));
    }

    proptest! {
        #[test]
        fn printed_breaks_are_read_back(breaks in proptest::collection::vec("(Mon|Tue|Sun) [0-2][0-9]:[0-5][0-9]b?-13:00", 1..9)) {
            prop_assert_eq!(usual(&print(&breaks)), Some(breaks));
        }
    }
}
