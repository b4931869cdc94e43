//! The contract: the OpenAPI document, the scopes that it declares, and the public codes.

use std::collections::{BTreeMap, BTreeSet};

use clove_http::{ProblemCode, Scope};
use serde_json::{Value, json};

use crate::{Server, data_folder};

/// Every operation of the document: method, address, what it says.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "put", "post", "delete", "patch"] {
            if let Some(operation) = item.get(method) {
                found.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    found
}

/// The scopes that an operation asks of a key, in one or several alternatives; none if it is public.
fn scopes(operation: &Value) -> Vec<Vec<String>> {
    let requirements = operation["security"].as_array().into_iter().flatten();
    let scheme = |requirement: &Value| requirement.get("key").or(requirement.get("session")).cloned();
    requirements.filter_map(scheme).map(|scopes| serde_json::from_value(scopes).unwrap()).collect()
}

#[test]
fn the_document_is_as_published() {
    let document = clove_server::open_api().to_pretty_json().unwrap();
    insta::with_settings!({snapshot_path => "snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("openapi", document);
    });
}

#[test]
fn every_endpoint_declares_its_scope_and_its_errors() {
    let document = serde_json::to_value(clove_server::open_api()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        assert!(
            operation["security"].is_array(),
            "{name} declares no scope: security((\"key\" = [..])), or security(()) if it is public"
        );
        for scope in scopes(&operation).concat() {
            assert!(Scope::ALL.iter().any(|known| known.name() == scope), "{name}: {scope}");
        }
        assert!(ids.insert(operation["operationId"].to_string()), "{name}: the operation id stands twice");
        assert!(operation["summary"].is_string(), "{name} says nothing of itself");
        let responses = operation["responses"].as_object().unwrap();
        for status in ["429", "500", "503"] {
            assert!(responses.contains_key(status), "{name} lacks {status}");
        }
        for (status, response) in responses {
            let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
            let is_error = status.starts_with(['4', '5']);
            assert_eq!(is_error, problem == "#/components/schemas/ProblemBody", "{name} {status}: {response}");
        }
    }
    // References lead somewhere.
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let schema = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(schema).is_some(), "{schema}");
    }
}

#[test]
fn every_code_is_in_the_documentation() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api.md")).unwrap();
    for code in ProblemCode::ALL {
        let row = format!("| `{}` | {} |", code.code(), code.status().as_u16());
        assert!(page.contains(&row), "docs/api.md lacks a row that begins with {row}");
    }
}

/// An address with every placeholder filled in by its example, or by something that does not exist.
fn filled(path: &str, operation: &Value) -> String {
    let example = |part: &str| {
        let name = part.trim_matches(['{', '}']);
        let parameters = operation["parameters"].as_array()?;
        let parameter = parameters.iter().find(|parameter| parameter["name"] == name)?;
        Some(parameter["example"].as_str()?.to_owned())
    };
    let part = |part: &str| {
        if part.starts_with('{') { example(part).unwrap_or_else(|| "nothing".to_owned()) } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn a_key_cannot_do_what_its_scope_forbids() {
    let server =
        Server::start_with(&data_folder("scopes"), &["--limit-addresses", "1000/10000", "--limit-keys", "1000/10000"]);
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let mut keys: BTreeMap<&str, String> = BTreeMap::new();
    for scope in Scope::ALL {
        let wanted = json!({"name": scope.name(), "scopes": [scope.name()], "source": "web:shop"}).to_string();
        let (status, made) = server.send("POST", "/api/v1/keys", &owner, &wanted);
        assert_eq!(status, 201, "{made}");
        keys.insert(scope.name(), made["key"].as_str().unwrap().to_owned());
    }
    let (_, document) = server.send("GET", "/api/v1/openapi.json", "", "");
    let mut tried = 0;
    for (method, path, operation) in operations(&document) {
        // A stream of events has no end to wait for; its own test tries it.
        if path == "/api/v1/changes" {
            continue;
        }
        let address = filled(&path, &operation);
        let ask = |key: Option<&str>| {
            let bearer = key.map(|key| format!("Bearer {key}"));
            let mut headers = vec![("Content-Type", "application/json"), ("Host", "clove.example")];
            headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
            server.ask(&method, &address, &headers, if method == "GET" { "" } else { "{}" })
        };
        let wanted = scopes(&operation);
        let nobody = ask(None);
        if wanted.is_empty() {
            assert!(nobody.code() != "unauthenticated" && nobody.status < 500, "{method} {path}: {}", nobody.text());
        } else {
            assert_eq!(nobody.code(), "unauthenticated", "{method} {path}: {}", nobody.text());
        }
        for (scope, key) in &keys {
            let answer = ask(Some(key));
            assert!(answer.status < 500, "{method} {path} with {scope}: {}", answer.text());
            if wanted.is_empty() {
                continue;
            }
            let enough = |wanted: &Vec<String>| wanted.iter().all(|wanted| wanted == scope);
            let allowed = *scope == "admin" || wanted.iter().any(enough);
            if allowed {
                // An endpoint may still refuse what a body asks for, but not for want of a scope.
                let refused = answer.status == 401 || answer.text().contains("lacks the scope");
                assert!(!refused, "{method} {path} with {scope}: {}", answer.text());
            } else {
                assert_eq!(answer.code(), "forbidden", "{method} {path} with {scope}: {}", answer.head);
            }
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn content_that_is_known_is_not_sent_again_and_answers_are_kept_safe() {
    let server = Server::start(&data_folder("tags"));
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let bearer = format!("Bearer {owner}");
    let with = [("Authorization", bearer.as_str())];
    let first = server.ask("GET", "/api/v1/keys", &with, "");
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(first.header(name), Some(value));
    }
    let known = [with[0], ("If-None-Match", tag.as_str())];
    let second = server.ask("GET", "/api/v1/keys", &known, "");
    assert_eq!(
        (second.status, second.body.len(), second.header("etag")),
        (304, 0, Some(tag.as_str())),
        "{}",
        second.head
    );
    assert_eq!(server.send("POST", "/api/v1/keys", &owner, r#"{"name": "x", "scopes": ["read"]}"#).0, 201);
    assert_eq!(server.ask("GET", "/api/v1/keys", &known, "").status, 200, "the list has changed");
    let small = server.ask("GET", "/api/v1/openapi.json", &[("Accept-Encoding", "gzip")], "");
    assert_eq!((small.status, small.header("content-encoding")), (200, Some("gzip")), "{}", small.head);
    assert!(small.body.starts_with(&[0x1f, 0x8b]) || small.header("transfer-encoding").is_some());
}

#[test]
#[ignore = "slow: up to three minutes of made-up requests; needs schemathesis (scripts/install-ci-tools)"]
fn the_whole_api_bears_made_up_requests() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/api-fuzz");
    let output =
        std::process::Command::new(script).arg(env!("CARGO_BIN_EXE_clove")).output().expect("the script starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
}
