//! The caller of a request.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use clove_core::fact::Source;
use uuid::Uuid;

use super::{ApiKey, Identified, Role, Scope, User, identify};
use crate::audit::{Actor, ActorKind};
use crate::client::Client;
use crate::problem::{Problem, ProblemCode};
use crate::services::Services;

/// How a caller has shown who they are.
#[derive(Debug, Clone)]
pub enum Identity {
    /// With an API key in the request.
    Key(Arc<ApiKey>),
    /// With the session of a user.
    User {
        /// The user.
        user: Arc<User>,
        /// Hash of the session's token.
        session: Vec<u8>,
    },
    /// With a session that an owner's key has begun on the same machine.
    KeySession {
        /// The key.
        key: Arc<ApiKey>,
        /// Hash of the session's token.
        session: Vec<u8>,
    },
}

/// Who is calling.
#[derive(Debug, Clone)]
pub struct Caller {
    /// How they have shown it.
    pub identity: Identity,
    /// Keyed hash of the network address.
    pub address: Option<Uuid>,
}

impl Caller {
    /// The key, if the caller has one.
    pub fn key(&self) -> Option<&ApiKey> {
        match &self.identity {
            Identity::Key(key) | Identity::KeySession { key, .. } => Some(key),
            Identity::User { .. } => None,
        }
    }

    /// The user, if the caller is one.
    pub fn user(&self) -> Option<&User> {
        match &self.identity {
            Identity::User { user, .. } => Some(user),
            Identity::Key(_) | Identity::KeySession { .. } => None,
        }
    }

    /// Hash of the session's token, if the request belongs to one.
    pub fn session(&self) -> Option<&[u8]> {
        match &self.identity {
            Identity::User { session, .. } | Identity::KeySession { session, .. } => Some(session),
            Identity::Key(_) => None,
        }
    }

    /// What the caller may do.
    pub fn scopes(&self) -> &[Scope] {
        match &self.identity {
            Identity::User { user, .. } => user.role.scopes(),
            Identity::Key(key) | Identity::KeySession { key, .. } => &key.scopes,
        }
    }

    /// Whether the caller may do this. `admin` may do everything.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes().contains(&scope) || self.scopes().contains(&Scope::Admin)
    }

    /// Goes on if the caller may do this.
    ///
    /// # Errors
    /// [`ProblemCode::Forbidden`], which names the scope that is missing.
    pub fn must(&self, scope: Scope) -> Result<(), Problem> {
        if self.may(scope) {
            return Ok(());
        }
        let who = match &self.identity {
            Identity::User { user, .. } => format!("the role '{}'", user.role),
            Identity::Key(key) | Identity::KeySession { key, .. } => format!("the key '{}'", key.name),
        };
        Err(Problem::new(ProblemCode::Forbidden, format!("{who} lacks the scope '{scope}'")))
    }

    /// Goes on if the caller is an owner: a user with that role, or the holder of a key that may do everything.
    ///
    /// # Errors
    /// [`ProblemCode::Forbidden`].
    pub fn must_be_owner(&self) -> Result<(), Problem> {
        let is_owner = match &self.identity {
            Identity::User { user, .. } => user.role == Role::Owner,
            Identity::Key(key) | Identity::KeySession { key, .. } => key.may(Scope::Admin),
        };
        if is_owner { Ok(()) } else { Err(Problem::new(ProblemCode::Forbidden, "only an owner may do this")) }
    }

    /// Who it is in the audit log.
    pub fn actor(&self) -> Actor {
        let (kind, id) = match &self.identity {
            Identity::User { user, .. } => (ActorKind::User, user.id.to_string()),
            Identity::Key(key) | Identity::KeySession { key, .. } => (ActorKind::Key, key.id.clone()),
        };
        Actor { kind, id, address: self.address }
    }

    /// The source that facts of this caller belong to.
    ///
    /// # Errors
    /// If the key has none, and the request names none.
    pub fn source(&self, named: Option<&str>) -> Result<Source, Problem> {
        match (named, self.key().and_then(|key| key.source.as_ref())) {
            // A key that is bound to a source cannot speak for another.
            (Some(named), Some(own)) if named != own.as_str() => {
                Err(Problem::new(ProblemCode::Forbidden, format!("the key hands in for the source '{own}' only")))
            }
            (Some(named), None) => named.parse().map_err(|error: clove_core::fact::FactError| {
                Problem::new(ProblemCode::InvalidParameter, format!("source: {error}"))
            }),
            (_, Some(own)) => Ok(own.clone()),
            (None, None) => Err(Problem::new(
                ProblemCode::InvalidParameter,
                "name the system that the facts come from: ?source=shopify:my-shop, or use a key that is bound to one",
            )),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Arc<Services>: FromRef<S>,
{
    type Rejection = Problem;

    /// The caller that the server's layer has found out; without the layer, looked up here.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Caller, Problem> {
        if let Some(Identified(outcome)) = parts.extensions.get::<Identified>() {
            return outcome.clone();
        }
        let services = Arc::<Services>::from_ref(state);
        let client = parts.extensions.get::<Client>().cloned().unwrap_or_default();
        identify(&services, &client, &parts.method, &parts.headers).await
    }
}
