//! Minimisation of a smooth function of a few parameters, made for negative log-likelihoods in log-parameters.
//!
//! The method is BFGS (Nocedal & Wright, *Numerical Optimization*, 2nd ed., chapter 6) inside a box, started from the
//! differenced Hessian with its eigenvalues made positive, and finished by Newton steps with the observed information.
//! Steps are limited, values that are not finite are steps that were too long, so nothing here panics or returns NaN.

use crate::matrix::Matrix;

/// What the search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// An interior minimum with a positive definite information matrix, or one that [`follow`] settled at.
    Converged,
    /// A parameter ran to the edge of the box: the function keeps falling (or stays flat) as it grows or shrinks.
    Boundary,
    /// The data do not tell the parameters apart: the function is flat in some direction at the minimum.
    Flat,
}

/// Settings of the search. The defaults suit negative log-likelihoods (in nats) of log-parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Lower edge of the box, for each parameter. Default -12 (e^-12 = 6.1e-6).
    pub lower: f64,
    /// Upper edge of the box, for each parameter. Default 12 (e^12 = 1.6e5).
    pub upper: f64,
    /// The search ends when the predicted decrease g' H^-1 g / 2 is below this times max(1, |value|); it does not depend on
    /// the parameters' scale. Default 1e-12.
    pub tolerance: f64,
    /// Most iterations from one start. Default 200.
    pub max_iterations: usize,
    /// Longest move of one parameter in one step. Default 2.
    pub max_step: f64,
    /// A standard error (in the searched parameters) above this makes the result [`Status::Flat`]. Default 5: in
    /// log-parameters, a factor of e^5 either way.
    pub widest_standard_error: f64,
    /// Try every start even after one has converged. Default false.
    pub every_start: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lower: -12.0,
            upper: 12.0,
            tolerance: 1e-12,
            max_iterations: 200,
            max_step: 2.0,
            widest_standard_error: 5.0,
            every_start: false,
        }
    }
}

/// The best point found. All numbers are finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum {
    /// Where the minimum lies.
    pub parameters: Vec<f64>,
    /// The function there.
    pub value: f64,
    /// Its gradient there.
    pub gradient: Vec<f64>,
    /// How to read the result.
    pub status: Status,
    /// Inverse of the observed information; only when `status` is [`Status::Converged`], and never from [`follow`].
    pub covariance: Option<Matrix>,
    /// How often the function was evaluated, over all starts.
    pub evaluations: usize,
}

/// No start has a finite value and gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the function is not finite at any of the starting points")]
pub struct NoFiniteStart;

/// Minimises `objective`, which writes its gradient into the second argument and returns its value.
///
/// The starts are tried in turn and clamped into the box. Unless [`Settings::every_start`] is set the first interior minimum is
/// returned; if no start gives one, the lowest point of all.
pub fn minimise<F>(objective: F, starts: &[Vec<f64>], settings: &Settings) -> Result<Minimum, NoFiniteStart>
where
    F: FnMut(&[f64], &mut [f64]) -> f64,
{
    let mut search = Search { objective, settings, evaluations: 0 };
    let mut best: Option<Minimum> = None;
    for start in starts {
        let Some(found) = search.descend(start) else { continue };
        let interior = found.status == Status::Converged;
        let better = best.as_ref().is_none_or(|b| {
            let margin = 1e-7 * b.value.abs().max(1.0);
            let preferred = interior && b.status != Status::Converged && found.value <= b.value + margin;
            found.value < b.value || preferred
        });
        if better {
            best = Some(found);
        }
        if interior && !settings.every_start {
            break;
        }
    }
    let evaluations = search.evaluations;
    best.map(|b| Minimum { evaluations, ..b }).ok_or(NoFiniteStart)
}

/// Minimises from a start that is near the minimum, with an estimate of the inverse Hessian there, both taken from other data of the
/// same kind: BFGS without a Hessian of its own, so that it costs a few evaluations. It ends when the predicted decrease
/// g' H^-1 g / 2 is below `tolerance`; the result has no covariance. `None` when it does not settle inside the box: search with
/// [`minimise`] then.
pub fn follow<F>(objective: F, start: &[f64], inverse: &Matrix, tolerance: f64, settings: &Settings) -> Option<Minimum>
where
    F: FnMut(&[f64], &mut [f64]) -> f64,
{
    const MOST_STEPS: usize = 30;
    let mut search = Search { objective, settings, evaluations: 0 };
    let free = vec![false; start.len()];
    let mut inverse = inverse.clone();
    let mut point = search.evaluate(start.to_vec())?;
    for _ in 0..MOST_STEPS {
        if point.at.iter().any(|x| *x <= settings.lower || *x >= settings.upper) {
            return None;
        }
        let direction = inverse.multiply(&negated(&point.gradient, &free));
        let slope = dot(&direction, &point.gradient);
        if slope.is_nan() || slope > 0.0 {
            return None;
        }
        if -slope / 2.0 <= tolerance {
            return Some(Minimum {
                parameters: point.at,
                value: point.value,
                gradient: point.gradient,
                status: Status::Converged,
                covariance: None,
                evaluations: search.evaluations,
            });
        }
        let next = search.line_search(&point, &direction, slope)?;
        update_inverse(&mut inverse, &point, &next, &free);
        point = next;
    }
    None
}

/// Observed information: the Hessian of `objective` at `parameters`, by central differences of its gradient (step 1e-4
/// times max(1, |parameter|)), made symmetric. `None` when a gradient is not finite.
pub fn information<F>(mut objective: F, parameters: &[f64]) -> Option<Matrix>
where
    F: FnMut(&[f64], &mut [f64]) -> f64,
{
    let n = parameters.len();
    let mut hessian = Matrix::zeros(n);
    let mut at = parameters.to_vec();
    let (mut up, mut down) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..n {
        let step = 1e-4 * parameters[i].abs().max(1.0);
        at[i] = parameters[i] + step;
        objective(&at, &mut up);
        at[i] = parameters[i] - step;
        objective(&at, &mut down);
        at[i] = parameters[i];
        for j in 0..n {
            let derivative = (up[j] - down[j]) / (2.0 * step);
            if !derivative.is_finite() {
                return None;
            }
            hessian.set(i, j, hessian.get(i, j) + derivative / 2.0);
            hessian.set(j, i, hessian.get(j, i) + derivative / 2.0);
        }
    }
    Some(hessian)
}

/// Covariance of the parameters: the inverse of the observed [`information`]; `None` when it is not positive definite.
pub fn covariance<F>(objective: F, parameters: &[f64]) -> Option<Matrix>
where
    F: FnMut(&[f64], &mut [f64]) -> f64,
{
    information(objective, parameters)?.inverse_positive_definite()
}

/// A search ends after so many steps in a row that gained no more than rounding.
const MOST_STALLS: usize = 6;

/// Differences of values up to this are rounding.
fn noise(value: f64) -> f64 {
    4.0 * f64::EPSILON * value.abs().max(1.0)
}

#[derive(Clone)]
struct Point {
    at: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

struct Search<'a, F> {
    objective: F,
    settings: &'a Settings,
    evaluations: usize,
}

impl<F> Search<'_, F>
where
    F: FnMut(&[f64], &mut [f64]) -> f64,
{
    fn evaluate(&mut self, at: Vec<f64>) -> Option<Point> {
        self.evaluations += 1;
        let mut gradient = vec![0.0; at.len()];
        let value = (self.objective)(&at, &mut gradient);
        let finite = value.is_finite() && gradient.iter().all(|g| g.is_finite());
        finite.then_some(Point { at, value, gradient })
    }

    fn hessian(&mut self, at: &[f64]) -> Option<Matrix> {
        self.evaluations += 2 * at.len();
        information(&mut self.objective, at)
    }

    /// Coordinates on the edge of the box whose descent direction leads out of it.
    fn pinned(&self, point: &Point) -> Vec<bool> {
        let (lower, upper) = (self.settings.lower, self.settings.upper);
        point
            .at
            .iter()
            .zip(&point.gradient)
            .map(|(x, g)| (*x <= lower && *g >= 0.0) || (*x >= upper && *g <= 0.0))
            .collect()
    }

    fn descend(&mut self, start: &[f64]) -> Option<Minimum> {
        let clamped = start.iter().map(|x| x.clamp(self.settings.lower, self.settings.upper)).collect();
        let mut point = self.evaluate(clamped)?;
        let n = point.at.len();
        let mut pinned = self.pinned(&point);
        let mut inverse = self.positive_inverse(&point, &pinned);
        let mut fresh = true;
        let mut stalled = 0;
        for _ in 0..self.settings.max_iterations {
            let now_pinned = self.pinned(&point);
            if now_pinned != pinned {
                pinned = now_pinned;
                inverse = self.positive_inverse(&point, &pinned);
                fresh = true;
            }
            let mut direction = inverse.multiply(&negated(&point.gradient, &pinned));
            for i in 0..n {
                if pinned[i] {
                    direction[i] = 0.0;
                }
            }
            let slope = dot(&direction, &point.gradient);
            let done = -slope / 2.0 <= self.settings.tolerance * point.value.abs().max(1.0);
            if done && fresh {
                break;
            }
            let next =
                if done || slope.is_nan() || slope >= 0.0 { None } else { self.line_search(&point, &direction, slope) };
            let Some(next) = next else {
                if fresh {
                    break;
                }
                // The running estimate of curvature may be poor: judge again with the true one.
                inverse = self.positive_inverse(&point, &pinned);
                fresh = true;
                continue;
            };
            update_inverse(&mut inverse, &point, &next, &pinned);
            stalled = if point.value - next.value <= noise(point.value) { stalled + 1 } else { 0 };
            point = next;
            fresh = false;
            if stalled == MOST_STALLS {
                break;
            }
        }
        Some(self.finish(point))
    }

    /// Inverse of the Hessian on the free coordinates, with eigenvalues replaced by their absolute values and kept away from
    /// zero; the identity scaled by the gradient when the Hessian cannot be had.
    fn positive_inverse(&mut self, point: &Point, pinned: &[bool]) -> Matrix {
        let n = point.at.len();
        let largest = point.gradient.iter().fold(0.0_f64, |m, g| m.max(g.abs())).max(1e-3);
        let mut out = Matrix::identity(n).scaled(&vec![(1.0 / largest).sqrt(); n]);
        let Some(hessian) = self.hessian(&point.at) else { return out };
        let free: Vec<usize> = (0..n).filter(|i| !pinned[*i]).collect();
        let (values, vectors) = part(&hessian, &free).symmetric_eigen();
        let scale = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if scale.is_nan() || scale <= 0.0 {
            return out;
        }
        out = Matrix::zeros(n);
        for (i, &row) in free.iter().enumerate() {
            for (j, &column) in free.iter().enumerate() {
                let value = (0..free.len())
                    .map(|k| vectors.get(i, k) * vectors.get(j, k) / values[k].abs().max(1e-9 * scale).max(1e-12))
                    .sum();
                out.set(row, column, value);
            }
        }
        out
    }

    /// A step along `direction` that satisfies the weak Wolfe conditions (bracketing and bisection), inside the box and the
    /// longest step. The value may rise by rounding noise when the slope has fallen. `None` when nothing was gained.
    fn line_search(&mut self, from: &Point, direction: &[f64], slope: f64) -> Option<Point> {
        let settings = self.settings;
        let reach = direction.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        let mut longest = if reach > 0.0 { settings.max_step / reach } else { 1.0 };
        for (x, d) in from.at.iter().zip(direction) {
            if *d > 0.0 && *x < settings.upper {
                longest = longest.min((settings.upper - x) / d);
            } else if *d < 0.0 && *x > settings.lower {
                longest = longest.min((settings.lower - x) / d);
            } else if *d != 0.0 {
                return None;
            }
        }
        let noise = noise(from.value);
        let (mut low, mut high) = (0.0, f64::INFINITY);
        let mut step = longest.min(1.0);
        let mut best: Option<Point> = None;
        for _ in 0..40 {
            let at = from
                .at
                .iter()
                .zip(direction)
                .map(|(x, d)| {
                    let moved = x + step * d;
                    // Land exactly on the edge, so that a pinned coordinate is recognised.
                    let snapped = if (moved - settings.upper).abs() < 1e-12 { settings.upper } else { moved };
                    let snapped = if (snapped - settings.lower).abs() < 1e-12 { settings.lower } else { snapped };
                    snapped.clamp(settings.lower, settings.upper)
                })
                .collect();
            let trial = self.evaluate(at);
            let (enough, flat_enough) = trial.as_ref().map_or((false, false), |p| {
                let here = dot(&p.gradient, direction);
                let exact = p.value <= from.value + 1e-4 * step * slope;
                let within_noise = p.value <= from.value + noise && here.abs() <= 0.8 * slope.abs();
                (exact || within_noise, here >= 0.9 * slope)
            });
            if !enough {
                high = step;
                // A fitted parabola shortens faster than halving when the value is known.
                let parabola = trial.map_or(0.1, |p| -slope * step / (2.0 * (p.value - from.value - slope * step)));
                step = if best.is_none() && low == 0.0 {
                    step * if parabola.is_finite() { parabola.clamp(0.1, 0.5) } else { 0.1 }
                } else {
                    f64::midpoint(low, high)
                };
                continue;
            }
            best = trial;
            if flat_enough || step >= longest {
                break;
            }
            low = step;
            step = if high.is_finite() { f64::midpoint(low, high) } else { (2.0 * step).min(longest) };
        }
        best
    }

    /// Newton steps with the observed information, then the verdict.
    fn finish(&mut self, mut point: Point) -> Minimum {
        let n = point.at.len();
        let pinned = self.pinned(&point);
        let at_edge = point.at.iter().any(|x| *x <= self.settings.lower || *x >= self.settings.upper);
        let free: Vec<usize> = (0..n).filter(|i| !pinned[*i]).collect();
        let inverse = self.hessian(&point.at).and_then(|h| part(&h, &free).inverse_positive_definite());
        let mut decrement = f64::INFINITY;
        if let Some(inverse) = &inverse {
            for _ in 0..3 {
                let gradient: Vec<f64> = free.iter().map(|i| point.gradient[*i]).collect();
                decrement = inverse.quadratic_form(&gradient) / 2.0;
                if decrement <= 1e-16 {
                    break;
                }
                let step = inverse.multiply(&gradient);
                let mut at = point.at.clone();
                for (k, &i) in free.iter().enumerate() {
                    at[i] = (at[i] - step[k]).clamp(self.settings.lower, self.settings.upper);
                }
                let Some(next) = self.evaluate(at) else { break };
                let next_gradient: Vec<f64> = free.iter().map(|i| next.gradient[*i]).collect();
                if next.value > point.value + 2.0 * noise(point.value)
                    || inverse.quadratic_form(&next_gradient) / 2.0 >= decrement
                {
                    break;
                }
                point = next;
            }
        }
        let settled = decrement <= 1e-6 * point.value.abs().max(1.0);
        let identified = inverse
            .as_ref()
            .is_some_and(|c| c.diagonal().iter().all(|v| v.sqrt() <= self.settings.widest_standard_error));
        let status = if at_edge {
            Status::Boundary
        } else if identified && settled {
            Status::Converged
        } else {
            Status::Flat
        };
        let covariance = if status == Status::Converged { inverse } else { None };
        Minimum {
            parameters: point.at,
            value: point.value,
            gradient: point.gradient,
            status,
            covariance,
            evaluations: 0,
        }
    }
}

/// The BFGS update of an inverse Hessian, skipped when the curvature along the step is not positive.
fn update_inverse(inverse: &mut Matrix, from: &Point, to: &Point, pinned: &[bool]) {
    let n = from.at.len();
    let step: Vec<f64> = (0..n).map(|i| to.at[i] - from.at[i]).collect();
    let change: Vec<f64> = (0..n).map(|i| if pinned[i] { 0.0 } else { to.gradient[i] - from.gradient[i] }).collect();
    let curvature = dot(&step, &change);
    if curvature.is_nan() || curvature <= 1e-12 * (dot(&step, &step) * dot(&change, &change)).sqrt() {
        return;
    }
    let mapped = inverse.multiply(&change);
    let factor = (1.0 + dot(&change, &mapped) / curvature) / curvature;
    for i in 0..n {
        for j in 0..n {
            let value = inverse.get(i, j) + factor * step[i] * step[j]
                - (mapped[i] * step[j] + step[i] * mapped[j]) / curvature;
            inverse.set(i, j, value);
        }
    }
}

fn part(matrix: &Matrix, keep: &[usize]) -> Matrix {
    let mut out = Matrix::zeros(keep.len());
    for (i, &row) in keep.iter().enumerate() {
        for (j, &column) in keep.iter().enumerate() {
            out.set(i, j, matrix.get(row, column));
        }
    }
    out
}

fn negated(gradient: &[f64], pinned: &[bool]) -> Vec<f64> {
    gradient.iter().zip(pinned).map(|(g, p)| if *p { 0.0 } else { -g }).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rosenbrock(x: &[f64], gradient: &mut [f64]) -> f64 {
        let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
        gradient[0] = -2.0 * a - 400.0 * x[0] * b;
        gradient[1] = 200.0 * b;
        a * a + 100.0 * b * b
    }

    #[test]
    fn finds_the_bottom_of_a_curved_valley() {
        let found = minimise(rosenbrock, &[vec![-1.2, 1.0]], &Settings::default()).unwrap();
        assert_eq!(found.status, Status::Converged);
        assert!(found.parameters.iter().all(|x| (x - 1.0).abs() < 1e-8), "{found:?}");
        assert!(found.evaluations < 150, "{}", found.evaluations);
        let covariance = found.covariance.unwrap();
        // The Hessian at (1, 1) is [[802, -400], [-400, 200]]; its inverse is [[.5, 1], [1, 2.005]].
        assert!((covariance.get(0, 0) - 0.5).abs() < 1e-5 && (covariance.get(1, 1) - 2.005).abs() < 1e-5);
    }

    #[test]
    fn the_result_does_not_depend_on_the_scale_of_parameters() {
        let scaled = |x: &[f64], gradient: &mut [f64]| {
            let value = rosenbrock(&[x[0] * 10.0, x[1] * 0.01], gradient);
            gradient[0] *= 10.0;
            gradient[1] *= 0.01;
            value
        };
        let settings =
            Settings { lower: -1e6, upper: 1e6, max_step: 1e3, widest_standard_error: 1e6, ..Settings::default() };
        let found = minimise(scaled, &[vec![-0.12, 100.0]], &settings).unwrap();
        assert_eq!(found.status, Status::Converged);
        assert!((found.parameters[0] - 0.1).abs() < 1e-7 && (found.parameters[1] - 100.0).abs() < 1e-4);
    }

    #[test]
    fn a_parameter_that_runs_away_is_a_boundary() {
        let f = |x: &[f64], gradient: &mut [f64]| {
            gradient[0] = -(-x[0]).exp();
            gradient[1] = 2.0 * (x[1] - 3.0);
            (-x[0]).exp() + (x[1] - 3.0).powi(2)
        };
        let found = minimise(f, &[vec![0.0, 0.0]], &Settings::default()).unwrap();
        assert_eq!(found.status, Status::Boundary);
        assert_eq!(found.covariance, None);
        assert!((found.parameters[1] - 3.0).abs() < 1e-6);
    }

    #[test]
    fn a_flat_direction_is_told() {
        let f = |x: &[f64], gradient: &mut [f64]| {
            let d = x[0] + x[1] - 1.0;
            gradient.fill(2.0 * d);
            d * d
        };
        let found = minimise(f, &[vec![0.0, 0.0]], &Settings::default()).unwrap();
        assert_eq!(found.status, Status::Flat);
        assert!(found.value < 1e-12);
        let constant = |_: &[f64], gradient: &mut [f64]| {
            gradient.fill(0.0);
            4.0
        };
        assert_eq!(minimise(constant, &[vec![0.5]], &Settings::default()).unwrap().status, Status::Flat);
    }

    #[test]
    fn values_that_are_not_finite_are_steps_too_long() {
        let f = |x: &[f64], gradient: &mut [f64]| {
            gradient[0] = 1.0 - 1.0 / x[0];
            x[0] - x[0].ln()
        };
        let found = minimise(f, &[vec![-3.0], vec![0.01]], &Settings::default()).unwrap();
        assert_eq!(found.status, Status::Converged);
        assert!((found.parameters[0] - 1.0).abs() < 1e-8);
        assert_eq!(minimise(f, &[vec![-3.0]], &Settings::default()), Err(NoFiniteStart));
        assert_eq!(minimise(f, &[], &Settings::default()), Err(NoFiniteStart));
    }

    #[test]
    fn the_lower_of_two_minima_wins_when_every_start_is_tried() {
        let f = |x: &[f64], gradient: &mut [f64]| {
            gradient[0] = 4.0 * x[0] * (x[0] * x[0] - 1.0) + 0.1;
            (x[0] * x[0] - 1.0).powi(2) + 0.1 * x[0]
        };
        let settings = Settings { every_start: true, ..Settings::default() };
        let found = minimise(f, &[vec![1.2], vec![-1.2]], &settings).unwrap();
        assert!(found.parameters[0] < 0.0);
    }
}
