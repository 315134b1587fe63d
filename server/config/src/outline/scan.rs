//! From tokens to the outline. It never fails: unknown tokens are skipped up to the next line.

use std::ops::Range;

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use super::{Block, Entry, Header, Name, Node, NodeKind, Outline};

/// The deepest nesting of values that is scanned; no config of ours has more than two.
const DEEPEST: usize = 16;

/// Returns the outline of a text.
#[must_use]
pub fn scan(text: &str) -> Outline {
    let source = Source::new(text);
    let mut scanner = Scanner {
        source,
        tokens: source.lex().filter(|token| token.kind() != TokenKind::Eof).collect(),
        at: 0,
        length: text.len(),
        comments: Vec::new(),
    };
    let mut blocks = vec![Block::default()];
    while let Some(kind) = scanner.next_in_lines() {
        if kind == TokenKind::LeftSquareBracket {
            let start = scanner.start();
            if let Some(last) = blocks.last_mut() {
                last.range.end = start;
            }
            blocks.push(Block {
                header: Some(scanner.header()),
                entries: Vec::new(),
                range: start..text.len(),
            });
        } else {
            let entry = scanner.entry(0);
            if let Some(block) = blocks.last_mut().filter(|_| !entry.key.is_empty()) {
                block.entries.push(entry);
            }
        }
        scanner.skip_line();
    }
    if let Some(last) = blocks.last_mut() {
        last.range.end = text.len();
    }
    Outline {
        blocks,
        comments: scanner.comments,
    }
}

struct Scanner<'t> {
    source: Source<'t>,
    tokens: Vec<Token>,
    at: usize,
    length: usize,
    comments: Vec<Range<usize>>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(Token::kind)
    }

    /// Returns the start of the next token.
    fn start(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.length, |token| token.span().start())
    }

    /// Returns the end of the last token.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or(0, |token| token.span().end())
    }

    fn spaces(&mut self) {
        while self.peek() == Some(TokenKind::Whitespace) {
            self.at += 1;
        }
    }

    /// Skips spaces, comments and line ends, and returns the next token's kind.
    fn next_in_lines(&mut self) -> Option<TokenKind> {
        loop {
            match self.peek()? {
                TokenKind::Comment => self.comment(),
                TokenKind::Whitespace | TokenKind::Newline => self.at += 1,
                other => return Some(other),
            }
        }
    }

    fn comment(&mut self) {
        let start = self.start();
        self.at += 1;
        self.comments.push(start..self.end());
    }

    fn skip_line(&mut self) {
        while let Some(kind) = self.peek().filter(|kind| *kind != TokenKind::Newline) {
            if kind == TokenKind::Comment {
                self.comment();
            } else {
                self.at += 1;
            }
        }
    }

    /// Takes the next token and returns its text without quotes.
    fn take(&mut self) -> String {
        let mut text = String::new();
        if let Some(token) = self.tokens.get(self.at)
            && let Some(raw) = self.source.get(token)
        {
            raw.decode_key(&mut text, &mut ());
        }
        self.at += 1;
        text
    }

    /// Takes a dotted key.
    fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            self.spaces();
            let start = self.start();
            match self.peek() {
                Some(kind) if is_text(kind) => {
                    let text = self.take();
                    let range = start..self.end();
                    names.push(Name { text, range });
                }
                Some(TokenKind::Dot) => self.at += 1,
                _ => return names,
            }
        }
    }

    fn header(&mut self) -> Header {
        let start = self.start();
        while self.peek() == Some(TokenKind::LeftSquareBracket) {
            self.at += 1;
        }
        let path = self.names();
        while self.peek() == Some(TokenKind::RightSquareBracket) {
            self.at += 1;
        }
        let range = start..self.end();
        Header { path, range }
    }

    /// Takes a key with its value, and at least one token.
    fn entry(&mut self, depth: usize) -> Entry {
        let (start, first) = (self.start(), self.at);
        let key = self.names();
        let mut equals = None;
        let mut value = None;
        if self.peek() == Some(TokenKind::Equals) {
            equals = Some(self.start());
            self.at += 1;
            self.spaces();
            value = self.value(depth);
        }
        if self.at == first {
            self.at += 1;
        }
        let end = value.as_ref().map_or(self.end(), |value| value.range.end);
        Entry {
            key,
            equals,
            value,
            range: start..end,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.start();
        let kind = match self.peek()? {
            TokenKind::LeftSquareBracket if depth < DEEPEST => NodeKind::Array(self.array(depth + 1)),
            TokenKind::LeftCurlyBracket if depth < DEEPEST => NodeKind::Table(self.table(depth + 1)),
            kind if is_text(kind) || kind == TokenKind::Dot => NodeKind::Scalar(self.scalar()),
            _ => return None,
        };
        let range = start..self.end();
        Some(Node { kind, range })
    }

    /// Takes a number with its decimal point as one value.
    fn scalar(&mut self) -> String {
        let mut text = self.take();
        while matches!(self.peek(), Some(TokenKind::Dot | TokenKind::Atom)) {
            text.push_str(&self.take());
        }
        text
    }

    fn array(&mut self, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        self.at += 1;
        loop {
            let line = self.mark();
            match self.next_in_lines() {
                None => return nodes,
                // A list without a closing bracket ends before the next line that is clearly not part of it.
                Some(_) if self.is_header(line) || self.on_a_new_line(line) && self.is_key() => {
                    self.go_back(line);
                    return nodes;
                }
                Some(TokenKind::RightSquareBracket) => {
                    self.at += 1;
                    return nodes;
                }
                Some(_) => match self.value(depth) {
                    Some(node) => nodes.push(node),
                    None => self.at += 1,
                },
            }
        }
    }

    fn table(&mut self, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        self.at += 1;
        let mut goes_on = true;
        loop {
            self.spaces();
            match self.peek() {
                // A bracket ends a list around it.
                None | Some(TokenKind::RightSquareBracket) => return entries,
                Some(TokenKind::RightCurlyBracket) => {
                    self.at += 1;
                    return entries;
                }
                Some(TokenKind::Comma) => {
                    self.at += 1;
                    goes_on = true;
                }
                Some(TokenKind::Newline | TokenKind::Comment) => {
                    let line = self.mark();
                    let next = self.next_in_lines();
                    let closes = next == Some(TokenKind::RightCurlyBracket);
                    if !closes && (!goes_on || self.is_header(line)) {
                        self.go_back(line);
                        return entries;
                    }
                }
                Some(_) => {
                    let entry = self.entry(depth);
                    goes_on = false;
                    if !entry.key.is_empty() {
                        entries.push(entry);
                    }
                }
            }
        }
    }

    /// Returns a place to go back to: how many tokens and comments were taken.
    fn mark(&self) -> (usize, usize) {
        (self.at, self.comments.len())
    }

    fn go_back(&mut self, (at, comments): (usize, usize)) {
        self.at = at;
        self.comments.truncate(comments);
    }

    fn on_a_new_line(&self, (from, _): (usize, usize)) -> bool {
        let between = self.tokens.get(from..self.at).unwrap_or_default();
        between.iter().any(|token| token.kind() == TokenKind::Newline)
    }

    /// Returns true if the next token begins the heading of a table, on a line of its own.
    fn is_header(&self, from: (usize, usize)) -> bool {
        self.peek() == Some(TokenKind::LeftSquareBracket) && self.on_a_new_line(from)
    }

    fn is_key(&self) -> bool {
        let rest = self.tokens.iter().skip(self.at).map(Token::kind);
        let mut rest = rest.skip_while(|kind| is_text(*kind) || matches!(kind, TokenKind::Dot | TokenKind::Whitespace));
        self.peek().is_some_and(is_text) && rest.next() == Some(TokenKind::Equals)
    }
}

fn is_text(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Atom
            | TokenKind::BasicString
            | TokenKind::LiteralString
            | TokenKind::MlBasicString
            | TokenKind::MlLiteralString
    )
}
