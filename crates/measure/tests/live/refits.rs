//! Fits: everyone is scored, an order scores its customer anew, a process that starts says the same, drift raises an alarm.

use std::collections::BTreeMap;
use std::sync::Arc;

use clove_core::clock::SECOND;
use clove_core::{Fact, ManualClock};
use clove_measure::live::drift::{AlarmKind, alarms};
use clove_measure::live::{ValueSubscriber, latest, list, refit};
use clove_store::customer_view::Score;
use clove_store::subscriber::{position, rebuild};
use clove_store::{Db, SqlText, Subscriber};

use crate::facts::{merge, run, subject_of};
use crate::shop::{BANDS_CHANGED, DAY, Sale, run_all, score_of};
use crate::support::{START, World, append, on_both};

const SCORES: SqlText = SqlText::both(
    "SCORES",
    "SELECT person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, expected_purchases, expected_spend, \
     predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, probability_of_purchase FROM person_score \
     ORDER BY person, model",
);

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Customers who came over a year and buy again with gaps of their own, some of them no more.
fn orders(db: &Db, customers: u64, until_days_ago: i64) -> Vec<Fact> {
    let mut numbers = Numbers(7);
    let mut facts = Vec::new();
    for customer in 0..customers {
        let handle = format!("user:{customer}");
        let gap = 10 + numbers.next(80);
        let mut days_ago = 30 + numbers.next(370) as i64;
        let typical = 2_000 + numbers.next(8_000) as i64;
        while days_ago > until_days_ago {
            let number = facts.len() as u64;
            let gross = typical / 2 + numbers.next(typical as u64) as i64;
            facts.push(Sale::new(number, days_ago, gross).fact(db, number, &[handle.as_str()]));
            if numbers.next(4) == 0 {
                break;
            }
            days_ago -= 1 + numbers.next(2 * gap) as i64;
        }
    }
    facts
}

async fn all_scores(db: &Db) -> BTreeMap<uuid::Uuid, Score> {
    let rows: Vec<Score> = db.read_all(SCORES.query()).await.unwrap();
    let count = rows.len();
    let scores: BTreeMap<_, _> = rows.into_iter().map(|score| (score.person_uuid, score)).collect();
    assert_eq!(scores.len(), count, "one score each");
    scores
}

#[tokio::test]
async fn a_fit_scores_everyone_and_later_orders_are_scored_by_it_at_once() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(db, &orders(db, 250, 0)).await;
        append(db, &[Sale::new(90_001, 40, 5_000).fact(db, 90_001, &[])]).await; // a guest
        run_all(db, 500).await;
        assert!(all_scores(db).await.is_empty(), "without a model there is no score");

        let fitted = refit(db).await.unwrap().unwrap();
        assert_eq!((fitted.version, fitted.reason.as_deref(), fitted.rescored.scored), (1, None, 250), "{fitted:?}");
        let nightly = all_scores(db).await;
        assert_eq!(nightly.len(), 250, "the guest has none");
        let model = latest(db).await.unwrap().unwrap();
        assert!(model.scored_at.is_some() && model.backtest.contains("rmse"), "{model:?}");
        let bands = |band: &str| nightly.values().filter(|score| score.band.as_deref() == Some(band)).count();
        assert_eq!(bands("top"), 25);
        assert!(nightly.values().all(|score| {
            let value = score.predicted_value_minor.unwrap();
            let (low, high) = (score.predicted_low_minor.unwrap(), score.predicted_high_minor.unwrap());
            low <= high && value >= 0 && (0.0..=1.0).contains(&score.probability_of_purchase.unwrap())
        }));

        // Person by person, from the log, by a process that has only the row of the model: the same scores.
        let value: Arc<dyn Subscriber> = Arc::new(ValueSubscriber::default());
        rebuild(db, &value).await.unwrap();
        run(db, value, 37).await;
        let live = all_scores(db).await;
        assert_eq!(live.len(), nightly.len());
        for (person, score) in &live {
            let before = &nightly[person];
            let close = |a: Option<i64>, b: Option<i64>| {
                let (a, b) = (a.unwrap() as f64, b.unwrap() as f64);
                // How further purchases are spread is approximated from whoever is scored together.
                (a - b).abs() <= 0.1 * a.abs().max(b.abs()).max(100.0)
            };
            assert_eq!(score.predicted_value_minor, before.predicted_value_minor, "{score:?} {before:?}");
            assert_eq!((&score.band, score.p_alive), (&before.band, before.p_alive));
            assert!(close(score.predicted_low_minor, before.predicted_low_minor), "{score:?} {before:?}");
            assert!(close(score.predicted_high_minor, before.predicted_high_minor), "{score:?} {before:?}");
        }
        let none: Vec<(uuid::Uuid, String)> = db.read_all(BANDS_CHANGED.query()).await.unwrap();
        assert!(none.is_empty(), "a rebuild tells nothing anew: {none:?}");

        // A low customer orders a lot: another band, and one fact of it.
        let (low, _) = (0..250)
            .map(|number| (format!("user:{number}"), subject_of(db, &format!("user:{number}"))))
            .find(|(_, subject)| {
                live.get(&subject.0)
                    .is_some_and(|score| score.band.as_deref() == Some("low") && score.p_alive.is_some())
            })
            .expect("someone is low");
        let before = score_of(db, &low).await.unwrap();
        let handles: &[&str] = &[low.as_str()];
        let many: Vec<Fact> = (0..5_i64)
            .map(|i| Sale::new(95_000 + i as u64, i + 1, 40_000).fact(db, 95_000 + i as u64, handles))
            .collect();
        append(db, &many).await;
        run_all(db, 500).await;
        let after = score_of(db, &low).await.unwrap();
        assert!(after.predicted_value_minor > before.predicted_value_minor, "{before:?} {after:?}");
        assert_ne!(after.band, before.band);
        let changed: Vec<(uuid::Uuid, String)> = db.read_all(BANDS_CHANGED.query()).await.unwrap();
        assert_eq!(changed.len(), 1, "{changed:?}");
        assert!(changed[0].1.contains(r#""from":"low""#), "{changed:?}");

        // A merge moves the score with the value.
        let others: Vec<&Score> = live.values().take(2).collect();
        let subjects = others.iter().map(|score| clove_core::SubjectId(score.person_uuid)).collect::<Vec<_>>();
        append(db, &[merge(99_000, subjects[0], subjects[1])]).await;
        run_all(db, 500).await;
        assert_eq!(all_scores(db).await.len(), 249);
    })
    .await;
}

#[tokio::test]
async fn what_changed_while_a_fit_went_on_is_computed_anew() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(db, &orders(db, 150, 0)).await;
        run_all(db, 500).await;
        refit(db).await.unwrap().unwrap();
        // The next fit reads what value has handled so far; what identity and value handle afterwards must win.
        let (one, two) = (refit(db), async {
            let fact = Sale::new(80_000, 1, 70_000).fact(db, 80_000, &["user:3"]);
            let seq = append(db, &[fact]).await[0].seq();
            // PostgreSQL passes over a cursor that the fit holds just then: a driver of its own gets nothing, and is asked again.
            while position(db, ValueSubscriber::NAME).await.unwrap() < seq {
                run_all(db, 500).await;
            }
        });
        let (fitted, ()) = futures::join!(one, two);
        let fitted = fitted.unwrap().unwrap();
        let score = score_of(db, "user:3").await.unwrap();
        assert_eq!(score.model_version, fitted.version);
        let together = all_scores(db).await;
        let value: Arc<dyn Subscriber> = Arc::new(ValueSubscriber::default());
        rebuild(db, &value).await.unwrap();
        run(db, value, 100).await;
        let anew = score_of(db, "user:3").await.unwrap();
        assert_eq!(anew.predicted_value_minor, score.predicted_value_minor);
        assert_eq!(all_scores(db).await.len(), together.len());
    })
    .await;
}

#[tokio::test]
async fn too_little_data_gives_everyone_the_mean_and_says_why() {
    on_both(|world: World| async move {
        let db = &world.db;
        assert_eq!(refit(db).await.unwrap(), None, "nothing to fit to");
        append(db, &orders(db, 20, 0)).await;
        run_all(db, 500).await;
        let fitted = refit(db).await.unwrap().unwrap();
        assert_eq!(fitted.model, "cohort-average");
        assert!(fitted.reason.unwrap().contains("20 of 100 identified customers"));
        let scores = all_scores(db).await;
        let values: std::collections::BTreeSet<_> = scores.values().map(|score| score.predicted_value_minor).collect();
        assert_eq!((scores.len(), values.len()), (20, 1));
        assert!(scores.values().all(|score| score.band.is_none() && score.predicted_low_minor.is_none()));
    })
    .await;
}

#[tokio::test]
async fn a_shop_where_nobody_buys_any_more_raises_an_alarm() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(db, &orders(db, 250, 0)).await;
        run_all(db, 500).await;
        refit(db).await.unwrap().unwrap();
        advance(&world.clock, 3);
        let soon = refit(db).await.unwrap().unwrap();
        assert_eq!((soon.version, soon.comparison), (2, None), "too soon to tell");
        advance(&world.clock, 30);
        let late = refit(db).await.unwrap().unwrap();
        let comparison = late.comparison.unwrap();
        assert_eq!((comparison.reference_version, comparison.actual), (2, 0.0), "{comparison:?}");
        assert!(comparison.expected > 20.0, "{comparison:?}");
        assert_eq!(late.alarms, [AlarmKind::TotalOutsideInterval]);
        let rows = alarms(db, 1, 3).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].version, rows[0].kind.as_str()), (3, "total_outside_interval"));
        assert_eq!(list(db, Some(3), 10).await.unwrap().len(), 2);
    })
    .await;
}

fn advance(clock: &ManualClock, days: i64) {
    clock.advance(days * DAY);
}

#[tokio::test]
async fn fits_are_planned_for_the_night_and_done_when_asked() {
    use clove_measure::live::{RefitHandler, ask_for_refit, schedule_refits};
    use clove_store::job::{JobWorker, status};
    on_both(|world: World| async move {
        let db = &world.db;
        append(db, &orders(db, 120, 0)).await;
        run_all(db, 500).await;
        schedule_refits(db).await.unwrap();
        schedule_refits(db).await.unwrap();
        let live = async || status(db).await.unwrap()[0].live;
        assert_eq!(live().await, 2, "tonight's, and one as soon as there may be enough");
        let worker = JobWorker::new(db.clone(), Arc::new(RefitHandler), RefitHandler::settings());
        assert_eq!(worker.work_once().await.unwrap(), 0);
        assert!(ask_for_refit(db).await.unwrap() && !ask_for_refit(db).await.unwrap());
        assert_eq!(worker.work_once().await.unwrap(), 1);
        assert_eq!(latest(db).await.unwrap().unwrap().version, 1);
        // Tonight comes: a new version, and the next night is planned. The other one had nothing to do.
        world.clock.advance(3 * 3_600 * SECOND);
        while worker.work_once().await.unwrap() > 0 {}
        assert_eq!(latest(db).await.unwrap().unwrap().version, 2);
        let queue = &status(db).await.unwrap()[0];
        assert_eq!((queue.live, queue.dead), (1, 0));
        assert_eq!(queue.next_due_at, Some(START + DAY + (2 * 60 + 30) * 60 * SECOND));
    })
    .await;
}
