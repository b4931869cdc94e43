//! A small seeded random number generator, so that a demo shop is the same on every machine and in every version.
//!
//! Library generators may change their streams between releases; the demo's checksum must not.

/// xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), seeded by SplitMix64.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// A generator whose whole stream follows from `seed`.
    pub fn from_seed(seed: u64) -> Random {
        let mut counter = seed;
        let state = [(); 4].map(|()| {
            counter = counter.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = counter;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        });
        Random { state }
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let mut next = [a, b, c ^ a, d ^ b];
        next[1] ^= next[2];
        next[0] ^= next[3];
        next[2] ^= b << 17;
        next[3] = next[3].rotate_left(45);
        self.state = next;
        result
    }

    /// Uniform in the open interval (0, 1).
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Uniform in `0..count`; `count` must be positive.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count - 1)
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -self.unit().ln()
    }

    /// Standard normal (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Gamma with the given shape and scale 1 (Marsaglia and Tsang, "A simple method for generating gamma variables",
    /// 2000; shapes below 1 by the power of a uniform).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.unit().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta with parameters `a` and `b`.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        x / (x + self.gamma(b))
    }

    /// Poisson; meant for small means (Knuth's product of uniforms).
    pub fn poisson(&mut self, mean: f64) -> usize {
        let floor = (-mean).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > floor {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// An index drawn in proportion to non-negative weights.
    pub fn pick(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut rest = self.unit() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (index, weight) in weights.enumerate() {
            if weight > 0.0 {
                last = index;
            }
            rest -= weight;
            if rest < 0.0 {
                break;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_follows_from_the_seed() {
        let stream = |seed| {
            let mut random = Random::from_seed(seed);
            (0..5).map(|_| random.bits()).collect::<Vec<_>>()
        };
        assert_eq!(stream(7), stream(7));
        assert_ne!(stream(7), stream(8));
    }

    #[test]
    fn distributions_have_their_means() {
        let mut random = Random::from_seed(1);
        let n = 40_000;
        let mut mean =
            |draw: &mut dyn FnMut(&mut Random) -> f64| (0..n).map(|_| draw(&mut random)).sum::<f64>() / f64::from(n);
        assert!((mean(&mut Random::unit) - 0.5).abs() < 0.01);
        assert!((mean(&mut Random::exponential) - 1.0).abs() < 0.03);
        assert!(mean(&mut Random::normal).abs() < 0.03);
        assert!((mean(&mut |r| r.gamma(0.5)) - 0.5).abs() < 0.03);
        assert!((mean(&mut |r| r.gamma(3.0)) - 3.0).abs() < 0.05);
        assert!((mean(&mut |r| r.beta(1.0, 3.0)) - 0.25).abs() < 0.01);
        assert!((mean(&mut |r| r.poisson(1.5) as f64) - 1.5).abs() < 0.03);
        assert!((mean(&mut |r| r.pick([1.0, 0.0, 3.0].into_iter()) as f64) - 1.5).abs() < 0.03);
    }
}
