//! Evidence of consent, and the rule that makes a state of it. See `docs/decisions/0010-consent.md`.

use clove_core::fact::ConsentChange;
use clove_core::{FactBody, Micros, Personal};
use clove_store::StoredFact;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A piece of evidence: when, and the fact that proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// When it was given or taken back.
    pub at: Micros,
    /// Number of the fact.
    pub seq: i64,
}

/// The newest evidence of each sort for one channel and purpose. Two of them are put together sort by sort, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proof {
    /// The person said yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted: Option<Evidence>,
    /// The person said no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Evidence>,
    /// The person filled in a form and has yet to confirm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested: Option<Evidence>,
    /// Another system says yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_elsewhere: Option<Evidence>,
    /// Another system says that the person took it back there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_elsewhere: Option<Evidence>,
    /// Another system's flag is off: taken back there, or never given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_elsewhere: Option<Evidence>,
}

/// What a consent comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// Given.
    Granted,
    /// Taken back, or refused.
    Withdrawn,
    /// Asked for and not confirmed: not given.
    Pending,
}

/// A state with the evidence that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The state.
    pub state: ConsentState,
    /// What decided.
    pub evidence: Evidence,
}

impl Proof {
    /// Puts another proof in.
    pub fn merge(&mut self, other: &Proof) {
        for (mine, theirs) in [
            (&mut self.granted, other.granted),
            (&mut self.withdrawn, other.withdrawn),
            (&mut self.requested, other.requested),
            (&mut self.granted_elsewhere, other.granted_elsewhere),
            (&mut self.withdrawn_elsewhere, other.withdrawn_elsewhere),
            (&mut self.off_elsewhere, other.off_elsewhere),
        ] {
            *mine = theirs.max(*mine);
        }
    }

    /// What it comes to; `None` without any evidence.
    ///
    /// The later word of the person counts; of a yes and a no of the same moment, the no. That the person took it back elsewhere counts
    /// against an earlier yes; another system's yes never counts against the person's own no. A flag that is off elsewhere is a no
    /// where it was on before, or where the person said nothing. A form that waits for confirmation gives nothing.
    pub fn decision(&self) -> Option<Decision> {
        let granted = |evidence| Decision { state: ConsentState::Granted, evidence };
        let withdrawn = |evidence| Decision { state: ConsentState::Withdrawn, evidence };
        let later = |no: Option<Evidence>, yes: Option<Evidence>| match (no, yes) {
            (Some(no), Some(yes)) if yes.at > no.at => Some(granted(yes)),
            (Some(no), _) => Some(withdrawn(no)),
            (None, yes) => yes.map(granted),
        };
        let own = later(self.withdrawn, self.granted);
        let off = self.off_elsewhere.filter(|_| self.granted_elsewhere.is_some() || own.is_none());
        let elsewhere = later(self.withdrawn_elsewhere.max(off), self.granted_elsewhere);
        let decided = match (own, elsewhere) {
            (Some(own), _) if own.state == ConsentState::Withdrawn => Some(own),
            (Some(own), Some(elsewhere))
                if elsewhere.state == ConsentState::Withdrawn && elsewhere.evidence.at >= own.evidence.at =>
            {
                Some(elsewhere)
            }
            (Some(own), _) => Some(own),
            (None, elsewhere) => elsewhere,
        };
        match (decided, self.requested) {
            (Some(decided), _) if decided.state == ConsentState::Granted => Some(decided),
            (Some(decided), Some(asked)) if asked.at <= decided.evidence.at => Some(decided),
            (_, Some(asked)) => Some(Decision { state: ConsentState::Pending, evidence: asked }),
            (decided, None) => decided,
        }
    }
}

/// What a fact says of consents: channel, purpose, proof.
pub(crate) fn proofs_of(fact: &StoredFact, personal: Option<&Personal>) -> Vec<(String, String, Proof)> {
    let evidence = |at| Some(Evidence { at, seq: fact.seq });
    let told = |change: &ConsentChange, proof: Proof| vec![(change.channel.clone(), change.purpose.clone(), proof)];
    let now = evidence(fact.occurred_at);
    match &*fact.body {
        FactBody::ConsentGranted(change) if change.is_asserted() => {
            told(change, Proof { granted_elsewhere: now, ..Proof::default() })
        }
        FactBody::ConsentGranted(change) => told(change, Proof { granted: now, ..Proof::default() }),
        FactBody::ConsentWithdrawn(change) if change.is_asserted() => {
            told(change, Proof { withdrawn_elsewhere: now, ..Proof::default() })
        }
        FactBody::ConsentWithdrawn(change) => told(change, Proof { withdrawn: now, ..Proof::default() }),
        FactBody::ConsentRequested(change) => told(change, Proof { requested: now, ..Proof::default() }),
        FactBody::CustomerProfile(profile) => {
            let value = |name: &str| profile.attributes.get(name).map(|text| Value::String(text.clone()));
            elsewhere(&value, now)
        }
        FactBody::Identify(identify) => {
            let fields = personal.map(|personal| &personal.fields);
            let value =
                |name: &str| identify.traits.get(name).or_else(|| fields.and_then(|fields| fields.get(name))).cloned();
            elsewhere(&value, now)
        }
        _ => Vec::new(),
    }
}

/// Fields of profiles by which other systems say whether they may write to the person: names, channel.
const FIELDS: [(&str, &[&str]); 2] = [
    (
        "email",
        &[
            "accepts_marketing",
            "email_marketing_consent",
            "accepts_email_marketing",
            "marketing_opt_in",
            "email_opt_in",
            "emailOptIn",
            "marketingOptIn",
            "acceptsMarketing",
        ],
    ),
    ("sms", &["sms_marketing_consent", "accepts_sms_marketing", "sms_opt_in", "smsOptIn"]),
];

fn elsewhere(value: &dyn Fn(&str) -> Option<Value>, now: Option<Evidence>) -> Vec<(String, String, Proof)> {
    FIELDS
        .iter()
        .filter_map(|(channel, names)| {
            let proof = match names.iter().find_map(|name| value(name).as_ref().and_then(flag))? {
                Flag::On => Proof { granted_elsewhere: now, ..Proof::default() },
                Flag::Off => Proof { off_elsewhere: now, ..Proof::default() },
                Flag::TakenBack => Proof { withdrawn_elsewhere: now, ..Proof::default() },
            };
            Some(((*channel).to_owned(), "marketing".to_owned(), proof))
        })
        .collect()
}

/// What a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    On,
    Off,
    TakenBack,
}

fn flag(value: &Value) -> Option<Flag> {
    let of = |yes| if yes { Flag::On } else { Flag::Off };
    match value {
        Value::Bool(yes) => Some(of(*yes)),
        Value::Number(number) => number.as_i64().map(|number| of(number != 0)),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "subscribed" | "granted" => Some(Flag::On),
            "false" | "no" | "n" | "0" | "not_subscribed" => Some(Flag::Off),
            "unsubscribed" | "withdrawn" | "redacted" => Some(Flag::TakenBack),
            _ => None,
        },
        // Shopify's form: {"state": "subscribed", ...}
        Value::Object(fields) => fields.get("state").and_then(flag),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "evidence of a proof may be missing")]
    fn at(at: Micros) -> Option<Evidence> {
        Some(Evidence { at, seq: at })
    }

    fn state(proof: &Proof) -> Option<ConsentState> {
        proof.decision().map(|decision| decision.state)
    }

    #[test]
    fn the_persons_own_no_stands_until_the_persons_own_yes() {
        let own = Proof { granted: at(5), withdrawn: at(5), ..Proof::default() };
        assert_eq!(state(&own), Some(ConsentState::Withdrawn), "a tie is a no");
        let newer = Proof { granted: at(6), ..own.clone() };
        assert_eq!(state(&newer), Some(ConsentState::Granted));
        let synced = Proof { granted_elsewhere: at(9), ..own };
        assert_eq!(state(&synced), Some(ConsentState::Withdrawn), "a list is not the person");
        let off = Proof { granted: at(6), off_elsewhere: at(7), ..Proof::default() };
        assert_eq!(state(&off), Some(ConsentState::Granted), "it was never on there");
        assert_eq!(state(&Proof { granted_elsewhere: at(2), ..off }), Some(ConsentState::Withdrawn), "it was on there");
        let elsewhere = Proof { granted: at(6), withdrawn_elsewhere: at(7), ..Proof::default() };
        assert_eq!(state(&elsewhere), Some(ConsentState::Withdrawn), "a no counts from anywhere");
        let back = Proof { granted_elsewhere: at(8), ..elsewhere };
        assert_eq!(state(&back), Some(ConsentState::Granted));
        assert_eq!(state(&Proof::default()), None);
    }

    #[test]
    fn what_waits_for_confirmation_is_not_given() {
        let asked = Proof { requested: at(3), ..Proof::default() };
        assert_eq!(state(&asked), Some(ConsentState::Pending));
        assert_eq!(state(&Proof { withdrawn: at(4), ..asked.clone() }), Some(ConsentState::Withdrawn));
        assert_eq!(state(&Proof { withdrawn: at(2), ..asked.clone() }), Some(ConsentState::Pending));
        assert_eq!(
            state(&Proof { granted: at(1), ..asked }),
            Some(ConsentState::Granted),
            "asked again for what it has"
        );
    }
}
