//! Users, sessions and keys by HTTP.

use serde_json::json;

use crate::raw::{Answer, clove, stderr, stdout, text};
use crate::{Server, data_folder};

const PASSWORD: &str = "correct horse battery";

/// The cookie that an answer sets, as a browser sends it back.
fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").expect("a cookie").split(';').next().expect("its value").to_owned()
}

fn add_user(server: &Server, key: &str, email: &str, role: &str) -> String {
    let user = json!({"email": email, "name": "Ann", "role": role, "password": PASSWORD});
    let (status, body) = server.send("POST", "/api/v1/users", key, &user.to_string());
    assert_eq!(status, 201, "{body}");
    assert!(body.get("password_hash").is_none());
    body["id"].as_str().unwrap().to_owned()
}

fn sign_in(server: &Server, email: &str) -> Answer {
    server.ask("POST", "/api/v1/session", &[], &json!({"email": email, "password": PASSWORD}).to_string())
}

#[test]
fn people_sign_in_and_do_what_their_role_allows() {
    let server = Server::start(&data_folder("people"));
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let admin_id = add_user(&server, &owner, "Admin@Example.org", "admin");
    add_user(&server, &owner, "analyst@example.org", "analyst");
    let owner_id = add_user(&server, &owner, "owner@example.org", "owner");
    let again = json!({"email": "admin@example.org", "name": "x", "role": "admin", "password": PASSWORD});
    assert_eq!(server.send("POST", "/api/v1/users", &owner, &again.to_string()).1["code"], "conflict");
    let weak = json!({"email": "nonsense", "name": "", "role": "admin", "password": "short"});
    assert_eq!(
        server.send("POST", "/api/v1/users", &owner, &weak.to_string()).1["errors"].as_array().unwrap().len(),
        3
    );

    let begun = sign_in(&server, "admin@example.org");
    assert_eq!((begun.status, &begun.json()["role"]), (201, &json!("admin")), "{}", begun.text());
    let set = begun.header("set-cookie").unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
    assert_eq!(begun.header("cache-control"), Some("no-store"));
    let cookie = cookie_of(&begun);
    let with = [("Cookie", cookie.as_str())];
    let ours = [("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(server.ask("GET", "/api/v1/me", &with, "").json()["user"]["id"], json!(admin_id));
    assert_eq!(server.ask("GET", "/api/v1/users", &with, "").json().as_array().unwrap().len(), 3);

    // Other sites cannot use the session.
    let key = json!({"name": "reports", "scopes": ["read"]}).to_string();
    assert_eq!(server.ask("POST", "/api/v1/keys", &with, &key).code(), "cross_site");
    let evil = [("Cookie", cookie.as_str()), ("Origin", "https://evil.example")];
    assert_eq!(server.ask("POST", "/api/v1/keys", &evil, &key).code(), "cross_site");
    assert_eq!(server.ask("POST", "/api/v1/keys", &ours, &key).status, 201);

    // An admin is no owner: cannot make one, nor a key that may do everything, nor touch an owner.
    let all = json!({"name": "everything", "scopes": ["admin"]}).to_string();
    assert_eq!(server.ask("POST", "/api/v1/keys", &ours, &all).code(), "forbidden");
    let second = json!({"email": "second@example.org", "name": "x", "role": "owner", "password": PASSWORD}).to_string();
    assert_eq!(server.ask("POST", "/api/v1/users", &ours, &second).code(), "forbidden");
    let path = format!("/api/v1/users/{owner_id}");
    assert_eq!(server.ask("DELETE", &path, &ours, "").code(), "forbidden");
    let password = json!({"password": "a password of mine"}).to_string();
    assert_eq!(server.ask("PUT", &format!("{path}/password"), &ours, &password).code(), "forbidden");
    let role = json!({"role": "owner"}).to_string();
    assert_eq!(server.ask("PATCH", &format!("/api/v1/users/{admin_id}"), &ours, &role).code(), "forbidden");
    // Not even the owner's key takes the last owner away.
    assert_eq!(server.send("DELETE", &path, &owner, "").1["code"], "conflict");

    // A role that is taken away is gone with the next request, without signing in anew.
    let analyst = cookie_of(&sign_in(&server, "analyst@example.org"));
    assert_eq!(server.ask("GET", "/api/v1/users", &[("Cookie", &analyst)], "").code(), "forbidden");
    let change = json!({"role": "support", "name": "Andrea"}).to_string();
    assert_eq!(server.send("PATCH", &format!("/api/v1/users/{admin_id}"), &owner, &change).0, 200);
    assert_eq!(server.ask("GET", "/api/v1/users", &with, "").code(), "forbidden");

    // A new password ends the other sessions of the user.
    let other = cookie_of(&sign_in(&server, "admin@example.org"));
    let wrong = json!({"current": "not the password", "new": "a new long password"}).to_string();
    assert_eq!(server.ask("PUT", "/api/v1/me/password", &ours, &wrong).json()["errors"][0]["pointer"], "/current");
    let change = json!({"current": PASSWORD, "new": "a new long password"}).to_string();
    assert_eq!(server.ask("PUT", "/api/v1/me/password", &ours, &change).status, 204);
    assert_eq!(server.ask("GET", "/api/v1/me", &[("Cookie", &other)], "").status, 401);
    assert_eq!(server.ask("GET", "/api/v1/me", &with, "").status, 200);

    // Signing out takes cookie and session away.
    let out = server.ask("DELETE", "/api/v1/session", &ours, "");
    assert!(out.status == 204 && out.header("set-cookie").unwrap().contains("Max-Age=0"), "{}", out.head);
    assert_eq!(server.ask("GET", "/api/v1/me", &with, "").status, 401);

    // The audit log tells all of it, without an address or a name.
    let (_, log) = server.send("GET", "/api/v1/audit?limit=500", &owner, "");
    let actions: Vec<&str> =
        log["items"].as_array().unwrap().iter().filter_map(|entry| entry["action"].as_str()).collect();
    for action in
        ["key.created", "user.created", "user.changed", "user.password_changed", "session.created", "session.ended"]
    {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
    assert!(!log.to_string().contains('@') && !log.to_string().contains("127.0.0.1"), "{log}");
    let (_, page) = server.send("GET", "/api/v1/audit?limit=2&action=user.created", &owner, "");
    let next = page["next"].as_str().expect("three users were made");
    let (_, rest) = server.send("GET", &format!("/api/v1/audit?limit=2&action=user.created&cursor={next}"), &owner, "");
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
}

#[test]
fn the_owner_key_opens_a_session_on_localhost_only() {
    let server = Server::start(&data_folder("localhost"));
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let body = json!({"owner_key": owner}).to_string();
    let begun = server.ask("POST", "/api/v1/session", &[], &body);
    assert_eq!((begun.status, &begun.json()["scopes"]), (201, &json!(["admin"])), "{}", begun.text());
    let cookie = cookie_of(&begun);
    assert_eq!(server.ask("GET", "/api/v1/keys", &[("Cookie", &cookie)], "").status, 200);
    for told in [("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"), ("Host", "clove.example")] {
        assert_eq!(server.ask("POST", "/api/v1/session", &[told], &body).code(), "forbidden", "{told:?}");
    }
    let wrong = json!({"owner_key": "clove_0123456789ab_x"}).to_string();
    assert_eq!(server.ask("POST", "/api/v1/session", &[], &wrong).code(), "unauthenticated");
    let cross = [("Sec-Fetch-Site", "cross-site")];
    assert_eq!(server.ask("POST", "/api/v1/session", &cross, &body).code(), "cross_site");
    assert_eq!(server.ask("POST", "/api/v1/session", &[], "{}").code(), "invalid_body");
}

#[test]
fn a_lost_key_is_replaced_on_the_machine() {
    let folder = data_folder("lost-key");
    let server = Server::start(&folder);
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let running = clove(&["keys", "list", "--data", text(&folder)]);
    assert!(!running.status.success() && stderr(&running).contains("another process"), "{}", stderr(&running));
    server.kill();

    let made = clove(&["keys", "create", "--data", text(&folder), "--name", "spare"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let spare = stdout(&made).trim().to_owned();
    let id = owner.split('_').nth(1).unwrap();
    assert!(clove(&["keys", "withdraw", "--data", text(&folder), id]).status.success());
    let listed = stdout(&clove(&["keys", "list", "--data", text(&folder), "--format", "json"]));
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 2);
    assert!(listed["keys"][0]["withdrawn_at"].is_i64() && listed["keys"][1]["name"] == "spare", "{listed}");
    let nowhere = clove(&["keys", "list", "--data", text(&folder.join("nothing"))]);
    assert!(nowhere.status.code() == Some(3) && !folder.join("nothing").exists());

    let server = Server::start(&folder);
    assert_eq!(server.send("GET", "/api/v1/keys", &owner, "").0, 401);
    assert_eq!(server.send("GET", "/api/v1/keys", &spare, "").0, 200);
    let (_, log) = server.send("GET", "/api/v1/audit", &spare, "");
    assert_eq!(log["items"][0]["actor"], "keys withdraw");
}
