//! What forecasts purchases: one model alone, or the blend that a back-test chose.
//!
//! A single model is a blend of one. Everything is asked per summary, so customers with equal summaries are computed once.

use clove_models::blend::{Blend, Member};
use clove_models::candidate::Candidate;
use clove_models::purchase::{CustomerSummary, ModelError, PurchaseFit, PurchaseModel, PurchaseModelKind};
use clove_models::select::{Selection, WindowScores};
use clove_models::shock::{CLASSES, Shocks};
use rand::{Rng, RngExt};

/// A forecaster of purchases, times in weeks.
pub struct Engine {
    /// `blend`, or the name of the model.
    pub name: String,
    /// Why this one forecasts, in a sentence; `None` if it was asked for.
    pub reason: Option<String>,
    /// Customers that the choice looked at, when that was a sample.
    pub sampled: Option<usize>,
    /// How wrong totals have been in rolling back-tests, beyond chance; the prior where none were made.
    pub shocks: Shocks,
    /// Accuracy of every candidate in the rolling windows of the choice; empty where none was made.
    pub windows: Vec<WindowScores>,
    blend: Blend,
    models: Vec<Option<Box<dyn PurchaseModel>>>,
}

/// What an engine is made of, to be kept and made again.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct EngineParts {
    /// See [`Engine::name`].
    pub name: String,
    /// See [`Engine::reason`].
    pub reason: Option<String>,
    /// See [`Engine::sampled`].
    pub sampled: Option<usize>,
    /// See [`Engine::shocks`].
    pub shocks: Shocks,
    /// The models with their shares.
    pub blend: Blend,
}

/// What is expected of many customers within a horizon, one number each.
pub struct PurchaseFigures {
    /// Expected purchases.
    pub expected: Vec<f64>,
    /// P(alive): the mean of the members that can tell, by their shares. BG models cannot without repeat purchases (they take
    /// everybody as alive until then), naive rates never.
    pub p_alive: Vec<Option<f64>>,
    /// Chance of at least one purchase.
    pub probability_of_purchase: Vec<f64>,
}

impl Engine {
    /// A model that was asked for.
    pub fn single(fit: PurchaseFit, shocks: Shocks) -> Engine {
        let name = fit.kind.name().to_owned();
        let member = Member { candidate: Candidate::Purchase(fit), weight: 1.0, clock: 1.0 };
        Engine::new(name, None, None, shocks, alone(member))
    }

    /// What the back-test chose.
    pub fn chosen(selection: Selection) -> Engine {
        let name = selection.chosen.name().to_owned();
        let windows = selection.windows;
        let single = selection.candidates.iter().find(|candidate| candidate.kind() == selection.chosen).cloned();
        let blend = match single {
            Some(candidate) => alone(Member { candidate, weight: 1.0, clock: 1.0 }),
            None => selection.blend,
        };
        let engine = Engine::new(name, Some(selection.reason), selection.sampled, selection.shocks, blend);
        Engine { windows, ..engine }
    }

    /// Its parts, without the accuracy in windows.
    pub fn parts(&self) -> EngineParts {
        EngineParts {
            name: self.name.clone(),
            reason: self.reason.clone(),
            sampled: self.sampled,
            shocks: self.shocks,
            blend: self.blend.clone(),
        }
    }

    /// Makes an engine of its parts again.
    ///
    /// # Errors
    /// If a model's parameters cannot be.
    pub fn from_parts(parts: EngineParts) -> Result<Engine, ModelError> {
        for member in &parts.blend.members {
            if let Candidate::Purchase(fit) = &member.candidate {
                fit.kind.model(&fit.parameters)?;
            }
        }
        let EngineParts { name, reason, sampled, shocks, blend } = parts;
        Ok(Engine::new(name, reason, sampled, shocks, blend))
    }

    fn new(name: String, reason: Option<String>, sampled: Option<usize>, shocks: Shocks, blend: Blend) -> Engine {
        let models = blend
            .members
            .iter()
            .map(|member| match &member.candidate {
                Candidate::Purchase(fit) => Some(fit.model()),
                _ => None,
            })
            .collect();
        Engine { name, reason, sampled, shocks, windows: Vec::new(), blend, models }
    }

    /// The members' names and shares, largest first.
    pub fn shares(&self) -> Vec<(String, f64)> {
        let mut shares: Vec<(String, f64)> = self
            .blend
            .members
            .iter()
            .map(|member| (member.candidate.kind().name().to_owned(), member.weight))
            .collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares
    }

    /// Expected purchases within the horizon.
    pub fn expected(&self, customers: &[CustomerSummary], horizon: f64) -> Vec<f64> {
        self.blend.expected(customers, horizon)
    }

    /// What is expected of customers within the horizon, each member asked once.
    pub fn figures(&self, customers: &[CustomerSummary], horizon: f64) -> PurchaseFigures {
        let zeros = || vec![0.0; customers.len()];
        let (mut expected, mut probability_of_purchase) = (zeros(), zeros());
        let mut alive = vec![(0.0, 0.0); customers.len()];
        for (member, model) in self.blend.members.iter().zip(&self.models) {
            let add = |sums: &mut [f64], values: &[f64]| {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += member.weight * value;
                }
            };
            let Some(model) = model else {
                let mut means = member.candidate.expected(customers, horizon * member.clock);
                add(&mut expected, &means);
                for mean in &mut means {
                    *mean = -(-*mean).exp_m1();
                }
                add(&mut probability_of_purchase, &means);
                // Under a rate that goes on for ever, whoever has come back is alive.
                for (sum, _) in alive.iter_mut().zip(customers).filter(|(_, customer)| customer.frequency > 0) {
                    sum.0 += member.weight;
                    sum.1 += member.weight;
                }
                continue;
            };
            let own = model.predict_many(customers, &[horizon * member.clock]);
            add(&mut expected, &own.expected_purchases[0]);
            add(&mut probability_of_purchase, &own.probability_of_purchase[0]);
            let needs_repeats = matches!(model.kind(), PurchaseModelKind::BgNbd | PurchaseModelKind::BgCnbdK);
            for ((sum, customer), p_alive) in alive.iter_mut().zip(customers).zip(own.p_alive) {
                if customer.frequency > 0 || !needs_repeats {
                    sum.0 += member.weight * p_alive;
                    sum.1 += member.weight;
                }
            }
        }
        self.blend.adjust(customers, &mut expected, horizon);
        // The bands and levels of a blend move expectations alone: a chance never exceeds the expected number.
        for (probability, expected) in probability_of_purchase.iter_mut().zip(&expected) {
            *probability = probability.clamp(0.0, expected.clamp(0.0, 1.0));
        }
        let p_alive = alive.into_iter().map(|(sum, weight)| (weight > 0.0).then(|| sum / weight)).collect();
        PurchaseFigures { expected, p_alive, probability_of_purchase }
    }

    /// Probabilities of 0, 1, ..., `most` purchases: `most + 1` numbers for each customer, one after the other.
    pub fn probabilities(&self, customers: &[CustomerSummary], horizon: f64, most: usize) -> Vec<f64> {
        let mut mixed: Vec<f64> = Vec::new();
        for (member, model) in self.blend.members.iter().zip(&self.models) {
            let own = match model {
                Some(model) => model.purchase_probabilities_many(customers, horizon * member.clock, most),
                None => member.candidate.probabilities(customers, horizon * member.clock, most).concat(),
            };
            if mixed.is_empty() && self.blend.members.len() == 1 {
                return own;
            }
            mixed.resize(own.len(), 0.0);
            for (sum, probability) in mixed.iter_mut().zip(own) {
                *sum += member.weight * probability;
            }
        }
        mixed
    }

    /// Median weeks to each customer's next purchase, given that there is one: the mean of the members that can tell.
    pub fn weeks_to_next(&self, customers: &[CustomerSummary]) -> Vec<Option<f64>> {
        let (mut sums, mut weight) = (vec![0.0; customers.len()], 0.0);
        for (member, model) in self.blend.members.iter().zip(&self.models) {
            if let Some(model) = model {
                // On the member's clock time runs `clock` times as fast.
                for (sum, weeks) in sums.iter_mut().zip(model.times_to_next_purchase(customers, 0.5)) {
                    *sum += member.weight * weeks / member.clock;
                }
                weight += member.weight;
            }
        }
        sums.into_iter().map(|sum| (weight > 0.0 && sum.is_finite()).then(|| sum / weight)).collect()
    }

    /// Expected purchases within the horizon, discounted at a continuous weekly rate.
    pub fn discounted(&self, customers: &[CustomerSummary], weekly_rate: f64, horizon: f64) -> Vec<f64> {
        let plain = self.expected(customers, horizon);
        let mut discounted = vec![0.0; customers.len()];
        let mut undiscounted = vec![0.0; customers.len()];
        for (member, model) in self.blend.members.iter().zip(&self.models) {
            let horizon = horizon * member.clock;
            // On the member's clock time runs `clock` times as fast, so the rate per unit of it is lower.
            let rate = weekly_rate / member.clock;
            let sums = if let Some(model) = model {
                model.dert_many(customers, rate, Some(horizon))
            } else {
                let factor = -(-rate * horizon).exp_m1() / (rate * horizon);
                member.candidate.expected(customers, horizon).into_iter().map(|value| value * factor).collect()
            };
            let own = member.candidate.expected(customers, horizon);
            for (index, (sum, own)) in sums.into_iter().zip(own).enumerate() {
                discounted[index] += member.weight * sum;
                undiscounted[index] += member.weight * own;
            }
        }
        // Bands and levels move the expectation; the discount is a factor on it.
        for ((discounted, undiscounted), plain) in discounted.iter_mut().zip(&undiscounted).zip(&plain) {
            if *undiscounted > 0.0 {
                *discounted *= plain / undiscounted;
            }
        }
        discounted
    }

    /// Standard errors of the expected purchases from the uncertainty of the parameters, members taken as independent.
    /// `None` if no member knows its own.
    pub fn expected_errors(&self, customers: &[CustomerSummary], horizon: f64) -> Option<Vec<f64>> {
        let mut variances: Option<Vec<f64>> = None;
        for member in &self.blend.members {
            let Candidate::Purchase(fit) = &member.candidate else { continue };
            let Some(errors) = fit.expected_purchases_errors(customers, horizon * member.clock) else { continue };
            let sums = variances.get_or_insert_with(|| vec![0.0; customers.len()]);
            for (sum, error) in sums.iter_mut().zip(errors) {
                *sum += (member.weight * error).powi(2);
            }
        }
        variances.map(|variances| variances.into_iter().map(f64::sqrt).collect())
    }

    /// The total of the expected purchases under drawn parameters.
    pub fn drawn_total(&self, customers: &[CustomerSummary], counts: &[f64], horizon: f64, rng: &mut dyn Rng) -> f64 {
        let mut total = 0.0;
        for member in &self.blend.members {
            let drawn = match &member.candidate {
                Candidate::Purchase(fit) => {
                    let model = fit.model_with(&fit.draw_parameters(rng));
                    model.expected_purchases_given(customers, &model.p_alive_many(customers), horizon * member.clock)
                }
                candidate => candidate.expected(customers, horizon * member.clock),
            };
            let sum: f64 = drawn.iter().zip(counts).map(|(expected, count)| expected * count).sum();
            total += member.weight * sum;
        }
        total
    }

    /// Models with drawn parameters, for [`DrawnEngine::simulate`].
    pub fn draw(&self, rng: &mut dyn Rng) -> DrawnEngine<'_> {
        let models = self
            .blend
            .members
            .iter()
            .map(|member| match &member.candidate {
                Candidate::Purchase(fit) => Some(fit.model_with(&fit.draw_parameters(rng))),
                _ => None,
            })
            .collect();
        DrawnEngine { blend: &self.blend, models }
    }
}

/// The members with one draw of their parameters.
pub struct DrawnEngine<'a> {
    blend: &'a Blend,
    models: Vec<Option<Box<dyn PurchaseModel>>>,
}

impl DrawnEngine<'_> {
    /// One draw of a customer's purchases within the horizon: from a member drawn by its share.
    pub fn simulate(&self, customer: &CustomerSummary, horizon: f64, rng: &mut dyn Rng) -> u32 {
        // A class's level lengthens the window, which moves the mean about as much.
        let horizon = horizon * self.blend.class_level(customer);
        let mut left: f64 = rng.random();
        for (member, model) in self.blend.members.iter().zip(&self.models) {
            left -= member.weight;
            if left > 0.0 {
                continue;
            }
            let horizon = horizon * member.clock;
            return if let Some(model) = model {
                model.simulate_purchases(customer, horizon, rng)
            } else {
                let mean = member.candidate.expected(&[*customer], horizon).first().copied().unwrap_or(0.0);
                poisson(mean, rng)
            };
        }
        0
    }
}

/// The blend of one member.
fn alone(member: Member) -> Blend {
    Blend { members: vec![member], bands: None, class_levels: [1.0; CLASSES] }
}

/// A Poisson draw by counting exponential gaps; means of single customers are small.
fn poisson(mean: f64, rng: &mut dyn Rng) -> u32 {
    let mut count = 0;
    let mut time = 0.0;
    loop {
        time -= (1.0 - rng.random::<f64>()).ln();
        if time > mean {
            return count;
        }
        count += 1;
    }
}
