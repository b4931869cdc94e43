//! A batch of facts at work: the subjects and persons it touches, in memory, written at the end.

use std::collections::{BTreeSet, HashMap, HashSet};

use clove_core::HashKey;
use clove_store::{Result, Tx};
use uuid::Uuid;

use super::graph::{Edge, Node, Seen, may_be_shared, tells_customers_apart};
use super::sql;

/// The state of a batch. What is in memory is newer than the tables until `flush`.
pub(super) struct Work<'t> {
    tx: &'t mut Tx,
    key: HashKey,
    limit: i64,
    nodes: HashMap<Uuid, Node>,
    /// All subjects of the persons that are loaded. A person that is not loaded has neither lost nor gained any.
    members: HashMap<Uuid, Vec<Uuid>>,
    /// Of handles that may be shared: with how many others of each channel they were seen.
    counts: HashMap<Uuid, HashMap<String, i64>>,
    known_edges: HashSet<Uuid>,
    unmerged: HashSet<Uuid>,
    dirty: BTreeSet<Uuid>,
    new_edges: Vec<Edge>,
    changes: Vec<(i64, Uuid, Uuid, Uuid)>,
    /// Of the fact at hand: subjects seen for the first time, and the persons that subjects had before.
    born: HashSet<Uuid>,
    moved: HashMap<Uuid, Uuid>,
}

impl<'t> Work<'t> {
    /// Loads what the facts touch, in a few statements.
    pub(super) async fn begin(tx: &'t mut Tx, limit: u32, facts: &[Seen]) -> Result<Work<'t>> {
        let distinct =
            |ids: &mut dyn Iterator<Item = Uuid>| ids.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
        let subjects = distinct(&mut facts.iter().flat_map(|fact| fact.subjects.iter().map(|(subject, _)| *subject)));
        let merges = distinct(&mut facts.iter().flat_map(|fact| fact.edges.iter().map(|edge| edge.merge)));
        let mut nodes: HashMap<Uuid, Node> = sql::nodes(tx, &subjects).await?.into_iter().collect();
        let known_edges: HashSet<Uuid> = sql::known_edges(tx, &merges).await?.into_iter().collect();
        let new: Vec<&Edge> =
            facts.iter().flat_map(|fact| &fact.edges).filter(|edge| !known_edges.contains(&edge.merge)).collect();
        let new_merges = distinct(&mut new.iter().map(|edge| edge.merge));
        let unmerged = sql::unmerged(tx, &new_merges).await?.into_iter().collect();

        let ends = distinct(&mut new.iter().flat_map(|edge| [edge.a, edge.b]).filter(|end| nodes.contains_key(end)));
        let persons = distinct(&mut ends.iter().map(|end| nodes[end].person));
        let mut members: HashMap<Uuid, Vec<Uuid>> = HashMap::with_capacity(persons.len());
        for (subject, node) in sql::members(tx, &persons).await? {
            members.entry(node.person).or_default().push(subject);
            nodes.insert(subject, node);
        }
        let mut counts: HashMap<Uuid, HashMap<String, i64>> = HashMap::new();
        for (subject, channel, count) in sql::neighbours(tx, &ends).await? {
            counts.entry(subject).or_default().insert(channel, count);
        }
        Ok(Work {
            key: tx.db().hash_key().clone(),
            tx,
            limit: i64::from(limit),
            nodes,
            members,
            counts,
            known_edges,
            unmerged,
            dirty: BTreeSet::new(),
            new_edges: Vec::new(),
            changes: Vec::new(),
            born: HashSet::new(),
            moved: HashMap::new(),
        })
    }

    /// Takes in what a fact shows.
    pub(super) async fn take(&mut self, fact: &Seen) -> Result<()> {
        let mut named = Vec::new();
        for (subject, channel) in &fact.subjects {
            match self.nodes.get_mut(subject) {
                None => {
                    let node = Node { person: *subject, channel: channel.clone(), first_fact: None, shared: false };
                    self.nodes.insert(*subject, node);
                    self.members.insert(*subject, vec![*subject]);
                    self.born.insert(*subject);
                    self.dirty.insert(*subject);
                }
                Some(node) if node.channel.is_empty() && !channel.is_empty() => {
                    node.channel.clone_from(channel);
                    self.dirty.insert(*subject);
                    named.push(*subject);
                }
                Some(_) => {}
            }
        }
        self.note_fact(fact.own, fact.seq).await?;
        let mut newly_shared = Vec::new();
        for edge in &fact.edges {
            if !self.known_edges.insert(edge.merge) {
                continue;
            }
            self.new_edges.push(edge.clone());
            if edge.automatic {
                newly_shared.extend(self.count(edge.a, edge.b));
                newly_shared.extend(self.count(edge.b, edge.a));
            }
            let counts = !edge.automatic || !(self.nodes[&edge.a].shared || self.nodes[&edge.b].shared);
            if counts && !self.unmerged.contains(&edge.merge) {
                self.join(edge.a, edge.b).await?;
            }
        }
        if !newly_shared.is_empty() {
            let persons = newly_shared.iter().map(|subject| self.nodes[subject].person).collect();
            self.resolve(persons).await?;
        }
        if !named.is_empty() {
            // A subject that was nameless is a handle: that may tell that it, or one seen with it, is shared.
            self.flush().await?;
            named.extend(sql::others(self.tx, &named).await?);
            let persons = self.recount(&named).await?;
            self.resolve(persons).await?;
        }
        Ok(())
    }

    /// A fact was taken in under a subject: its first one may give the person its id.
    async fn note_fact(&mut self, subject: Uuid, seq: i64) -> Result<()> {
        let node = self.nodes.get_mut(&subject).expect("taken in before");
        if node.first_fact.is_some_and(|first| first <= seq) {
            return Ok(());
        }
        node.first_fact = Some(seq);
        self.dirty.insert(subject);
        let person = node.person;
        if person == subject {
            return Ok(());
        }
        self.load_members(person).await?;
        if self.nodes[&subject].age(subject) < self.nodes[&person].age(person) {
            let members = self.members.remove(&person).unwrap_or_default();
            for member in &members {
                self.assign(*member, subject);
            }
            self.members.insert(subject, members);
        }
        Ok(())
    }

    /// Counts a subject that another was seen with; the other, if that makes it a shared handle.
    fn count(&mut self, subject: Uuid, other: Uuid) -> Option<Uuid> {
        let channel = &self.nodes[&other].channel;
        if !may_be_shared(&self.nodes[&subject].channel) || !tells_customers_apart(channel) {
            return None;
        }
        let counts = self.counts.entry(subject).or_default();
        let count = counts.entry(channel.clone()).or_default();
        *count += 1;
        if *count <= self.limit || self.nodes[&subject].shared {
            return None;
        }
        self.set_shared(subject, true);
        Some(subject)
    }

    fn set_shared(&mut self, subject: Uuid, shared: bool) {
        if let Some(node) = self.nodes.get_mut(&subject) {
            node.shared = shared;
            self.dirty.insert(subject);
        }
    }

    /// Two persons become one: the older one.
    async fn join(&mut self, a: Uuid, b: Uuid) -> Result<()> {
        let (left, right) = (self.nodes[&a].person, self.nodes[&b].person);
        if left == right {
            return Ok(());
        }
        self.load_members(left).await?;
        self.load_members(right).await?;
        let left_is_older = self.nodes[&left].age(left) < self.nodes[&right].age(right);
        let (kept, given_up) = if left_is_older { (left, right) } else { (right, left) };
        let moving = self.members.remove(&given_up).unwrap_or_default();
        for member in &moving {
            self.assign(*member, kept);
        }
        self.members.entry(kept).or_default().extend(moving);
        Ok(())
    }

    async fn load_members(&mut self, person: Uuid) -> Result<()> {
        if !self.members.contains_key(&person) {
            let mut subjects = Vec::new();
            for (subject, node) in sql::members(self.tx, &[person]).await? {
                subjects.push(subject);
                self.nodes.entry(subject).or_insert(node);
            }
            self.members.insert(person, subjects);
        }
        Ok(())
    }

    fn assign(&mut self, subject: Uuid, person: Uuid) {
        if let Some(node) = self.nodes.get_mut(&subject)
            && node.person != person
        {
            self.moved.entry(subject).or_insert(node.person);
            node.person = person;
            self.dirty.insert(subject);
        }
    }

    /// Takes an edge back, if it is there; what it joined and nothing else joins falls apart.
    pub(super) async fn unmerge(&mut self, merge: Uuid, seq: i64) -> Result<()> {
        self.unmerged.insert(merge);
        self.flush().await?;
        sql::put_unmerged(self.tx, &[(merge, seq)]).await?;
        let Some((a, b)) = sql::edge_ends(self.tx, merge).await? else { return Ok(()) };
        let persons = sql::nodes(self.tx, &[a, b]).await?.into_iter().map(|(_, node)| node.person).collect();
        self.resolve(persons).await
    }

    /// Erases subjects: those with facts stay one person, without handles; those of handles alone vanish.
    pub(super) async fn erase(&mut self, fact: &Seen) -> Result<()> {
        let (subjects, seq) = (&fact.erases[..], fact.seq);
        if subjects.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        sql::put_kept_shared(self.tx, &fact.keeps_shared, seq).await?;
        let mut others: Vec<Uuid> = sql::others(self.tx, subjects).await?;
        others.extend(&fact.keeps_shared);
        others.retain(|other| !subjects.contains(other));
        others.sort_unstable();
        others.dedup();
        let found = sql::nodes(self.tx, subjects).await?;
        let mut persons: BTreeSet<Uuid> = found.iter().map(|(_, node)| node.person).collect();
        sql::delete_edges(self.tx, subjects).await?;
        let (mut staying, vanishing): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, node)| node.first_fact.is_some());
        let vanishing: Vec<Uuid> = vanishing.into_iter().map(|(subject, _)| subject).collect();
        sql::delete_nodes(self.tx, &vanishing).await?;
        for subject in &vanishing {
            self.nodes.remove(subject);
            self.counts.remove(subject);
        }
        staying.sort_by_key(|(subject, node)| node.age(*subject));
        for (position, (subject, node)) in staying.iter().enumerate() {
            let nameless = Node { channel: String::new(), shared: false, ..node.clone() };
            self.nodes.insert(*subject, nameless);
            self.dirty.insert(*subject);
            if position > 0 {
                let (first, other) = (staying[0].0, *subject);
                let parts = [first.simple().to_string(), other.simple().to_string()];
                let merge = self.key.hash("erased together", &[&parts[0], &parts[1]]);
                let (a, b) = (first.min(other), first.max(other));
                self.new_edges.push(Edge { merge, a, b, automatic: false, reason: "erased".to_owned(), seq });
            }
        }
        self.flush().await?;
        let known: Vec<Uuid> = self.known_edges.iter().copied().collect();
        self.known_edges = sql::known_edges(self.tx, &known).await?.into_iter().collect();
        persons.extend(self.recount(&others).await?);
        self.resolve(persons).await
    }

    /// Counts anew what handles were seen with. Returns the persons that hang on those that became shared, or ceased to be.
    async fn recount(&mut self, subjects: &[Uuid]) -> Result<BTreeSet<Uuid>> {
        self.flush().await?;
        for (subject, node) in sql::nodes(self.tx, subjects).await? {
            self.nodes.insert(subject, node);
            self.counts.remove(&subject);
        }
        for (subject, channel, count) in sql::neighbours(self.tx, subjects).await? {
            self.counts.entry(subject).or_default().insert(channel, count);
        }
        let kept: HashSet<Uuid> = sql::kept_shared(self.tx, subjects).await?.into_iter().collect();
        let mut changed = Vec::new();
        for &subject in subjects {
            let Some(node) = self.nodes.get(&subject) else { continue };
            let crowded = self.counts.get(&subject).is_some_and(|counts| {
                counts.iter().any(|(channel, &count)| tells_customers_apart(channel) && count > self.limit)
            });
            let shared = may_be_shared(&node.channel) && crowded || kept.contains(&subject);
            if shared != node.shared {
                self.set_shared(subject, shared);
                changed.push(subject);
            }
        }
        changed.extend(sql::others(self.tx, &changed).await?);
        Ok(sql::nodes(self.tx, &changed).await?.into_iter().map(|(_, node)| node.person).collect())
    }

    /// Finds the components of some persons anew, from all their edges that count.
    async fn resolve(&mut self, persons: BTreeSet<Uuid>) -> Result<()> {
        if persons.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        let persons: Vec<Uuid> = persons.into_iter().collect();
        for person in &persons {
            self.members.remove(person);
        }
        let rows = sql::members(self.tx, &persons).await?;
        let subjects: Vec<Uuid> = rows.iter().map(|(subject, _)| *subject).collect();
        self.nodes.extend(rows);
        let mut parents: HashMap<Uuid, Uuid> = subjects.iter().map(|&subject| (subject, subject)).collect();
        for (a, b, automatic) in sql::effective_edges(self.tx, &subjects).await? {
            if !parents.contains_key(&b) || automatic && (self.nodes[&a].shared || self.nodes[&b].shared) {
                continue;
            }
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            parents.insert(a, b);
        }
        let mut components: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for &subject in &subjects {
            components.entry(root(&mut parents, subject)).or_default().push(subject);
        }
        for members in components.into_values() {
            let Some(&person) = members.iter().min_by_key(|member| self.nodes[member].age(**member)) else { continue };
            for member in &members {
                self.assign(*member, person);
            }
            self.members.insert(person, members);
        }
        Ok(())
    }

    /// Logs which subjects the fact moved.
    pub(super) fn end_of_fact(&mut self, seq: i64) {
        let mut moved: Vec<(Uuid, Uuid)> = self.moved.drain().collect();
        moved.sort_unstable();
        for (subject, from) in moved {
            if let Some(node) = self.nodes.get(&subject)
                && node.person != from
                && !self.born.contains(&subject)
            {
                self.changes.push((seq, subject, from, node.person));
            }
        }
        self.born.clear();
    }

    async fn flush(&mut self) -> Result<()> {
        let dirty = std::mem::take(&mut self.dirty);
        let nodes: Vec<(Uuid, &Node)> =
            dirty.into_iter().filter_map(|subject| self.nodes.get(&subject).map(|node| (subject, node))).collect();
        sql::put_nodes(self.tx, &nodes).await?;
        sql::put_edges(self.tx, &std::mem::take(&mut self.new_edges)).await
    }

    /// Writes everything.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.flush().await?;
        sql::put_changes(self.tx, &self.changes).await
    }
}

fn root(parents: &mut HashMap<Uuid, Uuid>, mut node: Uuid) -> Uuid {
    while parents[&node] != node {
        let grandparent = parents[&parents[&node]];
        parents.insert(node, grandparent);
        node = grandparent;
    }
    node
}
