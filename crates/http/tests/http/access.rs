//! Users, sessions and keys.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use clove_core::clock::SECOND;
use clove_http::access::users::{self, NewUser, UserError};
use clove_http::access::{Caller, KeyRing, Role, Scope, cookie, identify, session};
use clove_http::audit::entries;
use clove_http::{Actor, Client, Problem, ProblemCode};

use crate::support::{World, at_the_machine, far_away, on_both, on_postgres};

const PASSWORD: &str = "correct horse battery";

async fn add(world: &World, email: &str, role: Role) -> users::User {
    let user = NewUser { email: email.to_owned(), name: "Ann".to_owned(), role, password: PASSWORD.to_owned() };
    users::create(world.db(), &Actor::command("test"), user).await.unwrap()
}

fn with_cookie(token: &str, client: &Client, pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let name = if client.secure { "__Host-clove_session" } else { "clove_session" };
    let mut headers: HeaderMap =
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect();
    headers.insert(header::COOKIE, HeaderValue::from_str(&format!("{name}={token}")).unwrap());
    headers
}

async fn caller(world: &World, client: &Client, method: Method, headers: &HeaderMap) -> Result<Caller, Problem> {
    identify(&world.services, client, &method, headers).await
}

#[tokio::test]
async fn a_session_lives_until_it_is_idle_too_long_ended_or_its_user_gone() {
    on_both(|world: World| async move {
        let user = add(&world, "Ann@Example.org", Role::Support).await;
        assert_eq!(user.email, "ann@example.org");
        let client = far_away(1);
        let (_, first) = session::sign_in(&world.services, &client, " ANN@example.org ", PASSWORD).await.unwrap();
        let get = with_cookie(&first.token, &client, &[]);
        let seen = caller(&world, &client, Method::GET, &get).await.unwrap();
        assert_eq!(seen.user().unwrap().id, user.id);
        assert!(seen.may(Scope::People) && !seen.may(Scope::Admin) && seen.must_be_owner().is_err());

        let written = cookie::set(&first, &client).unwrap();
        let text = written.to_str().unwrap();
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(text.contains(part), "{text}");
        }
        // A request that changes something must come from a page of ours.
        let refused = caller(&world, &client, Method::POST, &get).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::CrossSite);
        let ours = with_cookie(&first.token, &client, &[("sec-fetch-site", "same-origin")]);
        assert!(caller(&world, &client, Method::POST, &ours).await.is_ok());
        // The token alone is no key.
        let bearer = HeaderMap::from_iter([(
            header::AUTHORIZATION,
            HeaderValue::from_str(&format!("Bearer {}", first.token)).unwrap(),
        )]);
        assert!(caller(&world, &client, Method::GET, &bearer).await.is_err());

        // Each request keeps it alive, an idle day ends it.
        for _ in 0..3 {
            world.clock.advance(session::IDLE_EXPIRY - 10 * 60 * SECOND);
            assert!(caller(&world, &client, Method::GET, &get).await.is_ok());
        }
        world.clock.advance(session::IDLE_EXPIRY + SECOND);
        assert_eq!(caller(&world, &client, Method::GET, &get).await.unwrap_err().code, ProblemCode::Unauthenticated);

        // However busy, it ends after its time.
        let (_, long) = session::sign_in(&world.services, &client, "ann@example.org", PASSWORD).await.unwrap();
        let get = with_cookie(&long.token, &client, &[]);
        let mut lived = 0;
        while caller(&world, &client, Method::GET, &get).await.is_ok() {
            world.clock.advance(session::IDLE_EXPIRY / 2);
            lived += session::IDLE_EXPIRY / 2;
        }
        assert_eq!(lived, session::ABSOLUTE_EXPIRY);

        // A new password ends the other sessions; the end of the user ends all.
        let (_, one) = session::sign_in(&world.services, &client, "ann@example.org", PASSWORD).await.unwrap();
        let (_, two) = session::sign_in(&world.services, &client, "ann@example.org", PASSWORD).await.unwrap();
        let (one, two) = (with_cookie(&one.token, &client, &[]), with_cookie(&two.token, &client, &[]));
        let me = caller(&world, &client, Method::GET, &one).await.unwrap();
        users::set_password(world.db(), &me.actor(), user.id, "another long password", me.session()).await.unwrap();
        assert!(caller(&world, &client, Method::GET, &one).await.is_ok());
        assert!(caller(&world, &client, Method::GET, &two).await.is_err());
        assert!(session::sign_in(&world.services, &client, "ann@example.org", PASSWORD).await.is_err());
        users::delete(world.db(), &me.actor(), user.id).await.unwrap();
        assert!(caller(&world, &client, Method::GET, &one).await.is_err());

        let actions: Vec<String> =
            entries(world.db(), None, None, 100).await.unwrap().into_iter().map(|entry| entry.action).collect();
        for action in ["user.created", "session.created", "user.password_changed", "session.refused", "user.deleted"] {
            assert!(actions.iter().any(|seen| seen == action), "{action} in {actions:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_make_the_next_try_wait() {
    on_both(|world: World| async move {
        add(&world, "ann@example.org", Role::Admin).await;
        add(&world, "bob@example.org", Role::Admin).await;
        let client = far_away(1);
        let mut refused = None;
        for _ in 0..6 {
            let error =
                session::sign_in(&world.services, &client, "ann@example.org", "wrong password").await.unwrap_err();
            refused = Some(error);
        }
        let refused = refused.unwrap();
        assert_eq!((refused.code, refused.retry_after_seconds), (ProblemCode::RateLimited, Some(2)));
        // Also for the right password, from another address; not for others.
        assert!(session::sign_in(&world.services, &far_away(2), "ann@example.org", PASSWORD).await.is_err());
        assert!(session::sign_in(&world.services, &client, "bob@example.org", PASSWORD).await.is_ok());
        world.clock.advance(2 * SECOND);
        assert!(session::sign_in(&world.services, &client, "ann@example.org", PASSWORD).await.is_ok());
        // The right password has cleared the account's count.
        for _ in 0..5 {
            let error =
                session::sign_in(&world.services, &client, "ann@example.org", "wrong password").await.unwrap_err();
            assert_eq!(error.code, ProblemCode::Unauthenticated);
        }
        // Many accounts from one address: the address waits.
        let mut codes = Vec::new();
        for number in 0..40 {
            let email = format!("nobody{number}@example.org");
            codes.push(session::sign_in(&world.services, &far_away(9), &email, "x").await.unwrap_err().code);
        }
        assert_eq!(codes.iter().filter(|code| **code == ProblemCode::Unauthenticated).count(), 30);
        assert!(session::sign_in(&world.services, &far_away(10), "bob@example.org", PASSWORD).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_stays_and_addresses_are_unique() {
    on_both(|world: World| async move {
        let actor = Actor::command("test");
        let owner = add(&world, "owner@example.org", Role::Owner).await;
        let double = NewUser {
            email: "OWNER@example.org".to_owned(),
            name: "x".to_owned(),
            role: Role::Admin,
            password: PASSWORD.to_owned(),
        };
        assert!(matches!(users::create(world.db(), &actor, double).await, Err(UserError::EmailTaken)));
        assert!(matches!(users::delete(world.db(), &actor, owner.id).await, Err(UserError::LastOwner)));
        let demoted = users::update(world.db(), &actor, owner.id, None, Some(Role::Analyst)).await;
        assert!(matches!(demoted, Err(UserError::LastOwner)));
        assert_eq!(users::find(world.db(), owner.id).await.unwrap().unwrap().role, Role::Owner, "nothing was changed");
        add(&world, "second@example.org", Role::Owner).await;
        assert!(users::update(world.db(), &actor, owner.id, Some("Anna"), Some(Role::Analyst)).await.is_ok());
        assert_eq!(users::list(world.db()).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_owner_key_begins_a_session_at_the_machine_alone() {
    on_both(|world: World| async move {
        let services = &world.services;
        let key = services.keys.create_first().await.unwrap().unwrap();
        assert!(services.keys.create_first().await.unwrap().is_none());
        let far = session::sign_in_with_key(services, &far_away(1), &key.key).await.unwrap_err();
        assert_eq!(far.code, ProblemCode::Forbidden);
        let storefront =
            services.keys.create(&Actor::command("test"), "storefront", &[Scope::Ingest], None).await.unwrap();
        assert!(session::sign_in_with_key(services, &at_the_machine(), &storefront.key).await.is_err());
        let (_, begun) = session::sign_in_with_key(services, &at_the_machine(), &key.key).await.unwrap();
        let get = with_cookie(&begun.token, &at_the_machine(), &[]);
        let me = caller(&world, &at_the_machine(), Method::GET, &get).await.unwrap();
        assert!(me.must_be_owner().is_ok() && me.session().is_some());
        // The key's end is the session's end.
        services.keys.withdraw(&Actor::command("test"), &key.details.id).await.unwrap();
        assert!(caller(&world, &at_the_machine(), Method::GET, &get).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn first_starts_at_once_make_one_owner() {
    on_postgres(|world: World| async move {
        let mut starts = tokio::task::JoinSet::new();
        for seed in 10..18 {
            let db = world.other_process(seed).await;
            let keys = KeyRing::open(db).await.unwrap();
            starts.spawn(async move { keys.create_first().await.unwrap().is_some() });
        }
        let made = starts.join_all().await;
        assert_eq!(made.iter().filter(|made| **made).count(), 1, "{made:?}");
        assert_eq!(KeyRing::open(world.db().clone()).await.unwrap().list().await.unwrap().len(), 1);
    })
    .await;
}
