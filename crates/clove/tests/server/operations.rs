//! The server as it is run: backed up, restored, looked at, stopped, measured.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::raw::{clove, stderr, stdout, text};
use crate::{Server, data_folder};

fn order(id: u32, email: &str) -> Value {
    json!({
        "id": id.to_string(),
        "placed_at": format!("2026-03-{:02}T10:00:00Z", 1 + id % 28),
        "status": "paid",
        "currency": "EUR",
        "customer": {"email": email},
        "gross": "12.50"
    })
}

fn hand_in(server: &Server, key: &str, ids: std::ops::Range<u32>) {
    let orders: Vec<Value> = ids.map(|id| order(id, &format!("customer{}@example.org", id % 7))).collect();
    let (status, body) = server.send("POST", "/api/v1/orders?source=shopify:brezza", key, &json!(orders).to_string());
    assert_eq!(status, 200, "{body}");
}

#[test]
fn a_backup_is_made_while_the_server_runs_and_restores_the_same() {
    let folder = data_folder("backup");
    let (data, copy, restored) = (folder.join("data"), folder.join("copy"), folder.join("restored"));
    std::fs::create_dir(&data).unwrap();
    let server = Server::start(&data);
    let key = server.owner_key.clone().expect("the first start shows a key");
    hand_in(&server, &key, 1..200);
    let before = server.get_when_there("/api/v1/customers?email=customer3@example.org", &key);

    // Orders go on coming while the backup is made.
    let made = std::thread::scope(|scope| {
        let writing =
            scope.spawn(|| (0..20).for_each(|round| hand_in(&server, &key, 1_000 + round * 50..1_050 + round * 50)));
        let made = clove(&["backup", "--data", text(&data), "--to", text(&copy)]);
        writing.join().unwrap();
        made
    });
    assert!(made.status.success(), "{}", stderr(&made));
    let manifest: Value = serde_json::from_slice(&std::fs::read(copy.join("manifest.json")).unwrap()).unwrap();
    let head = manifest["head"].as_i64().unwrap();
    assert!(head >= 199, "{manifest}");
    assert_private(&copy);
    let again = clove(&["backup", "--data", text(&data), "--to", text(&copy)]);
    assert!(!again.status.success() && stderr(&again).contains("is not empty"), "{}", stderr(&again));

    let over = clove(&["restore", "--from", text(&copy), "--data", text(&data)]);
    assert!(!over.status.success() && stderr(&over).contains("nothing is written over"), "{}", stderr(&over));
    let done = clove(&["restore", "--from", text(&copy), "--data", text(&restored)]);
    assert!(done.status.success(), "{}", stderr(&done));
    std::fs::write(restored.join("owner-key-seen"), "").unwrap();
    let second = Server::start(&restored);
    // Subscribers go on where the backup was, and may derive more.
    assert!(second.get_when_there("/ready", "")["facts"].as_i64() >= Some(head));
    let after = second.get_when_there(&format!("/api/v1/customers/{}", before["id"].as_str().unwrap()), &key);
    let orders = |customer: &Value| customer["orders"].as_array().unwrap().len();
    assert!(orders(&after) >= orders(&before));
    drop(second);

    // A damaged backup is refused before anything is written.
    let file = copy.join("clove.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let elsewhere = folder.join("elsewhere");
    let damaged = clove(&["restore", "--from", text(&copy), "--data", text(&elsewhere)]);
    assert!(!damaged.status.success() && stderr(&damaged).contains("damaged"), "{}", stderr(&damaged));
    assert!(!elsewhere.exists());
    std::fs::remove_file(copy.join("manifest.json")).unwrap();
    let unfinished = clove(&["restore", "--from", text(&copy), "--data", text(&elsewhere)]);
    assert!(stderr(&unfinished).contains("no backup, or one that was not finished"), "{}", stderr(&unfinished));
}

#[cfg(unix)]
fn assert_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o077, 0);
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}

#[test]
fn the_doctor_sees_what_is_wrong_and_what_is_not() {
    let folder = data_folder("doctor");
    let data = folder.join("data");
    let nothing = clove(&["doctor", "--data", text(&data)]);
    assert!(nothing.status.code() == Some(3) && !data.exists());
    // The server makes the folder, for its owner alone.
    let mut server = Command::new(env!("CARGO_BIN_EXE_clove"))
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data", text(&data)])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    loop {
        let looked = clove(&["doctor", "--data", text(&data)]);
        if looked.status.success() && stdout(&looked).contains("identity") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{} {}", stdout(&looked), stderr(&looked));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_private(&data);
    let running = stdout(&clove(&["doctor", "--data", text(&data), "--thorough", "--format", "json"]));
    let running: Value = serde_json::from_str(&running).unwrap();
    let states: Vec<(&str, &str)> = running["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| (check["check"].as_str().unwrap(), check["state"].as_str().unwrap()))
        .collect();
    for check in ["file", "migrations", "clock", "disk", "file modes", "subscribers", "size"] {
        assert!(states.iter().any(|(name, _)| *name == check), "{check} in {states:?}");
    }
    let upgrade = clove(&["upgrade-check", "--data", text(&data)]);
    assert!(upgrade.status.success() && stdout(&upgrade).contains("applied"), "{}", stdout(&upgrade));
    server.kill().unwrap();
    server.wait().unwrap();

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::set_permissions(data.join("clove.db"), std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = clove(&["doctor", "--data", text(&data)]);
        assert!(open.status.code() == Some(3) && stdout(&open).contains("chmod 700"), "{}", stdout(&open));
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    // Pages in the middle of the file are overwritten, after everything was written back into it.
    assert!(clove(&["keys", "list", "--data", text(&data)]).status.success());
    let file = data.join("clove.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let length = bytes.len();
    bytes[length / 3..length / 3 * 2].fill(0xAB);
    std::fs::write(&file, bytes).unwrap();
    let damaged = clove(&["doctor", "--data", text(&data)]);
    assert!(!damaged.status.success(), "{}", stdout(&damaged));
}

#[cfg(unix)]
#[test]
fn the_first_signal_finishes_what_is_under_way_and_the_second_stops_at_once() {
    let signal = |process: u32, name: &str| {
        assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
    };
    let mut server = Server::start(&data_folder("soft-stop"));
    let key = server.owner_key.clone().unwrap();
    // A request is under way: its head is there, its body comes later.
    let body = json!([order(1, "ann@example.org")]).to_string();
    let mut stream = TcpStream::connect(&server.address).unwrap();
    write!(
        stream,
        "POST /api/v1/orders?source=shopify:brezza HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    signal(server.process.id(), "-TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&server.address).is_err(), "no new connections are taken");
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).unwrap();
    let answer = crate::raw::parse(&answer).unwrap();
    assert_eq!((answer.status, &answer.json()["new"]), (200, &json!(1)), "{}", answer.text());
    let begun = Instant::now();
    assert!(server.process.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(10));

    // One that never ends: the second signal does not wait for it.
    let mut server = Server::start(&data_folder("hard-stop"));
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(b"POST /api/v1/session HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n{").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    signal(server.process.id(), "-TERM");
    std::thread::sleep(Duration::from_millis(500));
    assert!(server.process.try_wait().unwrap().is_none(), "the request is under way");
    let begun = Instant::now();
    signal(server.process.id(), "-TERM");
    assert_eq!(server.process.wait().unwrap().code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn figures_are_shown_on_the_machine_or_with_a_key() {
    let server = Server::start(&data_folder("figures"));
    let key = server.owner_key.clone().unwrap();
    hand_in(&server, &key, 1..50);
    server.get_when_there("/api/v1/customers?email=customer3@example.org", &key);
    let shown = server.ask("GET", "/metrics", &[], "");
    assert_eq!(shown.status, 200, "{}", shown.text());
    for name in [
        "clove_http_request_seconds",
        "clove_intake_batch_facts",
        "clove_intake_waiting_facts",
        "clove_subscriber_behind{subscriber=\"identity\"}",
        "clove_database_bytes",
        "clove_log_facts ",
    ] {
        assert!(shown.text().contains(name), "{name} in {}", shown.text());
    }
    assert!(!shown.text().contains("example.org"));
    let far = [("Host", "clove.example")];
    assert_eq!(server.ask("GET", "/metrics", &far, "").status, 401);
    let bearer = format!("Bearer {key}");
    assert_eq!(server.ask("GET", "/metrics", &[far[0], ("Authorization", &bearer)], "").status, 200);
    let ready = server.get_when_there("/ready", "");
    assert!(ready["status"] == "ready" && ready["facts"].as_i64() >= Some(49), "{ready}");
}

#[test]
fn the_log_at_its_most_talkative_holds_no_personal_data_and_no_secrets() {
    let folder = data_folder("log");
    let mut process = Command::new(env!("CARGO_BIN_EXE_clove"))
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "trace", "--data", text(&folder)])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = process.stderr.take().unwrap();
    let (lines, read) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut all = String::new();
        for line in std::io::BufRead::lines(std::io::BufReader::new(stderr)).map_while(Result::ok) {
            all.push_str(&line);
            all.push('\n');
            let _ = lines.send(line);
        }
        all
    });
    let next = |what: &str| {
        loop {
            let line = read.recv_timeout(Duration::from_secs(30)).expect("the server speaks");
            if let Some((_, rest)) = line.split_once(what) {
                return rest.trim().to_owned();
            }
        }
    };
    let address = next("Clove listens on http://");
    let key = next("The owner's key, shown only now: ");
    let server = Server { process, address: address.clone(), owner_key: None };
    let bearer = format!("Bearer {key}");
    let password = "a-password-nobody-logs";
    let user =
        json!({"email": "staff.person@example.org", "name": "Staff Person", "role": "owner", "password": password});
    assert_eq!(server.send("POST", "/api/v1/users", &key, &user.to_string()).0, 201);
    let orders = json!([order(1, "secret.person@example.org"), {"id": "secret.person@example.org", "gross": "x"}]);
    server.send(
        "POST",
        "/api/v1/orders?source=shopify:brezza",
        &key,
        &json!([order(1, "secret.person@example.org")]).to_string(),
    );
    server.send("POST", "/api/v1/orders?source=shopify:brezza", &key, &orders.to_string());
    server.send("POST", "/api/v1/orders?source=secret.person@example.org", &key, "[]");
    server.get_when_there("/api/v1/customers?email=secret.person@example.org", &key);
    server.send("GET", "/api/v1/customers/secret.person@example.org", &key, "");
    server.send("GET", "/secret.person@example.org?email=secret.person@example.org", &key, "");
    server.ask("GET", "/health", &[("X-Email", "secret.person@example.org"), ("Authorization", &bearer)], "");
    server.ask("GET", "/health", &[("Referer", "https://shop.example/?email=secret.person@example.org")], "");
    let sign_in = json!({"email": "staff.person@example.org", "password": password}).to_string();
    let cookie = server.ask("POST", "/api/v1/session", &[], &sign_in);
    let token = cookie.header("set-cookie").unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
    server.ask("GET", "/api/v1/me", &[("Cookie", &format!("clove_session={token}"))], "");
    server.ask(
        "POST",
        "/api/v1/session",
        &[],
        &json!({"email": "staff.person@example.org", "password": "wrong-secret-try"}).to_string(),
    );
    drop(server);
    let log = reader.join().unwrap();
    assert!(log.lines().count() > 15, "{log}");
    let secret = key.rsplit('_').next().unwrap();
    // The first start shows the key, and the address that opens the web app with it; each once.
    let shown = [format!("The owner's key, shown only now: {key}"), format!("Open http://{address}/#key={key}")];
    assert!(shown.iter().all(|once| log.lines().filter(|line| line == once).count() <= 1), "{log}");
    for line in log.lines().filter(|line| !shown.iter().any(|once| line == once)) {
        for private in ["person@example.org", "Staff Person", password, "wrong-secret-try", secret, &token] {
            assert!(!line.contains(private), "{private} in the log: {line}");
        }
    }
}
