//! From which level on lines are written, by module.

use crate::report::Level;

/// Number of the level at which nothing is written.
const NONE: i64 = 5;
const USUAL: i64 = Level::Info as i64;

/// Rules; the one with the longest fitting name counts.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Levels {
    /// Of modules without a rule.
    usual: i64,
    /// Module and what lies under it.
    rules: Vec<(String, i64)>,
}

impl Default for Levels {
    fn default() -> Levels {
        Levels { usual: USUAL, rules: Vec::new() }
    }
}

impl Levels {
    /// Reads a list such as `warn,Shop.Orders=debug`; the words that make no sense come back.
    pub fn parse(list: &str) -> (Levels, Vec<String>) {
        let mut levels = Levels::default();
        let mut wrong = Vec::new();
        for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (module, name) = word.split_once('=').unwrap_or(("", word));
            match number(name.trim()) {
                Some(level) => levels.set(level, module.trim()),
                None => wrong.push(word.to_owned()),
            }
        }
        (levels, wrong)
    }

    pub fn set(&mut self, level: i64, module: &str) {
        let level = level.clamp(0, NONE);
        if module.is_empty() {
            self.usual = level;
            return;
        }
        self.rules.retain(|rule| rule.0 != module);
        self.rules.push((module.to_owned(), level));
        self.rules.sort_by_key(|rule| std::cmp::Reverse(rule.0.len()));
    }

    pub fn is_on(&self, level: Level, module: &str) -> bool {
        let rule = self.rules.iter().find(|(name, _)| {
            let rest = module.strip_prefix(name.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        level as i64 >= rule.map_or(self.usual, |rule| rule.1)
    }
}

fn number(name: &str) -> Option<i64> {
    let names = ["trace", "debug", "info", "warn", "error", "none"];
    let name = if name == "warning" { "warn" } else { name };
    names.iter().position(|known| *known == name).map(|index| index as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_counts() {
        let (mut levels, wrong) = Levels::parse("warn, Shop.Orders=debug,Shop=none,loud");
        assert_eq!(wrong, ["loud"]);
        assert!(levels.is_on(Level::Debug, "Shop.Orders.Old") && !levels.is_on(Level::Trace, "Shop.Orders"));
        assert!(!levels.is_on(Level::Error, "Shop") && !levels.is_on(Level::Error, "Shop.Prices"));
        assert!(levels.is_on(Level::Warn, "Shopping") && !levels.is_on(Level::Info, "Shopping"));
        levels.set(0, "Shop");
        assert!(levels.is_on(Level::Trace, "Shop.Prices") && !levels.is_on(Level::Trace, "Shop.Orders"));
    }

    #[test]
    fn nothing_said_means_info() {
        let (levels, wrong) = Levels::parse("");
        assert!(wrong.is_empty() && levels.is_on(Level::Info, "A") && !levels.is_on(Level::Debug, "A"));
    }
}
