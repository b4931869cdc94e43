//! How expected purchases change with the parameters.

use super::BgFamily;
use super::series::{Series, Window};
use crate::purchase::CustomerSummary;

const STEP: f64 = 1e-4;

/// Derivatives of expected purchases in ln r, ln alpha, ln a, ln b.
///
/// Expected purchases are P(alive) times a function of x, T and the Erlang stage. That function is differenced once per
/// x and T, by the stage; P(alive) and, for k > 1, the weights of the stages are differentiated for each customer.
pub(super) fn expected_purchases_gradients(
    model: &BgFamily,
    customers: &[CustomerSummary],
    horizon: f64,
) -> Vec<[f64; 4]> {
    let mut shared = Shared::new(model);
    customers
        .iter()
        .map(|customer| {
            shared.prepare(model, customer, horizon);
            let p_alive = crate::special::logistic(-model.ln_dropout_odds(customer));
            let stages = model.stages(customer).weights;
            let expected: f64 = stages.iter().zip(&shared.stages).map(|(w, s)| w * s.expected).sum();
            let odds = ln_odds_gradient(model, customer, &stages);
            let mut gradient = [0.0; 4];
            for (i, g) in gradient.iter_mut().enumerate() {
                let direct: f64 = stages.iter().zip(&shared.stages).map(|(w, s)| w * s.gradient[i]).sum();
                *g = p_alive * (direct - (1.0 - p_alive) * odds[i] * expected);
            }
            if model.k > 1 {
                // d ln weight_j = d ln term_j - mean over the stages.
                let slopes = stage_slopes(model, customer);
                for i in [0, 1] {
                    let mean: f64 = stages.iter().zip(&slopes).map(|(w, s)| w * s[i]).sum();
                    let change: f64 = (stages.iter().zip(&slopes).zip(&shared.stages))
                        .map(|((w, slope), stage)| w * (slope[i] - mean) * stage.expected)
                        .sum();
                    gradient[i] += p_alive * change;
                }
            }
            gradient
        })
        .collect()
}

/// Derivatives of the logarithm of each unnormalised stage weight in ln r and ln alpha.
fn stage_slopes(model: &BgFamily, customer: &CustomerSummary) -> Vec<[f64; 2]> {
    let shape = model.rate_shape(customer);
    let share = model.alpha / (model.alpha + customer.age);
    let mut by_r = 0.0;
    (0..model.k)
        .map(|j| {
            let j = f64::from(j);
            let slopes = [model.r * by_r, -j * share];
            by_r += 1.0 / (shape + j);
            slopes
        })
        .collect()
}

/// Derivatives of the logarithm of the odds of having left in the logarithms of the parameters.
fn ln_odds_gradient(model: &BgFamily, customer: &CustomerSummary, stages: &[f64]) -> [f64; 4] {
    let survived = f64::from(customer.frequency) + model.modified();
    if survived == 0.0 {
        return [0.0; 4];
    }
    let (t, t_x) = (model.alpha + customer.age, model.alpha + customer.recency);
    let gap = ((customer.age - customer.recency) / t_x).ln_1p();
    let mut gradient = [
        model.r * gap,
        model.alpha * model.rate_shape(customer) * (1.0 / t - 1.0 / t_x),
        1.0,
        -model.b / (model.b + survived - 1.0),
    ];
    if model.k > 1 {
        for (weight, slope) in stages.iter().zip(stage_slopes(model, customer)) {
            gradient[0] -= weight * slope[0];
            gradient[1] -= weight * slope[1];
        }
    }
    gradient
}

/// Expected purchases of an alive customer in one stage, and the derivatives.
#[derive(Clone, Copy, Default)]
struct Stage {
    expected: f64,
    gradient: [f64; 4],
}

/// What customers with the same x and T share.
struct Shared {
    frequency: Option<u32>,
    age: f64,
    /// The model, and the model with r, a and b moved down and up; alpha only moves the window.
    models: [BgFamily; 7],
    /// One series per model and stage.
    series: Vec<Vec<Series>>,
    stages: Vec<Stage>,
}

impl Shared {
    fn new(model: &BgFamily) -> Self {
        let moved = |change: &dyn Fn(&mut BgFamily)| {
            let mut moved = model.clone();
            change(&mut moved);
            moved
        };
        let (down, up) = ((-STEP).exp(), STEP.exp());
        let models = [
            model.clone(),
            moved(&|m| m.r *= down),
            moved(&|m| m.r *= up),
            moved(&|m| m.a *= down),
            moved(&|m| m.a *= up),
            moved(&|m| m.b *= down),
            moved(&|m| m.b *= up),
        ];
        Self { frequency: None, age: 0.0, models, series: Vec::new(), stages: Vec::new() }
    }

    fn prepare(&mut self, model: &BgFamily, customer: &CustomerSummary, horizon: f64) {
        if self.frequency == Some(customer.frequency) && self.age == customer.age {
            return;
        }
        if self.frequency != Some(customer.frequency) {
            self.series = vec![vec![Series::new(); model.k as usize]; self.models.len()];
        }
        self.frequency = Some(customer.frequency);
        self.age = customer.age;
        let window = |alpha: f64| Window::new(alpha + customer.age, horizon);
        let here = window(model.alpha);
        let (models, series) = (&self.models, &mut self.series);
        let mut expected = |which: usize, stage: u32, window: Window| {
            series[which][stage as usize].expected(&models[which].alive(customer, stage), window)
        };
        self.stages.clear();
        for stage in 0..model.k {
            let slope = |up: f64, down: f64| (up - down) / (2.0 * STEP);
            let by_alpha = slope(
                expected(0, stage, window(model.alpha * STEP.exp())),
                expected(0, stage, window(model.alpha * (-STEP).exp())),
            );
            let gradient = [
                slope(expected(2, stage, here), expected(1, stage, here)),
                by_alpha,
                slope(expected(4, stage, here), expected(3, stage, here)),
                slope(expected(6, stage, here), expected(5, stage, here)),
            ];
            self.stages.push(Stage { expected: expected(0, stage, here), gradient });
        }
    }
}
