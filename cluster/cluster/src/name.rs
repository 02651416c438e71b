//! Names of nodes: `name@host`, with a port where one is told to connect.

use crate::limits::NAME_BYTES_MAX;
use std::fmt;
use std::sync::Arc;

/// A node's name, `name@host`, without a port.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeName(Arc<str>);

/// A name and perhaps the port at which to find it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The name alone.
    pub name: NodeName,
    /// Port, when the text gave one other than 0.
    pub port: Option<u16>,
}

/// The text is not a node name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadName;

impl NodeName {
    /// A name from text without a port.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn new(text: &str) -> Result<NodeName, BadName> {
        match Target::parse(text)? {
            Target { name, port: None } if &*name.0 == text => Ok(name),
            _ => Err(BadName),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`, without brackets.
    pub fn host(&self) -> &str {
        let host = self.0.split_once('@').map_or("", |(_, host)| host);
        host.trim_start_matches('[').trim_end_matches(']')
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Target {
    /// Reads `name@host`, `name@host:port` or `name@[v6]:port`.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn parse(text: &str) -> Result<Target, BadName> {
        let (name, rest) = text.split_once('@').ok_or(BadName)?;
        let (host, port) = split_port(rest)?;
        let name_fits = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        let host_fits = |c: char| c.is_ascii_alphanumeric() || "-._:[]%".contains(c);
        let fits = !name.is_empty()
            && !host.is_empty()
            && name.chars().all(name_fits)
            && host.chars().all(host_fits)
            && text.len() <= NAME_BYTES_MAX;
        if !fits {
            return Err(BadName);
        }
        let name = NodeName(format!("{name}@{host}").into());
        Ok(Target { name, port: port.filter(|p| *p != 0) })
    }
}

fn split_port(rest: &str) -> Result<(&str, Option<u16>), BadName> {
    let after_bracket = rest.rfind(']').map_or(0, |i| i + 1);
    if after_bracket == 0 && rest.contains(':') && rest.matches(':').count() > 1 {
        return Err(BadName);
    }
    match rest[after_bracket..].find(':') {
        Some(i) => {
            let (host, port) = rest.split_at(after_bracket + i);
            Ok((host, Some(port[1..].parse().map_err(|_| BadName)?)))
        }
        None => Ok((rest, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ports_are_told_apart() {
        let parse = |text| Target::parse(text).map(|t| (t.name.as_str().to_owned(), t.port));
        assert_eq!(parse("bank@127.0.0.1"), Ok(("bank@127.0.0.1".into(), None)));
        assert_eq!(parse("bank@127.0.0.1:4001"), Ok(("bank@127.0.0.1".into(), Some(4001))));
        assert_eq!(parse("bank@host:0"), Ok(("bank@host".into(), None)));
        assert_eq!(parse("bank@[::1]:4001"), Ok(("bank@[::1]".into(), Some(4001))));
        assert_eq!(Target::parse("bank@[::1]:1").unwrap().name.host(), "::1");
        for bad in [
            "",
            "bank",
            "@host",
            "bank@",
            "b nk@host",
            "bank@host:x",
            "bank@host:70000",
            "a@b@c",
            "a@::1",
            "a@b/c",
        ] {
            assert_eq!(parse(bad), Err(BadName), "{bad}");
        }
    }
}
