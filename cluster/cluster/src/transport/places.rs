//! Where nodes are: what the name says, the directory of this machine, what peers said, and what the program has supplied.

use super::Shared;
use crate::error::NodeError;
use crate::name::{NodeName, Target};
use snow_runtime::router::NodeOptions;
use std::collections::{HashMap, VecDeque};

/// Addresses of one host that are tried at most.
const ADDRESSES_MAX: usize = 64;

/// A host and a port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
}

/// What the program has supplied.
#[derive(Debug, Default)]
pub(super) struct Supplied {
    by_name: HashMap<NodeName, Place>,
    /// Any node may be at their addresses.
    hosts: Vec<Place>,
}

impl Supplied {
    pub(super) fn new(options: &NodeOptions) -> Result<Supplied, NodeError> {
        let mut by_name = HashMap::new();
        for (name, place) in &options.addresses {
            let known = NodeName::new(name).map_err(|_| NodeError::BadName(name.clone()))?;
            by_name.insert(known, parse(place).ok_or_else(|| no_place(name, place))?);
        }
        let hosts = options.hosts.iter().map(|place| parse(place).ok_or_else(|| no_place("hosts", place)));
        Ok(Supplied { by_name, hosts: hosts.collect::<Result<_, _>>()? })
    }

    fn is_empty(&self) -> bool {
        self.by_name.is_empty() && self.hosts.is_empty()
    }
}

fn parse(text: &str) -> Option<Place> {
    let (host, port) = text.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = port.parse().ok().filter(|port| *port != 0)?;
    (!host.is_empty()).then_some(Place { host, port })
}

fn no_place(name: &str, place: &str) -> NodeError {
    NodeError::Other(format!("resolvers: {place:?}, given for {name}, is no address; write host:port"))
}

/// The places of one node that are still to be tried.
#[derive(Default)]
pub(super) struct Places(Option<VecDeque<Place>>);

impl Places {
    /// The next one.
    pub(super) async fn next(&mut self, shared: &Shared, target: &Target) -> Result<Place, NodeError> {
        if self.0.is_none() {
            self.0 = Some(find(shared, target).await);
        }
        let next = self.0.as_mut().and_then(VecDeque::pop_front);
        next.ok_or_else(|| unresolved(shared, &target.name))
    }

    /// Whether there is another.
    pub(super) fn has_more(&self) -> bool {
        self.0.as_ref().is_some_and(|places| !places.is_empty())
    }

    /// From the first one again.
    pub(super) fn again(&mut self) {
        self.0 = None;
    }
}

fn unresolved(shared: &Shared, name: &NodeName) -> NodeError {
    let resolvers = if shared.supplied.is_empty() { "" } else { ", the resolvers" };
    let places = format!("connected nodes, the directory {}{resolvers}", shared.directory.place());
    NodeError::Unresolved(name.clone(), places)
}

async fn find(shared: &Shared, target: &Target) -> VecDeque<Place> {
    let name = &target.name;
    let listed = || shared.directory.find(name);
    let said = || shared.node.mesh().port(name);
    if let Some(port) = target.port.or_else(listed).or_else(said) {
        return [Place { host: name.host().to_owned(), port }].into();
    }
    if let Some(place) = shared.supplied.by_name.get(name) {
        return [place.clone()].into();
    }
    let mut places = VecDeque::new();
    for Place { host, port } in &shared.supplied.hosts {
        // A host without an address has no node.
        let Ok(addresses) = tokio::net::lookup_host((host.as_str(), *port)).await else { continue };
        for address in addresses.take(ADDRESSES_MAX) {
            let place = Place { host: address.ip().to_string(), port: *port };
            // The likeliest first: names often hold the address itself.
            if place.host == name.host() { places.push_front(place) } else { places.push_back(place) }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_hosts_with_ports() {
        let place = |host: &str, port| Some(Place { host: host.to_owned(), port });
        assert_eq!(parse("10.0.0.5:4000"), place("10.0.0.5", 4000));
        assert_eq!(parse("[::1]:4000"), place("::1", 4000));
        for bad in ["", "host", "host:", ":4000", "host:0", "host:65536", "host:x"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
