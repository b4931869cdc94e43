//! Sessions of browsers: a random token in a cookie, its hash in a row.

use clove_core::contact::normal_email;
use clove_core::{Micros, UserId, clock::SECOND};
use clove_store::{Db, Result, Tx};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::throttle::{self, Buckets};
use super::{ApiKey, Scope, User, password, users};
use crate::audit::{self, Actor, ActorKind};
use crate::client::Client;
use crate::problem::{Problem, ProblemCode};
use crate::services::Services;

clove_store::statements! {
    INSERT_SESSION = both("INSERT INTO user_session (token_hash, user_id, api_key, created_at, seen_at, expires_at) \
        VALUES ($1, $2, $3, $4, $4, $5)");
    SELECT_SESSION = both("SELECT user_id, api_key, seen_at, expires_at FROM user_session WHERE token_hash = $1");
    TOUCH_SESSION = both("UPDATE user_session SET seen_at = $1 WHERE token_hash = $2");
    DELETE_SESSION = both("DELETE FROM user_session WHERE token_hash = $1");
    DELETE_SESSIONS_OF = both("DELETE FROM user_session WHERE user_id = $1");
    DELETE_OTHER_SESSIONS_OF = both("DELETE FROM user_session WHERE user_id = $1 AND token_hash <> $2");
    DELETE_OLD_SESSIONS = both("DELETE FROM user_session WHERE expires_at <= $1 OR seen_at <= $2");
}

/// A session ends after this time without a request.
pub const IDLE_EXPIRY: Micros = 24 * 3_600 * SECOND;
/// A session ends after this time in any case.
pub const ABSOLUTE_EXPIRY: Micros = 30 * 24 * 3_600 * SECOND;
/// How exactly the time of the last request is kept: a write for each request would be too much.
const TOUCH_EVERY: Micros = 5 * 60 * SECOND;

/// A session just begun.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// What goes into the cookie. Known now and never again.
    pub token: String,
    /// When it ends in any case.
    pub expires_at: Micros,
}

/// Whose a session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holder {
    /// A user's.
    User(UserId),
    /// The holder's of a key.
    Key(String),
}

#[derive(FromRow)]
struct Row {
    user_id: Option<Uuid>,
    api_key: Option<String>,
    seen_at: i64,
    expires_at: i64,
}

/// Signs in with e-mail address and password. Wrong ones are counted, and slow the next try down.
///
/// # Errors
/// [`ProblemCode::Unauthenticated`] if they do not fit, [`ProblemCode::RateLimited`] after too many tries.
pub async fn sign_in(
    services: &Services,
    client: &Client,
    email: &str,
    text: &str,
) -> Result<(User, NewSession), Problem> {
    let db = &services.db;
    let email = normal_email(email).into_owned();
    let buckets = Buckets::of(db, &email, client.bucket());
    throttle::count(db, buckets).await?;
    let known = users::password_of_email(db, &email).await?;
    let fits = password::verify(text, known.as_ref().map(|(_, hash)| hash.as_str())).await?;
    let address = client.address_hash(db.hash_key());
    let user = match &known {
        Some((id, _)) if fits => users::find(db, *id).await?,
        _ => None,
    };
    let Some(user) = user else {
        let mut tx = db.begin().await?;
        let actor = Actor { kind: ActorKind::Unknown, id: "sign-in".to_owned(), address };
        let target = known.map(|(id, _)| id.to_string());
        audit::record(&mut tx, &actor, "session.refused", target.as_deref(), None).await?;
        tx.commit().await?;
        return Err(Problem::new(ProblemCode::Unauthenticated, "e-mail address or password is wrong"));
    };
    let mut tx = db.begin().await?;
    throttle::forget(&mut tx, buckets).await?;
    let actor = Actor { kind: ActorKind::User, id: user.id.to_string(), address };
    let session = begin(&mut tx, &actor, &Holder::User(user.id)).await?;
    tx.commit().await?;
    Ok((user, session))
}

/// Begins a session with a key that may do everything, for the owner who sits at the machine and has made no user yet.
///
/// # Errors
/// [`ProblemCode::Forbidden`] if the request comes from elsewhere, or the key may not do everything.
pub async fn sign_in_with_key(
    services: &Services,
    client: &Client,
    text: &str,
) -> Result<(ApiKey, NewSession), Problem> {
    let db = &services.db;
    if !client.local {
        return Err(Problem::new(
            ProblemCode::Forbidden,
            "a key begins a session only on the machine that Clove runs on, at http://localhost; elsewhere sign in as a user",
        ));
    }
    let buckets = Buckets::of(db, "owner key", client.bucket());
    throttle::count(db, buckets).await?;
    let Some(key) = services.keys.recognise(text).await? else {
        return Err(Problem::new(ProblemCode::Unauthenticated, "the key is not known, or was withdrawn"));
    };
    if !key.may(Scope::Admin) {
        return Err(Problem::new(ProblemCode::Forbidden, "only a key that may do everything begins a session"));
    }
    let mut tx = db.begin().await?;
    throttle::forget(&mut tx, buckets).await?;
    let actor = Actor { kind: ActorKind::Key, id: key.id.clone(), address: client.address_hash(db.hash_key()) };
    let session = begin(&mut tx, &actor, &Holder::Key(key.id.clone())).await?;
    tx.commit().await?;
    Ok((key.as_ref().clone(), session))
}

async fn begin(tx: &mut Tx, actor: &Actor, holder: &Holder) -> Result<NewSession> {
    let now = tx.db().now();
    let mut secret = [0_u8; 32];
    tx.db().ids().fill(&mut secret);
    let token = crate::hex(&secret);
    let (user, key) = match holder {
        Holder::User(id) => (Some(*id), None),
        Holder::Key(id) => (None, Some(id.as_str())),
    };
    let expires_at = now + ABSOLUTE_EXPIRY;
    tx.execute(DELETE_OLD_SESSIONS.query().bind(now).bind(now - IDLE_EXPIRY)).await?;
    let insert = INSERT_SESSION.query().bind(token_hash(&token)).bind(user).bind(key).bind(now).bind(expires_at);
    tx.execute(insert).await?;
    audit::record(tx, actor, "session.created", None, Some(&json!({"expires_at": expires_at}))).await?;
    Ok(NewSession { token, expires_at })
}

/// Whose session a token is, if it lives; remembers that it was used.
pub(super) async fn recognise(db: &Db, token: &str) -> Result<Option<Holder>> {
    let (hash, now) = (token_hash(token), db.now());
    let Some(row) = db.read_optional::<Row>(SELECT_SESSION.query().bind(hash.clone())).await? else { return Ok(None) };
    if row.expires_at <= now || row.seen_at + IDLE_EXPIRY <= now {
        return Ok(None);
    }
    if row.seen_at + TOUCH_EVERY <= now {
        let mut tx = db.begin().await?;
        tx.execute(TOUCH_SESSION.query().bind(now).bind(hash)).await?;
        tx.commit().await?;
    }
    Ok(match (row.user_id, row.api_key) {
        (Some(id), _) => Some(Holder::User(UserId(id))),
        (None, Some(key)) => Some(Holder::Key(key)),
        (None, None) => None,
    })
}

/// Ends a session.
///
/// # Errors
/// If the database cannot be written to.
pub async fn end(db: &Db, actor: &Actor, hash: &[u8]) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute(DELETE_SESSION.query().bind(hash.to_vec())).await?;
    audit::record(&mut tx, actor, "session.ended", None, None).await?;
    tx.commit().await
}

/// Ends all sessions of a user but `keep`.
pub(super) async fn end_all(tx: &mut Tx, user: UserId, keep: Option<&[u8]>) -> Result<()> {
    let query = match keep {
        None => DELETE_SESSIONS_OF.query().bind(user),
        Some(keep) => DELETE_OTHER_SESSIONS_OF.query().bind(user).bind(keep.to_vec()),
    };
    tx.execute(query).await.map(drop)
}

/// What is kept of a token: 256 random bits need no slow hash.
pub(super) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whether this is the password of a user who is signed in. Tries are counted as those of signing in.
///
/// # Errors
/// [`ProblemCode::RateLimited`] after too many tries.
pub async fn password_fits(services: &Services, client: &Client, user: &User, text: &str) -> Result<bool, Problem> {
    let db = &services.db;
    let buckets = Buckets::of(db, &user.email, client.bucket());
    throttle::count(db, buckets).await?;
    let fits = users::password_fits(db, user.id, text).await?;
    if fits {
        let mut tx = db.begin().await?;
        throttle::forget(&mut tx, buckets).await?;
        tx.commit().await?;
    }
    Ok(fits)
}
