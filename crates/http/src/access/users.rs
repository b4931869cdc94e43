//! People who sign in: made, listed, changed, taken away.

use clove_core::contact::normal_email;
use clove_core::{Micros, UserId};
use clove_store::{Db, Result, StoreError, Tx};
use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Role, password, session};
use crate::audit::{self, Actor};

clove_store::statements! {
    INSERT_USER = both("INSERT INTO user_account (id, email, name, role, password_hash, created_at, password_changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (email) DO NOTHING");
    SELECT_USERS = both("SELECT id, email, name, role, created_at, password_changed_at FROM user_account ORDER BY created_at, id");
    SELECT_USER = both("SELECT id, email, name, role, created_at, password_changed_at FROM user_account WHERE id = $1");
    SELECT_PASSWORD = both("SELECT id, password_hash FROM user_account WHERE email = $1");
    SELECT_PASSWORD_OF = both("SELECT id, password_hash FROM user_account WHERE id = $1");
    UPDATE_USER = both("UPDATE user_account SET name = $1, role = $2 WHERE id = $3");
    UPDATE_PASSWORD = both("UPDATE user_account SET password_hash = $1, password_changed_at = $2 WHERE id = $3");
    DELETE_USER = both("DELETE FROM user_account WHERE id = $1");
    COUNT_OWNERS = both("SELECT count(*) FROM user_account WHERE role = 'owner'");
    /// Two changes at once must not take away one of the last two owners each. SQLite has one writer at a time anyway.
    LOCK_USERS = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(4718)");
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// The id.
    #[schema(value_type = String, example = "usr_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    pub id: UserId,
    /// The e-mail address, in lower case: what they sign in with.
    #[schema(example = "ann@example.org")]
    pub email: String,
    /// How to call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When they were added, microseconds since 1970.
    pub created_at: Micros,
    /// When the password was last changed.
    pub password_changed_at: Micros,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The e-mail address, in any spelling.
    pub email: String,
    /// How to call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password, which [`password::acceptable`] has found good.
    pub password: String,
}

/// Why users were not changed.
#[derive(Debug)]
pub enum UserError {
    /// Another user has this e-mail address.
    EmailTaken,
    /// The shop would have no owner left.
    LastOwner,
    /// The store failed, or there is no such user.
    Store(StoreError),
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> UserError {
        UserError::Store(error)
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    created_at: i64,
    password_changed_at: i64,
}

impl TryFrom<Row> for User {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<User> {
        let id = UserId(row.id);
        let role = row.role.parse().map_err(|error| StoreError::Migration { reason: format!("user {id}: {error}") })?;
        let Row { email, name, created_at, password_changed_at, .. } = row;
        Ok(User { id, email, name, role, created_at, password_changed_at })
    }
}

/// All users, oldest first.
pub async fn list(db: &Db) -> Result<Vec<User>> {
    let rows: Vec<Row> = db.read_all(SELECT_USERS.query()).await?;
    rows.into_iter().map(User::try_from).collect()
}

/// A user.
pub async fn find(db: &Db, id: UserId) -> Result<Option<User>> {
    db.read_optional::<Row>(SELECT_USER.query().bind(id)).await?.map(User::try_from).transpose()
}

/// Makes a user.
pub async fn create(db: &Db, actor: &Actor, user: NewUser) -> Result<User, UserError> {
    let hash = password::hash(&user.password, db.ids()).await?;
    let now = db.now();
    let id = UserId(db.ids().uuid(now));
    let email = normal_email(&user.email).into_owned();
    let mut tx = db.begin().await?;
    let insert = INSERT_USER
        .query()
        .bind(id)
        .bind(email.as_str())
        .bind(user.name.as_str())
        .bind(user.role.name())
        .bind(hash)
        .bind(now);
    if tx.execute(insert).await? == 0 {
        return Err(UserError::EmailTaken);
    }
    audit::record(&mut tx, actor, "user.created", Some(&id.to_string()), Some(&json!({"role": user.role.name()})))
        .await?;
    tx.commit().await?;
    Ok(User { id, email, name: user.name, role: user.role, created_at: now, password_changed_at: now })
}

/// Changes name and role. A new role holds from the next request of every session.
pub async fn update(
    db: &Db,
    actor: &Actor,
    id: UserId,
    name: Option<&str>,
    role: Option<Role>,
) -> Result<User, UserError> {
    let mut tx = db.begin().await?;
    tx.fetch_all::<(i32,)>(LOCK_USERS.query()).await?;
    let before = locked(&mut tx, id).await?;
    let after =
        User { name: name.unwrap_or(&before.name).to_owned(), role: role.unwrap_or(before.role), ..before.clone() };
    tx.execute(UPDATE_USER.query().bind(after.name.as_str()).bind(after.role.name()).bind(id)).await?;
    keep_an_owner(&mut tx, &before).await?;
    let details =
        json!({"role_before": before.role.name(), "role": after.role.name(), "renamed": before.name != after.name});
    audit::record(&mut tx, actor, "user.changed", Some(&id.to_string()), Some(&details)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes a user away, with all sessions.
pub async fn delete(db: &Db, actor: &Actor, id: UserId) -> Result<(), UserError> {
    let mut tx = db.begin().await?;
    tx.fetch_all::<(i32,)>(LOCK_USERS.query()).await?;
    let before = locked(&mut tx, id).await?;
    tx.execute(DELETE_USER.query().bind(id)).await?;
    keep_an_owner(&mut tx, &before).await?;
    session::end_all(&mut tx, id, None).await?;
    audit::record(&mut tx, actor, "user.deleted", Some(&id.to_string()), Some(&json!({"role": before.role.name()})))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Sets a password, and ends all sessions of the user but `keep`.
pub async fn set_password(db: &Db, actor: &Actor, id: UserId, new: &str, keep: Option<&[u8]>) -> Result<()> {
    let hash = password::hash(new, db.ids()).await?;
    let mut tx = db.begin().await?;
    if tx.execute(UPDATE_PASSWORD.query().bind(hash).bind(db.now()).bind(id)).await? == 0 {
        return Err(missing(id));
    }
    session::end_all(&mut tx, id, keep).await?;
    audit::record(&mut tx, actor, "user.password_changed", Some(&id.to_string()), None).await?;
    tx.commit().await
}

/// The user with this e-mail address, and the hash of their password.
pub(super) async fn password_of_email(db: &Db, email: &str) -> Result<Option<(UserId, String)>> {
    let row: Option<(Uuid, String)> = db.read_optional(SELECT_PASSWORD.query().bind(email)).await?;
    Ok(row.map(|(id, hash)| (UserId(id), hash)))
}

/// Whether this is the password of a user.
pub(super) async fn password_fits(db: &Db, id: UserId, text: &str) -> Result<bool> {
    let row: Option<(Uuid, String)> = db.read_optional(SELECT_PASSWORD_OF.query().bind(id)).await?;
    password::verify(text, row.as_ref().map(|(_, hash)| hash.as_str())).await
}

async fn locked(tx: &mut Tx, id: UserId) -> Result<User> {
    tx.fetch_optional::<Row>(SELECT_USER.query().bind(id)).await?.ok_or_else(|| missing(id))?.try_into()
}

async fn keep_an_owner(tx: &mut Tx, before: &User) -> Result<(), UserError> {
    let (owners,): (i64,) = tx.fetch_one(COUNT_OWNERS.query()).await?;
    if before.role == Role::Owner && owners == 0 { Err(UserError::LastOwner) } else { Ok(()) }
}

fn missing(id: UserId) -> StoreError {
    StoreError::NotFound(format!("user {id}"))
}
