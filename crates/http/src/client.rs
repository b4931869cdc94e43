//! Where a request comes from: its network address and whether it came encrypted, as far as that can be believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use clove_core::HashKey;
use uuid::Uuid;

use crate::problem::Problem;

/// The other end of a connection. The server puts it into each request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// A network, such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, plain(address)) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                u32::from(network) & mask == u32::from(address) & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                u128::from(network) & mask == u128::from(address) & mask
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("'{text}' is no network; write for instance 10.0.0.0/8 or 127.0.0.1");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address = plain(address.trim().parse().map_err(|_| wrong())?);
        let most = if address.is_ipv4() { 32 } else { 128 };
        match bits.unwrap_or(most) {
            bits if bits <= most => Ok(Network { address, bits }),
            _ => Err(wrong()),
        }
    }
}

/// An IPv4 address in IPv6 clothes without them.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4),
        address @ IpAddr::V4(_) => address,
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The address of the client; behind a trusted proxy the one that the proxy names.
    pub address: Option<IpAddr>,
    /// Whether the client's connection is encrypted, as a trusted proxy says.
    pub secure: bool,
    /// Whether the request comes from this very machine, through no proxy, under a name of this machine.
    pub local: bool,
    /// The host that the client asked for, without its port being cut off.
    pub host: Option<String>,
}

impl Client {
    /// Looks at a request. What proxies say is believed only from `trusted` ones.
    pub fn of(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: &[Network]) -> Client {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let peer = peer.map(|peer| plain(peer.ip()));
        let forwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"]
            .iter()
            .any(|name| headers.contains_key(*name));
        let believed = peer.is_some_and(|peer| trusted.iter().any(|network| network.contains(peer)));
        if !(forwarded && believed) {
            let local =
                !forwarded && peer.is_some_and(|peer| peer.is_loopback()) && host.as_deref().is_some_and(is_local_name);
            return Client { address: peer, secure: false, local, host };
        }
        // Each proxy adds the address that it heard from at the end: the last one that is no proxy of ours is the client's.
        let named = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|part| address_of(part.trim()))
            .rev()
            .find(|address| !trusted.iter().any(|network| network.contains(*address)));
        Client {
            address: named.or(peer),
            secure: text("x-forwarded-proto").is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https")),
            local: false,
            host: text("x-forwarded-host").map(str::to_owned).or(host),
        }
    }

    /// What limits are counted by: an IPv4 address, or the first half of an IPv6 one, which is one household's.
    pub fn bucket(&self) -> Option<IpAddr> {
        self.address.map(|address| match address {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) & (u128::MAX << 64))),
            address @ IpAddr::V4(_) => address,
        })
    }

    /// What is kept of the address: a keyed hash.
    pub fn address_hash(&self, key: &HashKey) -> Option<Uuid> {
        self.address.map(|address| key.hash("address", &[&address.to_string()]))
    }
}

/// An address as proxies write it: with or without port, brackets, quotes.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches('"');
    text.parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>())
        .ok()
        .map(plain)
}

/// Whether a `Host` is a name of this machine: a page of another name that was pointed here (DNS rebinding) is not.
fn is_local_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    /// The client that the server's layer has found out; of a request that did not come over the network, nothing is known.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Client, Problem> {
        Ok(parts.extensions.get::<Client>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    fn seen(peer: &str, pairs: &[(&'static str, &'static str)], trusted: &[&str]) -> Client {
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        Client::of(Some(peer.parse().unwrap()), &headers(pairs), &trusted)
    }

    #[test]
    fn proxies_are_believed_only_if_they_are_trusted() {
        let told =
            [("host", "shop.example"), ("x-forwarded-for", "6.6.6.6, 203.0.113.9"), ("x-forwarded-proto", "https")];
        let stranger = seen("198.51.100.1:9", &told, &["10.0.0.0/8"]);
        assert_eq!((stranger.address, stranger.secure), (Some("198.51.100.1".parse().unwrap()), false));
        let proxy = seen("10.1.2.3:9", &told, &["10.0.0.0/8"]);
        // The first entry is what the client itself may have written.
        assert_eq!((proxy.address, proxy.secure), (Some("203.0.113.9".parse().unwrap()), true));
    }

    #[test]
    fn local_is_this_machine_without_a_proxy_and_under_its_own_name() {
        assert!(seen("127.0.0.1:9", &[("host", "localhost:8080")], &[]).local);
        assert!(seen("[::1]:9", &[("host", "[::1]:8080")], &[]).local);
        assert!(!seen("127.0.0.1:9", &[("host", "evil.example:8080")], &[]).local);
        assert!(!seen("127.0.0.1:9", &[("host", "localhost"), ("x-forwarded-for", "1.2.3.4")], &[]).local);
        assert!(!seen("10.0.0.7:9", &[("host", "localhost")], &[]).local);
        assert!(!seen("127.0.0.1:9", &[], &[]).local);
    }

    #[test]
    fn networks_are_read_and_hold_their_addresses() {
        let network: Network = "192.168.4.0/22".parse().unwrap();
        assert!(
            network.contains("192.168.7.255".parse().unwrap()) && !network.contains("192.168.8.0".parse().unwrap())
        );
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("8.8.8.8".parse().unwrap()));
        assert!("::1".parse::<Network>().unwrap().contains("::1".parse().unwrap()));
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "x".parse::<Network>().is_err());
        let half = Client { address: Some("2001:db8:1:2:3:4:5:6".parse().unwrap()), ..Client::default() };
        assert_eq!(half.bucket(), Some("2001:db8:1:2::".parse().unwrap()));
    }
}
