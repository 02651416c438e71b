//! From the text of a page to its examples.

/// A program or a session of a page, and what is to come of it.
pub struct Example {
    /// Where it begins.
    pub line: usize,
    /// Names and texts; none for a session in the directory of the program before it.
    pub files: Vec<(String, String)>,
    /// What the program may read.
    pub input: String,
    pub wanted: Wanted,
}

pub enum Wanted {
    /// It prints this.
    Printed { text: String, status: i32 },
    /// `snow check` says this.
    Checked(String),
    /// `snow check` says nothing.
    Nothing,
    /// These commands print what stands below them.
    Session(Vec<Command>),
}

pub struct Command {
    pub typed: String,
    pub printed: String,
}

/// A fenced block: the line of its fence, the words behind that, and its text.
struct Block {
    line: usize,
    words: Vec<String>,
    text: String,
}

impl Block {
    fn is(&self, word: &str) -> bool {
        self.words.first().is_some_and(|first| first == word)
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|other| other == word)
    }

    fn file(&self) -> Option<&str> {
        self.words.iter().map(String::as_str).find(|word| word.ends_with(".snow"))
    }
}

/// The examples of a page, in order.
pub fn examples(text: &str) -> Vec<Example> {
    let blocks = blocks(text);
    let mut rest = blocks.as_slice();
    let mut examples = Vec::new();
    while let Some((block, behind)) = rest.split_first() {
        let line = block.line;
        if block.is("console") {
            let wanted = Wanted::Session(commands(&block.text));
            examples.push(Example { line, files: Vec::new(), input: String::new(), wanted });
            rest = behind;
        } else if block.is("snow") {
            let count = if block.file().is_some() {
                rest.iter().take_while(|b| b.is("snow") && b.file().is_some()).count()
            } else {
                1
            };
            let (program, behind) = rest.split_at(count);
            let files = program.iter().map(|b| (b.file().unwrap_or("main.snow").to_owned(), b.text.clone()));
            let (input, wanted, behind) = outcome(behind);
            examples.push(Example { line, files: files.collect(), input, wanted });
            rest = behind;
        } else {
            rest = behind;
        }
    }
    examples
}

/// What the blocks behind a program say of it; the blocks after those.
fn outcome(blocks: &[Block]) -> (String, Wanted, &[Block]) {
    let (input, blocks) = match blocks.split_first() {
        Some((first, rest)) if first.is("input") => (first.text.clone(), rest),
        _ => (String::new(), blocks),
    };
    match blocks.split_first() {
        Some((first, rest)) if first.is("text") && first.has("checked") => {
            (input, Wanted::Checked(first.text.clone()), rest)
        }
        Some((first, rest)) if first.is("text") => {
            let status = first.words.iter().find_map(|word| word.strip_prefix("status="));
            let status = status.map_or(0, |number| number.parse().expect("a status is a number"));
            (input, Wanted::Printed { text: first.text.clone(), status }, rest)
        }
        Some((first, rest)) if first.is("console") => (input, Wanted::Session(commands(&first.text)), rest),
        _ => (input, Wanted::Nothing, blocks),
    }
}

fn commands(text: &str) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for line in text.lines() {
        if let Some(typed) = line.strip_prefix("$ ") {
            commands.push(Command { typed: typed.to_owned(), printed: String::new() });
        } else {
            let last = commands.last_mut().expect("a session begins with a command");
            last.printed += &format!("{line}\n");
        }
    }
    commands
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(words) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let words = words.split_whitespace().map(str::to_owned).collect();
        let text = body.iter().map(|line| format!("{line}\n")).collect();
        blocks.push(Block { line: index + 1, words, text });
    }
    blocks
}
