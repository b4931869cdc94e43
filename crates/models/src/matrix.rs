//! Small dense matrices: what the optimiser and the delta method need for a handful of parameters.

/// A square matrix of a few rows, stored row by row.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Matrix {
    size: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// A `size` x `size` matrix of zeros.
    pub fn zeros(size: usize) -> Self {
        Self { size, values: vec![0.0; size * size] }
    }

    /// The `size` x `size` identity.
    pub fn identity(size: usize) -> Self {
        let mut matrix = Self::zeros(size);
        for i in 0..size {
            matrix.set(i, i, 1.0);
        }
        matrix
    }

    /// Number of rows (and of columns).
    pub fn size(&self) -> usize {
        self.size
    }

    /// The element in `row`, `column`.
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.size + column]
    }

    /// Sets the element in `row`, `column`.
    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        self.values[row * self.size + column] = value;
    }

    /// Matrix times vector.
    pub fn multiply(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.size).map(|i| (0..self.size).map(|j| self.get(i, j) * vector[j]).sum()).collect()
    }

    /// The quadratic form v' A v.
    pub fn quadratic_form(&self, vector: &[f64]) -> f64 {
        let row = |i: usize| -> f64 { vector.iter().enumerate().map(|(j, v)| self.get(i, j) * v).sum() };
        vector.iter().enumerate().map(|(i, v)| row(i) * v).sum()
    }

    /// D A D for the diagonal matrix D = diag(`scale`): the delta method for parameters that are transformed one by one.
    #[must_use]
    pub fn scaled(&self, scale: &[f64]) -> Self {
        let mut out = self.clone();
        for i in 0..self.size {
            for j in 0..self.size {
                out.set(i, j, self.get(i, j) * scale[i] * scale[j]);
            }
        }
        out
    }

    /// The diagonal.
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.size).map(|i| self.get(i, i)).collect()
    }

    /// Lower Cholesky factor, or `None` when the matrix is not positive definite in floating point (after scaling to a
    /// unit diagonal, a pivot below 1e-10 counts as zero).
    pub fn cholesky(&self) -> Option<Self> {
        let n = self.size;
        let mut scale = vec![0.0; n];
        for (i, s) in scale.iter_mut().enumerate() {
            let d = self.get(i, i);
            if d.is_nan() || d <= 0.0 || d.is_infinite() {
                return None;
            }
            *s = d.sqrt();
        }
        let mut lower = Self::zeros(n);
        for i in 0..n {
            for j in 0..=i {
                let mut sum = self.get(i, j) / (scale[i] * scale[j]);
                for k in 0..j {
                    sum -= lower.get(i, k) * lower.get(j, k);
                }
                if i == j {
                    if sum.is_nan() || sum <= 1e-10 {
                        return None;
                    }
                    lower.set(i, i, sum.sqrt());
                } else {
                    lower.set(i, j, sum / lower.get(j, j));
                }
            }
        }
        for (i, s) in scale.iter().enumerate() {
            for j in 0..=i {
                lower.set(i, j, lower.get(i, j) * s);
            }
        }
        Some(lower)
    }

    /// Inverse of a positive definite matrix; `None` when it is not positive definite.
    pub fn inverse_positive_definite(&self) -> Option<Self> {
        let n = self.size;
        let lower = self.cholesky()?;
        let mut inverse = Self::zeros(n);
        for column in 0..n {
            let mut x = vec![0.0; n];
            for i in 0..n {
                let mut sum = if i == column { 1.0 } else { 0.0 };
                for (k, value) in x.iter().enumerate().take(i) {
                    sum -= lower.get(i, k) * value;
                }
                x[i] = sum / lower.get(i, i);
            }
            for i in (0..n).rev() {
                let mut sum = x[i];
                for (k, value) in x.iter().enumerate().skip(i + 1) {
                    sum -= lower.get(k, i) * value;
                }
                x[i] = sum / lower.get(i, i);
            }
            for (i, value) in x.iter().enumerate() {
                inverse.set(i, column, *value);
            }
        }
        inverse.values.iter().all(|v| v.is_finite()).then_some(inverse)
    }

    /// Eigenvalues and eigenvectors (columns) of a symmetric matrix, by cyclic Jacobi rotations.
    pub fn symmetric_eigen(&self) -> (Vec<f64>, Self) {
        let n = self.size;
        let mut a = self.clone();
        let mut vectors = Self::identity(n);
        for _ in 0..60 {
            let mut off = 0.0;
            let mut on = 0.0;
            for i in 0..n {
                on += a.get(i, i) * a.get(i, i);
                for j in 0..i {
                    off += a.get(i, j) * a.get(i, j);
                }
            }
            if off.is_nan() || off <= 1e-28 * on {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    a.rotate(&mut vectors, p, q);
                }
            }
        }
        (a.diagonal(), vectors)
    }

    fn rotate(&mut self, vectors: &mut Self, p: usize, q: usize) {
        let apq = self.get(p, q);
        if apq == 0.0 {
            return;
        }
        let theta = (self.get(q, q) - self.get(p, p)) / (2.0 * apq);
        let t = if theta.is_finite() { theta.signum() / (theta.abs() + theta.hypot(1.0)) } else { 0.0 };
        let c = 1.0 / t.hypot(1.0);
        let s = t * c;
        for k in 0..self.size {
            let (kp, kq) = (self.get(k, p), self.get(k, q));
            self.set(k, p, c * kp - s * kq);
            self.set(k, q, s * kp + c * kq);
        }
        for k in 0..self.size {
            let (pk, qk) = (self.get(p, k), self.get(q, k));
            self.set(p, k, c * pk - s * qk);
            self.set(q, k, s * pk + c * qk);
        }
        for k in 0..self.size {
            let (kp, kq) = (vectors.get(k, p), vectors.get(k, q));
            vectors.set(k, p, c * kp - s * kq);
            vectors.set(k, q, s * kp + c * kq);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Matrix {
        let mut m = Matrix::zeros(3);
        for (i, row) in [[4.0, 1.0, -0.5], [1.0, 3.0, 0.25], [-0.5, 0.25, 2.0]].iter().enumerate() {
            for (j, v) in row.iter().enumerate() {
                m.set(i, j, *v);
            }
        }
        m
    }

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity() {
        let m = example();
        let inverse = m.inverse_positive_definite().unwrap();
        for i in 0..3 {
            let column: Vec<f64> = (0..3).map(|j| inverse.get(j, i)).collect();
            for (j, v) in m.multiply(&column).iter().enumerate() {
                assert!((v - f64::from(u8::from(i == j))).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn eigenvectors_rebuild_the_matrix() {
        let m = example();
        let (values, vectors) = m.symmetric_eigen();
        for i in 0..3 {
            for j in 0..3 {
                let rebuilt: f64 = (0..3).map(|k| values[k] * vectors.get(i, k) * vectors.get(j, k)).sum();
                assert!((rebuilt - m.get(i, j)).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn an_indefinite_or_singular_matrix_has_no_inverse() {
        let mut m = Matrix::identity(2);
        m.set(0, 1, 2.0);
        m.set(1, 0, 2.0);
        assert_eq!(m.inverse_positive_definite(), None);
        m.set(0, 1, 1.0);
        m.set(1, 0, 1.0);
        assert_eq!(m.inverse_positive_definite(), None);
        m.set(0, 0, f64::NAN);
        assert_eq!(m.inverse_positive_definite(), None);
    }
}
