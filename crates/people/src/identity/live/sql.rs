//! The tables of identity: reading and writing many rows at a time.

use clove_core::SubjectId;
use clove_store::{Db, Result, Tx};
use uuid::Uuid;

use super::graph::{Edge, Node};
use crate::rows::{for_ids, for_rows};

clove_store::statements! {
    SELECT_NODES = rows(1, "SELECT subject, person, channel, first_fact, shared FROM person_subject WHERE subject IN ({rows})");
    SELECT_MEMBERS = rows(1, "SELECT subject, person, channel, first_fact, shared FROM person_subject WHERE person IN ({rows})");
    UPSERT_NODES = rows(5, "INSERT INTO person_subject (subject, person, channel, first_fact, shared) VALUES {rows} \
        ON CONFLICT (subject) DO UPDATE SET person = excluded.person, channel = excluded.channel, first_fact = excluded.first_fact, \
        shared = excluded.shared");
    SELECT_KNOWN_EDGES = rows(1, "SELECT merge FROM identity_edge WHERE merge IN ({rows})");
    INSERT_EDGES = rows(6, "INSERT INTO identity_edge (merge, a, b, automatic, reason, seq) VALUES {rows} \
        ON CONFLICT (merge) DO NOTHING");
    SELECT_UNMERGED = rows(1, "SELECT merge FROM identity_unmerge WHERE merge IN ({rows})");
    INSERT_UNMERGED = rows(2, "INSERT INTO identity_unmerge (merge, seq) VALUES {rows} ON CONFLICT (merge) DO NOTHING");
    SELECT_EDGE_ENDS = both("SELECT a, b FROM identity_edge WHERE merge = $1");
    SELECT_EFFECTIVE_EDGES = rows(1, "SELECT e.a, e.b, e.automatic FROM identity_edge AS e WHERE e.a IN ({rows}) \
        AND NOT EXISTS (SELECT 1 FROM identity_unmerge AS u WHERE u.merge = e.merge)");
    /// How many different others each subject was seen with, per channel of the others.
    SELECT_NEIGHBOURS = rows(1, "SELECT n.node, s.channel, count(*) FROM (\
        SELECT a AS node, b AS other FROM identity_edge WHERE automatic AND a IN ({rows}) \
        UNION ALL SELECT b AS node, a AS other FROM identity_edge WHERE automatic AND b IN ({rows})) AS n \
        JOIN person_subject AS s ON s.subject = n.other GROUP BY n.node, s.channel");
    SELECT_OTHERS = rows(1, "SELECT b FROM identity_edge WHERE a IN ({rows}) UNION SELECT a FROM identity_edge WHERE b IN ({rows})");
    DELETE_EDGES = rows(1, "DELETE FROM identity_edge WHERE a IN ({rows}) OR b IN ({rows})");
    DELETE_NODES = rows(1, "DELETE FROM person_subject WHERE subject IN ({rows})");
    INSERT_KEPT_SHARED = rows(2, "INSERT INTO identity_kept_shared (subject, seq) VALUES {rows} ON CONFLICT (subject) DO NOTHING");
    SELECT_KEPT_SHARED = rows(1, "SELECT subject FROM identity_kept_shared WHERE subject IN ({rows})");
    RESET_KEPT_SHARED = both("DELETE FROM identity_kept_shared");
    INSERT_CHANGES = rows(4, "INSERT INTO person_change (seq, subject, from_person, to_person) VALUES {rows} \
        ON CONFLICT (seq, subject) DO UPDATE SET to_person = excluded.to_person");
    RESET_NODES = both("DELETE FROM person_subject");
    RESET_EDGES = both("DELETE FROM identity_edge");
    RESET_UNMERGED = both("DELETE FROM identity_unmerge");
    RESET_CHANGES = both("DELETE FROM person_change");
    SELECT_JOINS = both("SELECT e.merge, e.a, e.b, e.automatic, e.reason, e.seq, u.seq FROM identity_edge AS e \
        JOIN person_subject AS s ON s.subject = e.a LEFT JOIN identity_unmerge AS u ON u.merge = e.merge \
        WHERE s.person = $1 ORDER BY e.seq, e.merge");
    SELECT_SHARED = both("SELECT subject, channel FROM person_subject WHERE shared = $1 ORDER BY channel, subject LIMIT $2");
}

type NodeRow = (Uuid, Uuid, String, Option<i64>, bool);

fn node((subject, person, channel, first_fact, shared): NodeRow) -> (Uuid, Node) {
    (subject, Node { person, channel, first_fact, shared })
}

pub(super) async fn nodes(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<(Uuid, Node)>> {
    Ok(for_ids::<NodeRow>(tx, SELECT_NODES, subjects).await?.into_iter().map(node).collect())
}

pub(super) async fn members(tx: &mut Tx, persons: &[Uuid]) -> Result<Vec<(Uuid, Node)>> {
    Ok(for_ids::<NodeRow>(tx, SELECT_MEMBERS, persons).await?.into_iter().map(node).collect())
}

pub(super) async fn put_nodes(tx: &mut Tx, nodes: &[(Uuid, &Node)]) -> Result<()> {
    for_rows(tx, UPSERT_NODES, nodes, |query, (subject, node)| {
        query.push(*subject);
        query.push(node.person);
        query.push(node.channel.as_str());
        query.push(node.first_fact);
        query.push(node.shared);
    })
    .await
    .map(drop)
}

pub(super) async fn delete_nodes(tx: &mut Tx, subjects: &[Uuid]) -> Result<()> {
    for_rows(tx, DELETE_NODES, subjects, |query, subject| query.push(*subject)).await.map(drop)
}

pub(super) async fn known_edges(tx: &mut Tx, merges: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(for_ids::<(Uuid,)>(tx, SELECT_KNOWN_EDGES, merges).await?.into_iter().map(|(merge,)| merge).collect())
}

pub(super) async fn unmerged(tx: &mut Tx, merges: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(for_ids::<(Uuid,)>(tx, SELECT_UNMERGED, merges).await?.into_iter().map(|(merge,)| merge).collect())
}

pub(super) async fn put_edges(tx: &mut Tx, edges: &[Edge]) -> Result<()> {
    for_rows(tx, INSERT_EDGES, edges, |query, edge| {
        query.push(edge.merge);
        query.push(edge.a);
        query.push(edge.b);
        query.push(edge.automatic);
        query.push(edge.reason.as_str());
        query.push(edge.seq);
    })
    .await
    .map(drop)
}

pub(super) async fn put_unmerged(tx: &mut Tx, merges: &[(Uuid, i64)]) -> Result<()> {
    for_rows(tx, INSERT_UNMERGED, merges, |query, (merge, seq)| {
        query.push(*merge);
        query.push(*seq);
    })
    .await
    .map(drop)
}

/// Notes handles that stay shared.
pub(super) async fn put_kept_shared(tx: &mut Tx, subjects: &[Uuid], seq: i64) -> Result<()> {
    for_rows(tx, INSERT_KEPT_SHARED, subjects, |query, subject| {
        query.push(*subject);
        query.push(seq);
    })
    .await
    .map(drop)
}

/// Those of some handles that stay shared.
pub(super) async fn kept_shared(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(for_ids::<(Uuid,)>(tx, SELECT_KEPT_SHARED, subjects).await?.into_iter().map(|(subject,)| subject).collect())
}

/// Both ends of an edge.
pub(super) async fn edge_ends(tx: &mut Tx, merge: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    tx.fetch_optional(SELECT_EDGE_ENDS.query().bind(merge)).await
}

/// Edges that were not taken back and begin at one of the subjects: their ends, and whether they are automatic.
pub(super) async fn effective_edges(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<(Uuid, Uuid, bool)>> {
    for_ids(tx, SELECT_EFFECTIVE_EDGES, subjects).await
}

/// With how many different subjects of each channel each of the subjects was seen.
pub(super) async fn neighbours(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<(Uuid, String, i64)>> {
    for_ids(tx, SELECT_NEIGHBOURS, subjects).await
}

/// The subjects at the other ends of all edges of some.
pub(super) async fn others(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(for_ids::<(Uuid,)>(tx, SELECT_OTHERS, subjects).await?.into_iter().map(|(subject,)| subject).collect())
}

pub(super) async fn delete_edges(tx: &mut Tx, subjects: &[Uuid]) -> Result<()> {
    for_rows(tx, DELETE_EDGES, subjects, |query, subject| query.push(*subject)).await.map(drop)
}

/// Rows of (fact, subject, from, to).
pub(super) async fn put_changes(tx: &mut Tx, changes: &[(i64, Uuid, Uuid, Uuid)]) -> Result<()> {
    for_rows(tx, INSERT_CHANGES, changes, |query, (seq, subject, from, to)| {
        query.push(*seq);
        query.push(*subject);
        query.push(*from);
        query.push(*to);
    })
    .await
    .map(drop)
}

pub(super) async fn reset(tx: &mut Tx) -> Result<()> {
    for text in [RESET_NODES, RESET_EDGES, RESET_UNMERGED, RESET_KEPT_SHARED, RESET_CHANGES] {
        tx.execute(text.query()).await?;
    }
    Ok(())
}

type JoinRow = (Uuid, Uuid, Uuid, bool, String, i64, Option<i64>);

pub(super) async fn joins(db: &Db, person: Uuid) -> Result<Vec<JoinRow>> {
    db.read_all(SELECT_JOINS.query().bind(person)).await
}

pub(super) async fn shared(db: &Db, limit: usize) -> Result<Vec<(SubjectId, String)>> {
    let rows: Vec<(Uuid, String)> = db.read_all(SELECT_SHARED.query().bind(true).bind(limit as i64)).await?;
    Ok(rows.into_iter().map(|(subject, channel)| (SubjectId(subject), channel)).collect())
}
